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
from relayer.domain.ids import TxRef
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
    return Course(said, asking, _legs(connection, sale), _item(connection, sale, opened))


def _legs(connection: sqlite3.Connection, sale: Placed | None) -> tuple[Journey, ...]:
    """The messages that bring a sold item to its delivery chain: two where it goes by way of its home."""
    if sale is None or not isinstance(sale.event, ListingFulfilled) or sale.event.delivery_chain == sale.chain:
        return ()
    home = home_of(connection, token_key(sale.chain, sale.event.token))
    item = home, word(sale.event.identifier)
    legs = [_leg(connection, item, sale.chain, sale.at, sale.index)]
    while (last := legs[-1]) is not None and (there := last.arrived) is not None:
        if last.sent.lane.destination == sale.event.delivery_chain or len(legs) > 1:
            break
        legs.append(_leg(connection, item, last.sent.lane.destination, there, None))
    return tuple(leg for leg in legs if leg is not None)


def _leg(
    connection: sqlite3.Connection, item: tuple[bytes, bytes], chain: int, at: TxRef, before: int | None
) -> Journey | None:
    """The message with which the item left in a transaction: the last of them before a log."""
    rows = connection.execute(
        "SELECT c.message, m.log FROM cargo c JOIN messages m ON m.id = c.message"
        " WHERE c.token = ? AND c.identifier = ? AND m.chain = ? AND m.block = ? ORDER BY m.log",
        (*item, chain, at.block.number),
    ).fetchall()
    found = [(log, leg) for message, log in rows if (leg := journey_of(connection, message))]
    ours = [(log, leg) for log, leg in found if leg.sent.at.hash == at.hash]
    earlier = [leg for log, leg in ours if before is not None and log < before]
    return earlier[-1] if earlier else next((leg for _, leg in ours), None)


def _item(connection: sqlite3.Connection, sale: Placed | None, opened: PurchaseOpened | None) -> ItemId | None:
    if sale is not None and isinstance(sale.event, ListingFulfilled):
        home = home_of(connection, token_key(sale.chain, sale.event.token))
        return ItemId(token_of(home), sale.event.identifier)
    if opened is None:
        return None
    key = listing_key(ListingId(opened.chain, opened.listing))
    row = connection.execute("SELECT home, identifier FROM listings WHERE key = ?", (key,)).fetchone()
    return None if row is None else ItemId(token_of(row[0]), number(row[1]))
