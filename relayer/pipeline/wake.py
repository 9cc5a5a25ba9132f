"""A bell between workers: whoever waits is woken, and one ring is kept for whoever comes late."""

from __future__ import annotations

import asyncio


class Wake:
    """Rings are not counted: a worker that wakes looks at what is true now."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self) -> None:
        await self._event.wait()
        self._event.clear()
