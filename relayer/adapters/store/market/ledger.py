"""Purchases, holders and what happened, for who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.store.market.connections import Reader
from relayer.adapters.store.market.feed import Feed
from relayer.adapters.store.market.keys import credit_subject, listing_key, number, token_key, token_of, word
from relayer.adapters.store.market.listings import home_of
from relayer.adapters.store.market.lives import course_of
from relayer.adapters.store.market.pages import cursor_of, page, read_cursor
from relayer.adapters.store.market.rows import ACTIVITY, activity
from relayer.adapters.store.market.shelves import holding, places_of
from relayer.domain.market.purchase import purchase
from relayer.domain.market.purchases import Activity, PurchaseView
from relayer.domain.market.views import (
    Holding,
    IndexedChain,
    ItemId,
    ListingId,
    Page,
    TokenId,
    TokenView,
)

_TOKENS = (
    "SELECT t.token, t.name, t.symbol, t.decimals FROM tokens t LEFT JOIN wrapped w ON w.token = t.token"
    " WHERE w.token IS NULL AND t.standard = 1 AND t.described ORDER BY t.token"
)
_CHAINS = (
    "SELECT c.chain, c.block, b.timestamp FROM chains c JOIN blocks b ON b.chain = c.chain AND b.block = c.block"
    " ORDER BY c.chain"
)
_CREDITED = (
    "WITH RECURSIVE found(subject) AS ("
    "SELECT min(subject) FROM subjects WHERE subject BETWEEN :first AND :last UNION ALL"
    " SELECT (SELECT min(subject) FROM subjects WHERE subject > found.subject AND subject <= :last) FROM found"
    " WHERE found.subject IS NOT NULL"
    ") SELECT subject FROM found WHERE subject IS NOT NULL LIMIT :limit"
)
"""Each once, however often there was a credit."""
_ANY = "SELECT a.sequence FROM activity a WHERE a.sequence < ?"


class SqlLedger:
    """The `Ledger` port; answers at once, as `SqlShelves` does."""

    def __init__(self, reader: Reader, feed: Feed) -> None:
        self._reader = reader
        self._feed = feed

    async def purchase(self, id: Hash32) -> PurchaseView | None:  # noqa: A002 the word is the domain's
        with self._reader.moment():
            return purchase(course_of(self._reader.connection, id))

    async def purchases(
        self, *, buyer: Address | None, listing: ListingId | None, limit: int, cursor: str | None
    ) -> Page[PurchaseView]:
        conditions, values = ["1"], list[object]()
        if buyer is not None:
            conditions.append("buyer = ?")
            values.append(buyer)
        if listing is not None:
            conditions.append("listing = ?")
            values.append(listing_key(listing))
        if cursor is not None:
            conditions.append("(opened, id) < (?, ?)")
            values += read_cursor(cursor, int, bytes)
        where = " AND ".join(conditions)
        statement = f"SELECT opened, id FROM purchases WHERE {where} ORDER BY opened DESC, id DESC LIMIT ?"  # noqa: S608
        with self._reader.moment():
            rows = self._reader.all(statement, *values, limit + 1)
            return page(rows, limit, self._purchase, lambda row: cursor_of(row[0], row[1]))

    async def holdings(self, owner: Address, chain: ChainId | None, limit: int, cursor: str | None) -> Page[Holding]:
        token, identifier = (b"", b"") if cursor is None else read_cursor(cursor, bytes, bytes)
        first, last = (0, (1 << 64) - 1) if chain is None else (chain, chain)
        rows = self._reader.all(
            "SELECT h.token, h.identifier, h.amount, w.home FROM holdings h LEFT JOIN wrapped w ON w.token = h.token"
            " WHERE h.owner = ? AND (h.token, h.identifier) > (?, ?) AND h.token BETWEEN ? AND ?"
            " AND h.amount NOT LIKE '-%' ORDER BY h.token, h.identifier LIMIT ?",
            owner,
            token,
            identifier,
            token_key(first, bytes(20)),
            token_key(last, b"\xff" * 20),
            limit + 1,
        )
        return page(rows, limit, lambda row: _holding(owner, row), lambda row: cursor_of(row[0], row[1]))

    async def activity(
        self, *, item: ItemId | None, account: Address | None, limit: int, cursor: str | None
    ) -> Page[Activity]:
        before = (1 << 63) - 1 if cursor is None else read_cursor(cursor, int)[0]
        chosen: list[str] = []
        values: list[object] = []
        with self._reader.moment():
            if item is not None:
                statement, wanted = self._of_item(item, before)
                chosen.append(statement)
                values += wanted
            if account is not None:
                chosen.append(f"{_ANY} AND a.account = ? UNION {_ANY} AND a.other = ?")
                values += [before, account, before, account]
            among = "".join(f" AND a.sequence IN ({statement})" for statement in chosen)
            rows = self._reader.all(
                f"{ACTIVITY} WHERE a.sequence < ?{among} ORDER BY a.sequence DESC LIMIT ?", before, *values, limit + 1
            )
        return page(rows, limit, activity, lambda row: cursor_of(row[0]))

    async def tokens(self) -> Sequence[TokenView]:
        with self._reader.moment():
            return [
                TokenView(token_of(token), name, symbol, decimals, self._wrapped(token))
                for token, name, symbol, decimals in self._reader.all(_TOKENS)
            ]

    async def credited(self, account: Address, limit: int) -> Sequence[TokenId]:
        first, last = credit_subject(account, bytes(28)), credit_subject(account, b"\xff" * 28)
        rows = self._reader.connection.execute(_CREDITED, {"first": first, "last": last, "limit": limit})
        return [token_of(subject[-28:]) for (subject,) in rows]

    async def chains(self) -> Sequence[IndexedChain]:
        rows = self._reader.all(_CHAINS)
        return [IndexedChain(ChainId(chain), Height(block), timestamp) for chain, block, timestamp in rows]

    def activity_after(self, sequence: int) -> AsyncIterator[Activity]:
        return self._feed.after(sequence)

    def _purchase(self, row: Any) -> PurchaseView:
        found = purchase(course_of(self._reader.connection, row[1]))
        assert found is not None, "a purchase that is kept was opened"
        return found

    def _wrapped(self, home: bytes) -> tuple[Any, ...]:
        return tuple(token_of(place) for place in places_of(self._reader, home)[1:])

    def _of_item(self, item: ItemId, before: int) -> tuple[str, list[object]]:
        """What names the item, or one of its listings, or a purchase of these."""
        home = home_of(self._reader.connection, token_key(item.collection.chain, item.collection.address))
        places, identifier = places_of(self._reader, home), word(item.identifier)
        marks = ", ".join("?" * len(places))
        keys = f"SELECT l.key FROM listings l WHERE l.token IN ({marks}) AND l.identifier = ?"  # noqa: S608
        bought = f"SELECT p.id FROM purchases p WHERE p.listing IN ({keys})"  # noqa: S608
        statement = (
            f"{_ANY} AND a.token IN ({marks}) AND a.identifier = ?"
            f" UNION {_ANY} AND a.listing IN ({keys}) UNION {_ANY} AND a.purchase IN ({bought})"
        )
        return statement, [before, *places, identifier] * 3


def _holding(owner: Address, row: Any) -> Holding:
    token, identifier, amount, home = row
    return holding(ItemId(token_of(home or token), number(identifier)), token, owner, amount)
