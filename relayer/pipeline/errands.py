"""Calls that belong to no delivery: a header for a hub, a hand-over of a committee, evidence of misbehaviour."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from light_clients.types import Address
from relayer.domain.batching import with_headroom
from relayer.domain.ids import Gas
from relayer.domain.transactions import Call
from relayer.ports import Transactions


class Errands:
    """Those that wait for one account's submitter; the port `Errand` of one chain.

    They are kept in memory only. Whoever asks for one compares what is on chain with what should be there, and asks
    again after a restart.
    """

    def __init__(self, transactions: Transactions, sender: Address) -> None:
        self._transactions = transactions
        self._sender = sender
        self._calls: deque[Call] = deque()
        self._ring: Callable[[], None] = _nobody

    def attach(self, ring: Callable[[], None]) -> None:
        """Have the submitter woken by this whenever there is a call to take."""
        self._ring = ring

    async def send(self, to: Address, data: bytes) -> None:
        fees = await self._transactions.fees()
        estimate = await self._transactions.estimate(self._sender, Call(to, data, Gas(fees.block_gas // 2)))
        call = Call(to, data, with_headroom(estimate))
        if call not in self._calls:
            self._calls.append(call)
        self._ring()

    @property
    def waiting(self) -> int:
        """How many nobody has taken yet."""
        return len(self._calls)

    def take(self) -> Call | None:
        """The next call, which is then the taker's to see through."""
        return self._calls.popleft() if self._calls else None


def _nobody() -> None:
    """Before a submitter is there, nobody is to be woken: it looks when it starts."""
