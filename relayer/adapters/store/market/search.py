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
    sorted_late: bool = False
    """Find by what narrows, and sort then: few are found."""

    def where(self, condition: str, *values: object) -> None:
        self.conditions.append(condition)
        self.values += values

    def statement(self, order: ListingOrder, columns: str = COLUMNS) -> str:
        by, way, _, _ = _ORDERS[order]
        by = f"+{by}" if self.sorted_late else by
        where = " WHERE " + " AND ".join(self.conditions) if self.conditions else ""
        return f"SELECT {columns} FROM listings{where} ORDER BY {by} {way}, number {way} LIMIT ?"  # noqa: S608 our words


def searching(query: ListingQuery, home: bytes | None, now: int, limit: int, cursor: str | None) -> Search:
    """The search for a query whose collection has this home."""
    if query.order in _PRICED and (query.payment_chain is None or query.payment_token is None):
        raise ValueError("prices compare only among those of one payment chain and token")
    if query.token is not None and query.chain is None:
        raise ValueError("a token is looked for on a chain")
    search = Search()
    narrowed = home is not None or query.offerer is not None or query.token is not None
    ending = query.order is ListingOrder.ENDING
    times = "" if ending and not narrowed else "+"
    search.sorted_late = (ending and narrowed) or (query.state is ListingState.EXPIRED and not narrowed)
    few = query.identifier is not None or (query.offerer is not None and home is None)
    _state(search, query.state, column(now), "+" if few else "", times)
    _item(search, query, home)
    _payment(search, query)
    if query.offerer is not None:
        search.where("offerer = ?", query.offerer)
    if cursor is not None:
        by, _, beyond, kind = _ORDERS[query.order]
        search.where(f"({by}, number) {beyond} (?, ?)", *read_cursor(cursor, kind, int))
    search.values.append(limit + 1)
    return search


def _state(search: Search, state: ListingState | None, now: int, status: str, time: str) -> None:
    """A plus keeps SQLite from choosing an index that narrows nothing: most listings are open, and last."""
    open_, unavailable = int(Standing.OPEN), int(Standing.UNAVAILABLE)
    now_on = f"{time}start_time <= ? AND {time}end_time > ?"
    match state:
        case ListingState.ACTIVE:
            search.where(f"{status}status = ? AND {now_on}", open_, now, now)
        case ListingState.UNAVAILABLE:
            search.where(f"{status}status = ? AND {now_on}", unavailable, now, now)
        case ListingState.UPCOMING:
            search.where(f"+status <= ? AND {time}start_time > ? AND {time}end_time > ?", unavailable, now, now)
        case ListingState.EXPIRED:
            search.where("status <= ? AND end_time <= ?", unavailable, now)
        case ListingState.FILLED:
            search.where(f"{status}status = ?", int(Standing.FILLED))
        case ListingState.CANCELLED:
            search.where(f"{status}status = ?", int(Standing.CANCELLED))
        case None:
            pass


def _item(search: Search, query: ListingQuery, home: bytes | None) -> None:
    if home is not None:
        search.where("home = ?", home)
    if query.chain is not None and query.token is not None:
        search.where("token = ?", token_key(query.chain, query.token))
    elif query.chain is not None:
        search.where("substr(token, 1, 8) = ?", query.chain.to_bytes(8, "big"))
    if query.identifier is not None:
        search.where("identifier = ?", word(query.identifier))


def _payment(search: Search, query: ListingQuery) -> None:
    if query.payment_chain is not None and query.payment_token is not None:
        payment = "payment" if query.order in _PRICED or query.lowest is not None else "+payment"
        search.where(f"{payment} = ?", token_key(query.payment_chain, query.payment_token))
    elif query.payment_chain is not None:
        search.where("substr(payment, 1, 8) = ?", query.payment_chain.to_bytes(8, "big"))
    elif query.payment_token is not None:
        search.where("substr(payment, 9) = ?", bytes(query.payment_token))
    if query.lowest is not None:
        search.where("price >= ?", half(min(query.lowest, _LARGEST_PRICE)))
    if query.highest is not None:
        search.where("price <= ?", half(min(query.highest, _LARGEST_PRICE)))
