"""One account nonce and every transaction that was signed for it."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import Address, Hash32, Height
from relayer.domain.delivery import Batch
from relayer.domain.ids import Lane
from relayer.domain.transactions import Price, Receipt, Transaction


@dataclass(frozen=True, slots=True)
class Attempt:
    """A signed transaction: kept before it leaves, so that a restart can send exactly it again."""

    hash: Hash32
    raw: bytes
    price: Price
    height: Height
    """The destination's height when it was signed."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What an account nonce was reserved for, and how far that has come."""

    account: Address
    transaction: Transaction
    """As first priced; the price of each attempt is its own."""
    attempts: tuple[Attempt, ...]
    """Oldest first, never empty."""
    lane: Lane | None
    """None with `batch`: an empty transaction that fills a gap."""
    batch: Batch | None
    receipt: Receipt | None = None
    """Where it was mined, as far as known."""

    @property
    def nonce(self) -> int:
        return self.transaction.nonce

    @property
    def newest(self) -> Attempt:
        return self.attempts[-1]
