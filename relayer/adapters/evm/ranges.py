"""How many blocks an endpoint is asked for at once, learnt from what it refuses."""

from __future__ import annotations

from light_clients.types import Height

WIDEST = 10_000
GROWTH = 2


class LogRanges:
    """Halves the span when a query fails, and doubles it again while queries succeed."""

    def __init__(self, widest: int = WIDEST) -> None:
        self._widest = widest
        self._span = widest

    def end(self, first: Height, last: Height) -> Height:
        return Height(min(last, first + self._span - 1))

    def narrowed(self, first: Height, end: Height) -> bool:
        """After a failure: ask for less. False when one block was too much already."""
        asked = end - first + 1
        if asked == 1:
            return False
        self._span = asked // 2
        return True

    def served(self, first: Height, end: Height) -> None:
        if end - first + 1 == self._span:
            self._span = min(self._widest, self._span * GROWTH)
