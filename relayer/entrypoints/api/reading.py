"""The relayer's database, opened when somebody first asks: the API may be up before the relayer has ever run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from light_clients.types import ChainId
from relayer.ports import Views

OpenViews = Callable[[], AbstractAsyncContextManager[Views]]


class Reading:
    """Views of the store, and what the configuration calls its chains."""

    def __init__(self, open_views: OpenViews, names: Mapping[ChainId, str], stack: AsyncExitStack) -> None:
        self.names = names
        self._open_views = open_views
        self._stack = stack
        self._views: Views | None = None
        self._opening = asyncio.Lock()

    async def views(self) -> Views:
        """Raises `Misconfigured` while there is no database."""
        async with self._opening:
            if self._views is None:
                self._views = await self._stack.enter_async_context(self._open_views())
            return self._views


@asynccontextmanager
async def reading(open_views: OpenViews, names: Mapping[ChainId, str]) -> AsyncIterator[Reading]:
    async with AsyncExitStack() as stack:
        yield Reading(open_views, names, stack)
