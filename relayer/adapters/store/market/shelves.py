"""Listings, collections and items, for who asks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from light_clients.types import Address, ChainId, Hash32
from relayer.adapters.store.market import codec
from relayer.adapters.store.market.connections import Reader
from relayer.adapters.store.market.keys import listing_key, listing_of, number, token_key, token_of, word
from relayer.adapters.store.market.listings import home_of
from relayer.adapters.store.market.lives import life_of
from relayer.adapters.store.market.pages import cursor_of, page, read_cursor
from relayer.adapters.store.market.search import COLUMNS, searching
from relayer.domain.market.events import Contracts
from relayer.domain.market.listing import ItemType, Listing
from relayer.domain.market.provenance import provenance
from relayer.domain.market.standing import Standing, state_at
from relayer.domain.market.views import (
    CollectionView,
    Holding,
    InFlight,
    ItemId,
    ItemView,
    ListingId,
    ListingOrder,
    ListingQuery,
    ListingView,
    Page,
    ProvenanceStep,
    TokenId,
)

REMEMBERED = 20_000
"""Listings that are kept decoded: what a listing says never changes."""

_BY_KEY = f"SELECT {COLUMNS} FROM listings WHERE key = ?"  # noqa: S608 our words
_COLLECTIONS = (
    "SELECT t.token, t.standard, t.name, t.symbol FROM tokens t LEFT JOIN wrapped w ON w.token = t.token"
    " WHERE w.token IS NULL AND t.standard > 1"
)
_SORTED_BY: dict[ListingOrder, int] = {
    ListingOrder.NEWEST: 5,
    ListingOrder.CHEAPEST: 8,
    ListingOrder.DEAREST: 8,
    ListingOrder.ENDING: 7,
}
"""Where in a row the order's column stands."""
_STANDINGS = tuple(Standing)


