"""Which account nonce a new transaction takes, and which ones were left empty."""

from __future__ import annotations

from collections.abc import Iterable


def next_nonce(mined: int, live: Iterable[int]) -> int:
    """The lowest nonce that is neither mined nor reserved: gaps are filled first."""
    reserved = set(live)
    nonce = mined
    while nonce in reserved:
        nonce += 1
    return nonce


def gaps(mined: int, live: Iterable[int]) -> tuple[int, ...]:
    """Nonces that nobody uses and that later transactions wait for."""
    reserved = set(live)
    return tuple(nonce for nonce in range(mined, max(reserved, default=mined)) if nonce not in reserved)
