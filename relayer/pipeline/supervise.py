"""What happens to a worker that meets trouble: it is run again later, it stops, or the process does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Never, Protocol

from relayer.domain.backoff import BUSY, REFUSED
from relayer.domain.errors import Misbehaviour, Rejected, RelayerError, Transient
from relayer.domain.facts import LaneContradicted
from relayer.domain.ids import Lane, Seconds
from relayer.pipeline.engine import Engine
from relayer.ports import Clock, Listener

CALM = Seconds(30.0)
"""A worker that has run this long without trouble starts counting afresh."""


class Worker(Protocol):
    """Runs for ever, and can be run again after it has failed."""

    async def run(self) -> Never: ...


class Supervisor:
    """Errors of the four kinds are met here; anything else is a bug and ends the process."""

    def __init__(self, engine: Engine, clock: Clock, listeners: Iterable[Listener]) -> None:
        self._engine = engine
        self._clock = clock
        self._listeners = tuple(listeners)

    async def supervise(self, name: str, worker: Worker, lanes: Iterable[Lane]) -> None:
        """Run the worker again after each trouble; on `Misbehaviour` stop it, and these lanes with it."""
        failures = 0
        while True:
            started = self._clock.monotonic()
            try:
                await worker.run()
            except (Transient, Rejected) as error:
                backoff = REFUSED if isinstance(error, Rejected) else BUSY
                failures = 1 if self._clock.monotonic() - started > CALM else failures + 1
                self._tell(name, error)
                await self._clock.sleep(backoff.delay(failures))
            except Misbehaviour as error:
                self._tell(name, error)
                await self._engine.post(*(LaneContradicted(lane, str(error)) for lane in lanes))
                return

    def _tell(self, name: str, error: RelayerError) -> None:
        for listener in self._listeners:
            listener.trouble(name, error)
