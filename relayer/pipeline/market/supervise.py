"""What happens to a follower that meets trouble: it is run again later, and nobody else notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Never, Protocol

from relayer.domain.backoff import BUSY, REFUSED
from relayer.domain.errors import Misbehaviour, Rejected, RelayerError, Transient
from relayer.pipeline.supervise import CALM
from relayer.ports import Clock


class Worker(Protocol):
    """Runs for ever, and can be run again after it has failed."""

    async def run(self) -> Never: ...


class Hearer(Protocol):
    """Hears of trouble."""

    def trouble(self, worker: str, error: RelayerError) -> None: ...


async def supervised(name: str, worker: Worker, clock: Clock, hearers: Sequence[Hearer]) -> Never:
    """As `Supervisor` does it, but nothing is stopped for good: an index that is behind harms nobody."""
    failures = 0
    while True:
        started = clock.monotonic()
        try:
            await worker.run()
        except (Transient, Rejected, Misbehaviour) as error:
            backoff = BUSY if isinstance(error, Transient) else REFUSED
            failures = 1 if clock.monotonic() - started > CALM else failures + 1
            for hearer in hearers:
                hearer.trouble(name, error)
            await clock.sleep(backoff.delay(failures))
