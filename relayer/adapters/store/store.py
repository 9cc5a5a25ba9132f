"""The store: every port that remembers, over one database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from relayer.adapters.store.database import bring_up_to_date, database_path, reading, sole_owner, writing
from relayer.adapters.store.history import SqlHistory
from relayer.adapters.store.journal import SqlJournal
from relayer.adapters.store.lanes import LaneKeys
from relayer.adapters.store.submissions import SqlSubmissions
from relayer.adapters.store.views import SqlViews
from relayer.adapters.store.vows import SqlVows
from relayer.domain.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Store:
    """What the daemon and its attester write, and read back."""

    journal: SqlJournal
    history: SqlHistory
    submissions: SqlSubmissions
    views: SqlViews
    vows: SqlVows


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[Store]:
    """Own the database until the context ends. Raises `Misconfigured` while another process does."""
    async with AsyncExitStack() as stack:
        stack.enter_context(sole_owner(url))
        writer = await stack.enter_async_context(writing(url))
        await bring_up_to_date(writer, url)
        reader = await stack.enter_async_context(reading(url, size=2))
        durable = await stack.enter_async_context(writing(url, synchronous="FULL"))
        keys = LaneKeys()
        yield Store(
            SqlJournal(writer, keys),
            SqlHistory(reader, keys),
            SqlSubmissions(writer, keys),
            SqlViews(reader),
            SqlVows(durable),
        )


@asynccontextmanager
async def open_views(url: str) -> AsyncIterator[SqlViews]:
    """Read beside the daemon that owns the database."""
    if not database_path(url).exists():
        raise Misconfigured("store.url", f"{database_path(url)} does not exist", "start `lockkeeper run` first")
    async with reading(url, size=4) as reader:
        yield SqlViews(reader)
