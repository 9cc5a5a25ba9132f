"""Rows of the log to placed events, and rows of activity to what they tell."""

from __future__ import annotations

import sqlite3
from typing import Any

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.store.market import codec
from relayer.adapters.store.market.keys import listing_of, number, token_of
from relayer.domain.events import (
    BatchDelivered,
    MessageBounced,
    MessageExpired,
    MessageExpressed,
    MessageFailed,
    MessageRetried,
    MessageSent,
)
from relayer.domain.ids import BlockRef, TxRef
from relayer.domain.market.events import Placed
from relayer.domain.market.purchases import Activity, ActivityKind
from relayer.domain.market.views import ItemId

_LOG = (
    "SELECT l.chain, l.block, l.log, l.tx, l.kind, l.data, b.hash, b.parent, b.timestamp"
    " FROM logs l JOIN blocks b ON b.chain = l.chain AND b.block = l.block"
)
_OF_SUBJECT = (
    "SELECT l.chain, l.block, l.log, l.tx, l.kind, l.data, b.hash, b.parent, b.timestamp FROM subjects s"
    " JOIN logs l ON l.chain = s.chain AND l.block = s.block AND l.log = s.log"
    " JOIN blocks b ON b.chain = l.chain AND b.block = l.block"
    " WHERE s.subject = ? ORDER BY s.chain, s.block, s.log"
)
_PLACED_BESIDE = frozenset(
    codec.NUMBERS[kind]
    for kind in (
        MessageSent,
        BatchDelivered,
        MessageFailed,
        MessageRetried,
        MessageBounced,
        MessageExpired,
        MessageExpressed,
    )
)
"""Kinds of events that name their place themselves."""

ACTIVITY = (
    "SELECT a.sequence, a.kind, a.chain, a.block, a.tx, a.block_hash, a.block_parent, a.timestamp, a.token,"
    " a.identifier, a.listing, a.purchase, a.account, a.other, a.amount, a.message, a.retracted, w.home"
    " FROM activity a LEFT JOIN wrapped w ON w.token = a.token "
)


def said_of(connection: sqlite3.Connection, subject: bytes) -> list[Placed]:
    """Every event of a subject, chain by chain."""
    return [placed(row) for row in connection.execute(_OF_SUBJECT, (subject,))]


def said_at(connection: sqlite3.Connection, chain: int, block: int, log: int) -> Placed | None:
    """The event of one log."""
    row = connection.execute(_LOG + " WHERE l.chain = ? AND l.block = ? AND l.log = ?", (chain, block, log)).fetchone()
    return None if row is None else placed(row)


def placed(row: Any) -> Placed:
    chain, block, log, tx, kind, data, block_hash, parent, timestamp = row
    at = TxRef(Hash32(tx), BlockRef(Height(block), Hash32(block_hash), Hash32(parent), timestamp))
    beside = {"at": at} if kind in _PLACED_BESIDE else {}
    return Placed(ChainId(chain), at, log, codec.decode(codec.KINDS[kind], data, **beside))


def activity(row: Any) -> Activity:
    (sequence, kind, chain, block, tx, block_hash, parent, timestamp, token, identifier) = row[:10]
    (listing, purchase, account, other, amount, message, retracted, home) = row[10:]
    at = None
    if tx is not None:
        at = TxRef(Hash32(tx), BlockRef(Height(block), Hash32(block_hash), Hash32(parent), timestamp))
    return Activity(
        sequence=sequence,
        kind=ActivityKind(kind),
        chain=ChainId(chain),
        at=at,
        item=None if token is None else ItemId(token_of(home or token), number(identifier)),
        listing=None if listing is None else listing_of(listing),
        purchase=None if purchase is None else Hash32(purchase),
        account=None if account is None else Address(account),
        other=None if other is None else Address(other),
        amount=int(amount),
        message=None if message is None else Hash32(message),
        retracted=bool(retracted),
    )
