"""Listings, refolded: one row each, made anew from its order, its events, and what its offerer holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from light_clients.types import Address
from relayer.adapters.store.market import codec
from relayer.adapters.store.market.keys import (
    column,
    half,
    listing_of,
    listing_subject,
    number,
    token_key,
    token_of,
    word,
)
from relayer.adapters.store.market.rows import said_of
from relayer.domain.market.documents import document
from relayer.domain.market.events import ListingValidated
from relayer.domain.market.listing import Listing
from relayer.domain.market.standing import standing, told
from relayer.domain.market.views import ItemId

_COLUMNS = (
    "key", "token", "home", "identifier", "offerer", "payment", "price", "start_time", "end_time", "listed_at",
    "status", "filled", "body", "signature", "document",
)  # fmt: skip
_PUT = (
    f"INSERT INTO listings ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 our words
    " ON CONFLICT (key) DO UPDATE SET home = excluded.home, listed_at = excluded.listed_at, status = excluded.status,"
    " filled = excluded.filled, signature = excluded.signature, document = excluded.document"
)


def refold_listings(connection: sqlite3.Connection, keys: Iterable[bytes]) -> None:
    """Make the rows of these listings what their events say, whatever they were."""
    for key in keys:
        values = _folded(connection, key)
        if values is None:
            connection.execute("DELETE FROM listings WHERE key = ?", (key,))
        else:
            connection.execute(_PUT, values)


def _folded(connection: sqlite3.Connection, key: bytes) -> tuple[object, ...] | None:
    order = connection.execute("SELECT body, signature, submitted_at, hidden FROM orders WHERE key = ?", (key,))
    body, signature, listed_at, hidden = order.fetchone() or (None, b"", 0, False)
    placed = said_of(connection, listing_subject(key))
    validated = [each for each in placed if isinstance(each.event, ListingValidated)]
    if hidden or not (body or validated):
        return None
    if body is None:
        first = min(validated, key=lambda each: each.place)
        assert isinstance(first.event, ListingValidated)
        body, listed_at = codec.encode(first.event.listing), first.at.block.timestamp
    listing = codec.decode(Listing, body)
    what = told(listing, (each.event for each in placed))
    chain = number(key[:8])
    token, identifier = token_key(chain, listing.token), word(listing.identifier)
    home = home_of(connection, token)
    return (
        key,
        token,
        home,
        identifier,
        listing.offerer,
        token_key(listing.payment_chain, listing.payment_token),
        half(listing.price),
        column(listing.start_time),
        column(listing.end_time),
        listed_at,
        int(standing(listing, what, _counter(connection, chain, listing.offerer), _held(connection, token, listing))),
        word(what.filled),
        body,
        signature,
        document(listing_of(key), listing, ItemId(token_of(home), listing.identifier), signature, listed_at),
    )


def home_of(connection: sqlite3.Connection, token: bytes) -> bytes:
    """What the token stands for; itself, if it wraps nothing."""
    found = connection.execute("SELECT home FROM wrapped WHERE token = ?", (token,)).fetchone()
    home: bytes = token if found is None else found[0]
    return home


def _counter(connection: sqlite3.Connection, chain: int, offerer: Address) -> int:
    found = connection.execute("SELECT counter FROM counters WHERE offerer = ?", (token_key(chain, offerer),))
    row = found.fetchone()
    return 0 if row is None else int(row[0])


def _held(connection: sqlite3.Connection, token: bytes, listing: Listing) -> int:
    key = (token, word(listing.identifier), listing.offerer)
    found = connection.execute("SELECT amount FROM holdings WHERE token = ? AND identifier = ? AND owner = ?", key)
    row = found.fetchone()
    return 0 if row is None else int(row[0])
