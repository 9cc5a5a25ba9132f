"""How long to wait before the next try."""

from __future__ import annotations

from dataclasses import dataclass

from relayer.domain.ids import Seconds


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubles from `first` to `longest`."""

    first: Seconds
    longest: Seconds

    def delay(self, failures: int) -> Seconds:
        """The wait after the n-th failure in a row; the first failure is 1."""
        return Seconds(min(self.longest, self.first * 2 ** min(failures - 1, 30)))


BUSY = Backoff(Seconds(0.05), Seconds(5.0))
"""The world was busy."""
REFUSED = Backoff(Seconds(5.0), Seconds(60.0))
"""The lane cannot go on; perhaps somebody mends it."""
