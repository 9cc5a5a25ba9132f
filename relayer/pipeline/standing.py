"""Tells what a lane still has to do, by what history holds: also what was seen before this process began."""

from __future__ import annotations

from typing import Never

from light_clients.types import Height
from relayer.domain.ids import Lane, Nonce
from relayer.domain.notices import LaneStands
from relayer.pipeline.engine import Engine
from relayer.ports import History

LOOK_AFTER = 4
"""Blocks of the destination between two looks."""
PAGE = 100
MOST = 1_000
"""Failures beyond which nobody needs to know how many there are."""


class LaneStanding:
    """Serves one lane."""

    def __init__(self, lane: Lane, engine: Engine, history: History) -> None:
        self._lane = lane
        self._engine = engine
        self._history = history

    async def run(self) -> Never:
        height, destination = Height(0), self._lane.destination
        while True:
            await self._engine.until_read(destination, height)
            await self._engine.post(await self._look())
            state = self._engine.chain(destination)
            height = Height((state.head.number if state else 0) + LOOK_AFTER)

    async def _look(self) -> LaneStands:
        first = Nonce(self._engine.lane(self._lane).included.nonce + 1)
        oldest = await self._history.messages(self._lane, first, 1)
        failures, after = 0, Nonce(0)
        while failures < MOST:
            page = await self._history.failed(self._lane, after, PAGE)
            failures += len(page)
            if len(page) < PAGE:
                break
            after = page[-1].sent.nonce
        return LaneStands(self._lane, oldest[0] if oldest else None, failures)
