"""The market's store: every port of its memory, over one database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from light_clients.types import ChainId
from relayer.adapters.store.database import database_path, sole_owner, stamped, writing
from relayer.adapters.store.market.connections import reader, writer
from relayer.adapters.store.market.documents import SqlDocuments
from relayer.adapters.store.market.feed import Feed
from relayer.adapters.store.market.journal import SqlMarketJournal
from relayer.adapters.store.market.ledger import SqlLedger
from relayer.adapters.store.market.orders import SqlOrders
from relayer.adapters.store.market.register import SqlRegister
from relayer.adapters.store.market.schema import REVISION, metadata
from relayer.adapters.store.market.shelves import SqlShelves
from relayer.domain.errors import Misconfigured
from relayer.domain.market.events import Contracts

KEY = "market.store"


@dataclass(frozen=True, slots=True)
class MarketStore:
    """What the marketplace remembers."""

    shelves: SqlShelves
    documents: SqlDocuments
    ledger: SqlLedger
    orders: SqlOrders
    journal: SqlMarketJournal
    register: SqlRegister


@asynccontextmanager
async def open_market(url: str, contracts: Mapping[ChainId, Contracts]) -> AsyncIterator[MarketStore]:
    """Own the database until the context ends. Raises `Misconfigured` while another process does."""
    path = database_path(url, KEY)
    async with AsyncExitStack() as stack:
        stack.enter_context(sole_owner(url, KEY))
        async with writing(url) as engine:
            found = await stamped(engine, metadata, REVISION, KEY)
        if found != REVISION:
            mend = "move the file away; what chains tell is read again, and submitted listings can be submitted again"
            raise Misconfigured(KEY, f"{path} was written by another version ({found})", mend)
        writing_ = stack.enter_context(writer(path))
        reading = stack.enter_context(reader(path))
        feed = Feed(reading)
        yield MarketStore(
            SqlShelves(reading, dict(contracts)),
            SqlDocuments(reading),
            SqlLedger(reading, feed),
            SqlOrders(writing_, feed),
            SqlMarketJournal(writing_, reading, feed, contracts),
            SqlRegister(writing_, reading),
        )
