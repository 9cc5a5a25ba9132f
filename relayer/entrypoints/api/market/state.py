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


def market_of(request: Request) -> Market:
    found: Market = request.app.state.market
    return found


TheMarket: TypeAlias = Annotated[Market, Depends(market_of)]


class Paging:
    """Where a page begins, and how much is on it; seals the cursor of the next."""

    def __init__(
        self,
        request: Request,
        limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 20,
        cursor: Annotated[
            str | None, Query(max_length=1_024, description="What the page before gave; with the same filters.")
        ] = None,
    ) -> None:
        self._cursors = market_of(request).cursors
        asked = sorted(pair for pair in request.query_params.multi_items() if pair[0] not in ("limit", "cursor"))
        self._question = request.scope["path"] + repr(asked)
        self.limit = limit
        self.cursor = self._cursors.taken(self._question, cursor)

    def next(self, page: Page[Any]) -> str | None:
        return self._cursors.given(self._question, page.cursor)


ThePage: TypeAlias = Annotated[Paging, Depends()]
