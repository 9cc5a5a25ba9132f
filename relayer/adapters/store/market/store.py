"""The market's store: every port of its memory, over one database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

from light_clients.types import ChainId
from relayer.adapters.store.database import database_path, sole_owner, stamped, writing
from relayer.adapters.store.market.connections import Reader, Writer, reader, writer
from relayer.adapters.store.market.documents import SqlDocuments
from relayer.adapters.store.market.feed import Feed
from relayer.adapters.store.market.journal import SqlMarketJournal
from relayer.adapters.store.market.ledger import SqlLedger
from relayer.adapters.store.market.maintenance import SqlMaintenance
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
    maintenance: SqlMaintenance


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
        yield _store(stack.enter_context(writer(path)), stack.enter_context(reader(path)), contracts)


@contextmanager
def look_into(url: str, contracts: Mapping[ChainId, Contracts]) -> Iterator[MarketStore]:
    """Read beside the process that owns the database; whatever would write fails."""
    path = database_path(url, KEY)
    if not path.exists():
        raise Misconfigured(
            KEY, f"{path} does not exist", "start `lockkeeper api` first, or `lockkeeper index rebuild`"
        )
    with ExitStack() as stack:
        looking = stack.enter_context(reader(path))
        yield _store(stack.enter_context(writer(path, read_only=True)), looking, contracts)


def _store(writing_: Writer, looking: Reader, contracts: Mapping[ChainId, Contracts]) -> MarketStore:
    feed = Feed(looking)
    return MarketStore(
        SqlShelves(looking, dict(contracts)),
        SqlDocuments(looking),
        SqlLedger(looking, feed),
        SqlOrders(writing_, feed),
        SqlMarketJournal(writing_, looking, feed, contracts),
        SqlRegister(writing_, looking),
        SqlMaintenance(writing_, looking),
    )
