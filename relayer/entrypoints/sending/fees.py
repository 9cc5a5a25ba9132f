"""What sending costs: quoted with room to spare, because a gateway returns what is too much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from light_clients.types import ChainId
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending.travel import Place

MOST_GAS = 10_000_000
"""The greatest gas limit that a gateway takes."""
MOST_BYTES = 32_768


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is going to be sent, at its greatest."""

    gas_limit: int
    payload_length: int
    bounce: bool


DESCRIPTION = Letter(gas_limit=350_000, payload_length=2_048, bounce=False)
"""What tells the other chain of a token, with the first transfer."""


def transfer(items: int) -> Letter:
    """An asset message with so many items, at their home and beyond, each with a long URI."""
    gas, length = 600_000 + items * 600_000, 256 + items * 1_200
    return Letter(min(gas, MOST_GAS), min(length, MOST_BYTES), bounce=True)


async def price(letters: Iterable[Letter], place: Place, destinations: Sequence[ChainId]) -> int:
    """What these cost together, to the dearest of the chains that they may go to first."""
    asked = [(letter.gas_limit, letter.payload_length, letter.bounce) for letter in letters]
    gateway = artifact("Gateway")
    totals = []
    for destination in destinations:
        total = 0
        for each in asked:
            answer = await place.node.view(place.addresses.gateway, gateway.call("quote", destination, *each))
            total += int.from_bytes(answer, "big")
        totals.append(total)
    return max(totals, default=0)
