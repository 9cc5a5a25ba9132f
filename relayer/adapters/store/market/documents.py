"""Listings as they are shown: the JSON stands in their rows, and only what changes with time is added."""

from __future__ import annotations

from typing import Any

from relayer.adapters.store.market.connections import Reader
from relayer.adapters.store.market.keys import listing_key, number, token_key
from relayer.adapters.store.market.listings import home_of
from relayer.adapters.store.market.pages import cursor_of, page
from relayer.adapters.store.market.search import searching
from relayer.domain.market.documents import completed
from relayer.domain.market.standing import Standing, state_at
from relayer.domain.market.views import ListingId, ListingOrder, ListingQuery, Page

COLUMNS = "number, listed_at, start_time, end_time, price, status, filled, document"
_BY_KEY = f"SELECT {COLUMNS} FROM listings WHERE key = ?"  # noqa: S608 our words
_SORTED_BY: dict[ListingOrder, int] = {
    ListingOrder.NEWEST: 1,
    ListingOrder.ENDING: 3,
    ListingOrder.CHEAPEST: 4,
    ListingOrder.DEAREST: 4,
}
"""Where in a row the order's column stands."""
_STANDINGS = tuple(Standing)
MOST_STEPS = 10_000_000
"""Of SQLite, for one search: some 100 ms. What an index leads to takes a few thousand."""


class SqlDocuments:
    """The `Documents` port."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def listings(self, query: ListingQuery, now: int, limit: int, cursor: str | None) -> Page[bytes]:
        home = None
        if query.collection is not None:
            key = token_key(query.collection.chain, query.collection.address)
            home = home_of(self._reader.connection, key)
        search = searching(query, home, now, limit, cursor)
        with self._reader.bounded(MOST_STEPS):
            rows = self._reader.all(search.statement(query.order, COLUMNS), *search.values)
        at = _SORTED_BY[query.order]
        return page(rows, limit, lambda row: _completed(row, now), lambda row: cursor_of(row[at], row[0]))

    async def listing(self, id: ListingId, now: int) -> bytes | None:  # noqa: A002 the word is the domain's
        row = self._reader.one(_BY_KEY, listing_key(id))
        return None if row is None else _completed(row, now)


def _completed(row: Any, now: int) -> bytes:
    _, _, start, end, _, status, filled, document = row
    return completed(document, state_at(_STANDINGS[status], start, end, now), number(filled))
