"""Keys, news, time, and whoever listens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from light_clients.types import Address, Hash32
from relayer.domain.errors import RelayerError
from relayer.domain.facts import Fact
from relayer.domain.ids import Seconds
from relayer.domain.lane import LaneState


@dataclass(frozen=True, slots=True)
class Signature:
    """A recoverable secp256k1 signature with low s."""

    r: int
    s: int
    y_parity: int


class Signer(Protocol):
    """Holds one secp256k1 key and never shows it."""

    @property
    def address(self) -> Address: ...

    async def sign(self, digest: Hash32) -> Signature: ...


class Bus(Protocol):
    """A notification path: at least once, no history, publishers untrusted. Losing it never stops relaying."""

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Queue for sending; never blocks and never raises while the broker is away (oldest are dropped)."""
        ...

    def subscribe(self, pattern: str) -> AbstractAsyncContextManager[AsyncIterator[tuple[str, bytes]]]: ...


class Clock(Protocol):
    """Time, so that tests own it."""

    def now(self) -> Seconds:
        """Unix time."""
        ...

    def monotonic(self) -> Seconds: ...

    async def sleep(self, seconds: Seconds) -> None: ...


class Listener(Protocol):
    """Is told what has happened, after it was committed. Must neither block nor raise."""

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        """A fact, and the lane as it is now (None: a fact about a chain). Repeats are not told."""
        ...

    def trouble(self, worker: str, error: RelayerError) -> None:
        """A worker met trouble and will try again (`Transient`, `Rejected`), or has stopped (`Misbehaviour`)."""
        ...
