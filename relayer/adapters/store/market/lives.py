"""Gathering what the folds of items and purchases take in."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from light_clients.types import ZERO_HASH, Hash32, Height
from relayer.adapters.store.market.keys import (
    item_subject,
    listing_key,
    listing_subject,
    message_subject,
    number,
    pair_key,
    purchase_subject,
    token_key,
    token_of,
    word,
)
from relayer.adapters.store.market.listings import home_of
from relayer.adapters.store.market.rows import said_at, said_of
from relayer.domain.events import MessageSent
from relayer.domain.market.events import (
    ListingCancelled,
    ListingFulfilled,
    Placed,
    PurchaseOpened,
    PurchaseRefused,
)
from relayer.domain.market.journeys import Journey, journey
from relayer.domain.market.provenance import Life
from relayer.domain.market.purchase import Course
from relayer.domain.market.views import ItemId, ListingId

_BATCH = "SELECT chain, block, log FROM deliveries WHERE lane = ? AND last >= ? AND first <= ? ORDER BY last LIMIT 1"


def journey_of(connection: sqlite3.Connection, id: bytes) -> Journey | None:  # noqa: A002 the word is the domain's
    """None while the message's source has not told of it."""
    said = said_of(connection, message_subject(id))
    sent = next((each.event for each in said if isinstance(each.event, MessageSent)), None)
    if sent is None:
        return None
    lane = pair_key(sent.lane.source, sent.lane.destination)
    place = connection.execute(_BATCH, (lane, sent.nonce, sent.nonce)).fetchone()
    batch = None if place is None else said_at(connection, *place)
    told = [*said, *(() if batch is None else (batch,))]
    return journey(sent, told, _heights(connection, sent.lane.destination, told))


def _heights(connection: sqlite3.Connection, chain: int, told: Sequence[Placed]) -> dict[Hash32, Height]:
    found: dict[Hash32, Height] = {}
    for each in told:
        statement = "SELECT height FROM heights WHERE chain = ? AND tx = ?"
        row = connection.execute(statement, (chain, each.at.hash)).fetchone() if each.chain == chain else None
        if row is not None:
            found[each.at.hash] = Height(row[0])
    return found


def life_of(connection: sqlite3.Connection, places: Sequence[bytes], identifier: bytes) -> Life:
    """An item by the places of its collection, its home first."""
    said = [each for place in places for each in said_of(connection, item_subject(place, identifier))]
    names = [
        row[0]
        for place in places
        for row in connection.execute(
            "SELECT key FROM listings WHERE token = ? AND identifier = ?", (place, identifier)
        )
    ]
    sold = {listing_key(ListingId(e.chain, e.event.hash)) for e in said if isinstance(e.event, ListingFulfilled)}
    for key in sorted({*names, *sold}):
        told = said_of(connection, listing_subject(key))
        said += [each for each in told if isinstance(each.event, ListingCancelled | PurchaseRefused)]
    carrying = connection.execute(
        "SELECT DISTINCT message FROM cargo WHERE token = ? AND identifier = ?", (places[0], identifier)
    )
    carried = [found for (message,) in carrying.fetchall() if (found := journey_of(connection, message))]
    bought = {e.event.purchase for e in said if isinstance(e.event, ListingFulfilled)}
    bought |= {e.event.id for e in said if isinstance(e.event, PurchaseRefused)}
    buys = {id_: found for id_ in bought if (found := _asking(connection, id_))}
    return Life(ItemId(token_of(places[0]), number(identifier)), said, carried, buys)


def _asking(connection: sqlite3.Connection, purchase: Hash32) -> Journey | None:
    """The message that asked for a purchase."""
    said = said_of(connection, purchase_subject(purchase))
    opened = next((each.event for each in said if isinstance(each.event, PurchaseOpened)), None)
    return None if opened is None or opened.message == ZERO_HASH else journey_of(connection, opened.message)


def course_of(connection: sqlite3.Connection, id: bytes) -> Course:  # noqa: A002
    """A purchase by its name."""
    said = said_of(connection, purchase_subject(id))
    sale = next((each for each in said if isinstance(each.event, ListingFulfilled)), None)
    opened = next((each.event for each in said if isinstance(each.event, PurchaseOpened)), None)
    asking = None if opened is None else journey_of(connection, opened.message)
    return Course(said, asking, _bringing(connection, sale), _item(connection, sale, opened))


def _bringing(connection: sqlite3.Connection, sale: Placed | None) -> Journey | None:
    """The message that took the item away in the transaction of its sale."""
    if sale is None or not isinstance(sale.event, ListingFulfilled) or sale.event.delivery_chain == sale.chain:
        return None
    home = home_of(connection, token_key(sale.chain, sale.event.token))
    carrying = connection.execute(
        "SELECT c.message FROM cargo c JOIN messages m ON m.id = c.message"
        " WHERE c.token = ? AND c.identifier = ? AND m.chain = ? AND m.block = ? ORDER BY m.log",
        (home, word(sale.event.identifier), sale.chain, sale.at.block.number),
    )
    found = (journey_of(connection, message) for (message,) in carrying.fetchall())
    return next((each for each in found if each is not None and each.sent.at.hash == sale.at.hash), None)


def _item(connection: sqlite3.Connection, sale: Placed | None, opened: PurchaseOpened | None) -> ItemId | None:
    if sale is not None and isinstance(sale.event, ListingFulfilled):
        home = home_of(connection, token_key(sale.chain, sale.event.token))
        return ItemId(token_of(home), sale.event.identifier)
    if opened is None:
        return None
    key = listing_key(ListingId(opened.chain, opened.listing))
    row = connection.execute("SELECT home, identifier FROM listings WHERE key = ?", (key,)).fetchone()
    return None if row is None else ItemId(token_of(row[0]), number(row[1]))
