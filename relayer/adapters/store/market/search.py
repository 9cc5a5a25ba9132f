"""Searching listings: one statement a query, made of a few fixed words, each way to sort behind an index of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from relayer.adapters.store.market.keys import column, half, token_key, word
from relayer.adapters.store.market.pages import read_cursor
from relayer.domain.market.standing import Standing
from relayer.domain.market.views import ListingOrder, ListingQuery, ListingState

COLUMNS = "number, key, home, status, filled, listed_at, start_time, end_time, price, body, signature"
_ORDERS = {
    ListingOrder.NEWEST: ("listed_at", "DESC", "<", int),
    ListingOrder.CHEAPEST: ("price", "ASC", ">", bytes),
    ListingOrder.DEAREST: ("price", "DESC", "<", bytes),
    ListingOrder.ENDING: ("end_time", "ASC", ">", int),
}
_PRICED = (ListingOrder.CHEAPEST, ListingOrder.DEAREST)
_LARGEST_PRICE = (1 << 128) - 1


@dataclass(slots=True)
class Search:
    """A statement and its values."""

    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def where(self, condition: str, *values: object) -> None:
        self.conditions.append(condition)
        self.values += values

    def statement(self, order: ListingOrder, columns: str = COLUMNS) -> str:
        by, way, _, _ = _ORDERS[order]
        where = " WHERE " + " AND ".join(self.conditions) if self.conditions else ""
        return f"SELECT {columns} FROM listings{where} ORDER BY {by} {way}, number {way} LIMIT ?"  # noqa: S608 our words


def searching(query: ListingQuery, home: bytes | None, now: int, limit: int, cursor: str | None) -> Search:
    """The search for a query whose collection has this home."""
    if query.order in _PRICED and (query.payment_chain is None or query.payment_token is None):
        raise ValueError("prices compare only among those of one payment chain and token")
    if query.token is not None and query.chain is None:
        raise ValueError("a token is looked for on a chain")
    search = Search()
    _state(search, query.state, column(now))
    _item(search, query, home)
    _payment(search, query)
    if query.offerer is not None:
        search.where("offerer = ?", query.offerer)
    if cursor is not None:
        by, _, beyond, kind = _ORDERS[query.order]
        search.where(f"({by}, number) {beyond} (?, ?)", *read_cursor(cursor, kind, int))
    search.values.append(limit + 1)
    return search


def _state(search: Search, state: ListingState | None, now: int) -> None:
    match state:
        case ListingState.ACTIVE:
            search.where("status = ? AND start_time <= ? AND end_time > ?", int(Standing.OPEN), now, now)
        case ListingState.UNAVAILABLE:
            search.where("status = ? AND start_time <= ? AND end_time > ?", int(Standing.UNAVAILABLE), now, now)
        case ListingState.UPCOMING:
            search.where("status <= ? AND start_time > ? AND end_time > ?", int(Standing.UNAVAILABLE), now, now)
        case ListingState.EXPIRED:
            search.where("status <= ? AND end_time <= ?", int(Standing.UNAVAILABLE), now)
        case ListingState.FILLED:
            search.where("status = ?", int(Standing.FILLED))
        case ListingState.CANCELLED:
            search.where("status = ?", int(Standing.CANCELLED))
        case None:
            pass


def _item(search: Search, query: ListingQuery, home: bytes | None) -> None:
    if home is not None:
        search.where("home = ?", home)
    if query.chain is not None and query.token is not None:
        search.where("token = ?", token_key(query.chain, query.token))
    elif query.chain is not None:
        search.where("token BETWEEN ? AND ?", *_of_chain(query.chain))
    if query.identifier is not None:
        search.where("identifier = ?", word(query.identifier))


def _payment(search: Search, query: ListingQuery) -> None:
    if query.payment_chain is not None and query.payment_token is not None:
        search.where("payment = ?", token_key(query.payment_chain, query.payment_token))
    elif query.payment_chain is not None:
        search.where("payment BETWEEN ? AND ?", *_of_chain(query.payment_chain))
    elif query.payment_token is not None:
        search.where("substr(payment, 9) = ?", bytes(query.payment_token))
    if query.lowest is not None:
        search.where("price >= ?", half(min(query.lowest, _LARGEST_PRICE)))
    if query.highest is not None:
        search.where("price <= ?", half(min(query.highest, _LARGEST_PRICE)))


def _of_chain(chain: int) -> tuple[bytes, bytes]:
    return token_key(chain, bytes(20)), token_key(chain, b"\xff" * 20)
