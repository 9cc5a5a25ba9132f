"""How many follow what happens, all of them and each client."""

from __future__ import annotations

from collections import Counter

from relayer.domain.market.form import Refused

MOST_STREAMS = 1_000


class Streams:
    """How many follow."""

    def __init__(self, each: int) -> None:
        self._each = each
        self._open: Counter[str] = Counter()

    def open(self, client: str) -> None:
        if self._open[client] >= self._each or self._open.total() >= MOST_STREAMS:
            raise Refused("streams-exhausted", "too many streams are open: close one")
        self._open[client] += 1

    def close(self, client: str) -> None:
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]
