"""What stood behind a header that was brought to a light client: so many signatures, of such a kind."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.bft.extra_data import Dialect
from light_clients.bft.wire import read_steps
from light_clients.clique.wire import decode_update
from light_clients.committee.wire import decode_update as decode_attestations
from light_clients.types import ChainId

DIALECTS = {"QbftLightClient": Dialect.QBFT, "Ibft2LightClient": Dialect.IBFT2}


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Who vouched for a header."""

    kind: str
    """`attestations`, `seals`, `confirmations`, or `proofs` for all that is derived."""
    count: int

    def __str__(self) -> str:
        return f"{self.count} {self.kind}"


def witnesses(contract: str, update: bytes, source: ChainId) -> Witnesses:
    """Those in an update of the light client that is this contract."""
    match contract:
        case "CommitteeLightClient":
            return Witnesses("attestations", len(decode_attestations(update, source)[1].signatures))
        case "QbftLightClient" | "Ibft2LightClient":
            last, _ = read_steps(update, DIALECTS[contract])[-1]
            return Witnesses("seals", last.signed)
        case "CliqueLightClient":
            return Witnesses("confirmations", len(decode_update(update)[1]) - 1)
        case _:
            return Witnesses("proofs", 1)
