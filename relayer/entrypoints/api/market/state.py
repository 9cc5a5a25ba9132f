"""What the marketplace's routes stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Query, Request

from light_clients.types import ChainId
from relayer.adapters.metadata import Metadata
from relayer.domain.market.form import Refused
from relayer.domain.market.views import Page
from relayer.entrypoints.api.market.cursors import Cursors
from relayer.entrypoints.api.market.doors import Doors
from relayer.entrypoints.api.market.streams import Streams
from relayer.entrypoints.market.contracts import MarketChain
from relayer.entrypoints.market.uris import Uris
from relayer.ports import Clock
from relayer.ports.market import Documents, Ledger, Orders, Shelves


@dataclass(frozen=True, slots=True)
class Market:
    """Memory, chains, and what was decided when the process started."""

    shelves: Shelves
    documents: Documents
    ledger: Ledger
    orders: Orders
    uris: Uris
    chains: Mapping[ChainId, MarketChain]
    clock: Clock
    cursors: Cursors
    doors: Doors
    metadata: Metadata
    streams: Streams

    def now(self) -> int:
        """Unix seconds."""
        return int(self.clock.now())

    def chain(self, id: ChainId) -> MarketChain:  # noqa: A002 the word of the domain
        """Raises `Refused` for a chain without a marketplace."""
        found = self.chains.get(id)
        if found is None:
            raise Refused("chain-unknown", f"there is no marketplace on chain {id} here")
        return found


async def market_of(request: Request) -> Market:
    found: Market = request.app.state.market
    return found


TheMarket: TypeAlias = Annotated[Market, Depends(market_of)]
LIMIT = "How many at most."
CURSOR = "What the page before gave; with the same filters."
LONGEST_CURSOR = 1_024


class Paging:
    """Where a page begins, and how much is on it; seals the cursor of the next."""

    def __init__(self, cursors: Cursors, request: Request, limit: int, cursor: str | None) -> None:
        asked = sorted(pair for pair in request.query_params.multi_items() if pair[0] not in ("limit", "cursor"))
        self._cursors = cursors
        self._question = f"{request.scope['path']}{asked}"
        self.limit = limit
        self.cursor = cursors.taken(self._question, cursor)

    def next(self, page: Page[Any]) -> str | None:
        return self._cursors.given(self._question, page.cursor)


async def paging(
    request: Request,
    market: TheMarket,
    limit: Annotated[int, Query(ge=1, le=100, description=LIMIT)] = 20,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR, description=CURSOR)] = None,
) -> Paging:
    return Paging(market.cursors, request, limit, cursor)


ThePage: TypeAlias = Annotated[Paging, Depends(paging)]