class SqlShelves:
    """The `Shelves` port. Its answers are made at once, on the event loop: they take microseconds."""

    def __init__(self, reader: Reader, contracts: dict[ChainId, Contracts]) -> None:
        self._reader = reader
        self._contracts = contracts
        self._decoded: OrderedDict[tuple[bytes, bytes], tuple[ListingId, Listing, ItemId]] = OrderedDict()

    async def listings(self, query: ListingQuery, now: int, limit: int, cursor: str | None) -> Page[ListingView]:
        home = None
        if query.collection is not None:
            key = token_key(query.collection.chain, query.collection.address)
            home = home_of(self._reader.connection, key)
        search = searching(query, home, now, limit, cursor)
        rows = self._reader.all(search.statement(query.order), *search.values)
        at = _SORTED_BY[query.order]
        return page(rows, limit, lambda row: self._view(row, now), lambda row: cursor_of(row[at], row[0]))

    async def listing(self, id: ListingId, now: int) -> ListingView | None:  # noqa: A002 the word is the domain's
        row = self._reader.one(_BY_KEY, listing_key(id))
        return None if row is None else self._view(row, now)

    async def collections(self, limit: int, cursor: str | None) -> Page[CollectionView]:
        behind = b"" if cursor is None else read_cursor(cursor, bytes)[0]
        with self._reader.moment():
            rows = self._reader.all(f"{_COLLECTIONS} AND t.token > ? ORDER BY t.token LIMIT ?", behind, limit + 1)
            return page(rows, limit, self._collection, lambda row: cursor_of(row[0]))

    async def collection(self, id: TokenId) -> CollectionView | None:  # noqa: A002
        with self._reader.moment():
            home = home_of(self._reader.connection, token_key(id.chain, id.address))
            row = self._reader.one(f"{_COLLECTIONS} AND t.token = ?", home)
            return None if row is None else self._collection(row)

    async def items(self, collection: TokenId, limit: int, cursor: str | None) -> Page[ItemView]:
        behind = b"" if cursor is None else read_cursor(cursor, bytes)[0]
        with self._reader.moment():
            home = home_of(self._reader.connection, token_key(collection.chain, collection.address))
            places = _marks(places_of(self._reader, home))
            rows = self._reader.all(
                f"SELECT DISTINCT identifier FROM items WHERE token IN ({places[0]}) AND identifier > ?"  # noqa: S608
                " ORDER BY identifier LIMIT ?",
                *places[1],
                behind,
                limit + 1,
            )
            return page(rows, limit, lambda row: self._item(home, row[0]), lambda row: cursor_of(row[0]))

    async def item(self, token: TokenId, identifier: int) -> ItemView | None:
        with self._reader.moment():
            home = home_of(self._reader.connection, token_key(token.chain, token.address))
            view = self._item(home, word(identifier))
            known = view.holdings or view.in_flight or self._is_known(home, word(identifier))
        return view if known else None

    async def provenance(self, item: ItemId) -> Sequence[ProvenanceStep]:
        with self._reader.moment():
            home = home_of(self._reader.connection, token_key(item.collection.chain, item.collection.address))
            life = life_of(self._reader.connection, places_of(self._reader, home), word(item.identifier))
        return provenance(life, self._contracts)

    def _is_known(self, home: bytes, identifier: bytes) -> bool:
        marks, places = _marks(places_of(self._reader, home))
        found = self._reader.one(
            f"SELECT 1 FROM items WHERE identifier = ? AND token IN ({marks})"  # noqa: S608 question marks
            f" UNION SELECT 1 FROM listings WHERE identifier = ? AND token IN ({marks}) LIMIT 1",
            identifier,
            *places,
            identifier,
            *places,
        )
        return found is not None

    def _view(self, row: Any, now: int) -> ListingView:
        _, key, home, status, filled, listed_at, start, end, _, body, signature = row
        decoded = self._decoded.get((key, home))
        if decoded is None:
            listing = codec.decode(Listing, body)
            decoded = listing_of(key), listing, ItemId(token_of(home), listing.identifier)
            self._decoded[key, home] = decoded
            if len(self._decoded) > REMEMBERED:
                self._decoded.popitem(last=False)
        state = state_at(_STANDINGS[status], start, end, now)
        return ListingView(*decoded, signature, number(filled), state, listed_at)

    def _collection(self, row: Any) -> CollectionView:
        token, standard, name, symbol = row
        marks, places = _marks(places_of(self._reader, token))
        (items,) = self._reader.one(
            f"SELECT COUNT(DISTINCT identifier) FROM items WHERE token IN ({marks})",  # noqa: S608 question marks
            *places,
        )
        counting = "SELECT COUNT(*) FROM listings WHERE home = ? AND status = ?"
        (listings,) = self._reader.one(counting, token, int(Standing.OPEN))
        wrapped = tuple(token_of(place) for place in places[1:])
        return CollectionView(token_of(token), ItemType(standard), name, symbol, wrapped, items, listings)

    def _item(self, home: bytes, identifier: bytes) -> ItemView:
        item = ItemId(token_of(home), number(identifier))
        marks, places = _marks(places_of(self._reader, home))
        held = self._reader.all(
            "SELECT token, owner, amount FROM holdings WHERE identifier = ?"  # noqa: S608 question marks
            f" AND token IN ({marks}) ORDER BY token, owner",
            identifier,
            *places,
        )
        travelling = self._reader.all(
            "SELECT c.message, m.lane, c.recipient, c.amount FROM cargo c JOIN messages m ON m.id = c.message"
            " WHERE c.token = ? AND c.identifier = ? AND m.stage = 0 ORDER BY c.message",
            home,
            identifier,
        )
        standard, uri = self._described(home, places, identifier)
        return ItemView(
            item,
            ItemType(standard),
            uri,
            tuple(holding(item, *row) for row in held if not _is_custody(self._contracts, row) and int(row[2]) > 0),
            tuple(_in_flight(item, row) for row in travelling),
        )

    def _described(self, home: bytes, places: Sequence[bytes], identifier: bytes) -> tuple[int, str]:
        standard = self._reader.one("SELECT standard FROM tokens WHERE token = ?", home)
        for place in places:
            found = self._reader.one("SELECT uri FROM uris WHERE token = ? AND identifier = ?", place, identifier)
            if found is not None and found[0]:
                return (standard or (ItemType.ERC721,))[0], found[0]
        return (standard or (ItemType.ERC721,))[0], ""


def places_of(reader: Reader, home: bytes) -> list[bytes]:
    """The home first, and then where it is wrapped."""
    return [home, *(row[0] for row in reader.all("SELECT token FROM wrapped WHERE home = ? ORDER BY token", home))]


def holding(item: ItemId, token: bytes, owner: bytes, amount: str) -> Holding:
    return Holding(item, token_of(token), Address(owner), int(amount))


def _is_custody(contracts: dict[ChainId, Contracts], row: Any) -> bool:
    """What an asset gateway holds is somewhere else."""
    there = contracts.get(ChainId(number(row[0][:8])))
    return there is not None and row[1] == there.asset_gateway


def _in_flight(item: ItemId, row: Any) -> InFlight:
    message, lane, recipient, amount = row
    source, destination = ChainId(number(lane[:8])), ChainId(number(lane[8:]))
    return InFlight(item, Hash32(message), source, destination, Address(recipient), int(amount))


def _marks(values: Sequence[bytes]) -> tuple[str, Sequence[bytes]]:
    return ", ".join("?" * len(values)), values
