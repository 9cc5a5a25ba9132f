"""Messages that carry items, refolded: where each is, and what is told of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from light_clients.types import ChainId
from relayer.adapters.store.market.feed import record, take_back, values_of
from relayer.adapters.store.market.gathering import Gathering
from relayer.adapters.store.market.keys import message_subject
from relayer.adapters.store.market.lives import journey_of
from relayer.adapters.store.market.rows import said_of
from relayer.domain.events import MessageSent
from relayer.domain.market.cargo import cargo_of
from relayer.domain.market.doings import Doing, travels
from relayer.domain.market.events import Contracts
from relayer.domain.market.journeys import Stage

_TOLD = (
    "SELECT sequence, kind, chain, block, log, token, identifier FROM activity"
    " WHERE message = ? AND NOT retracted AND kind IN ('sent', 'arrived', 'bounced')"
)
_STAGES = {Stage.TRAVELLING: 0, Stage.FAILED: 0, Stage.ARRIVED: 1, Stage.BOUNCED: 2, Stage.EXPIRED: 2}


def refold_messages(
    connection: sqlite3.Connection, contracts: Mapping[ChainId, Contracts], gathering: Gathering
) -> None:
    """Of a delivered batch only those that are known: the others' sources will tell of them."""
    names = set(gathering.messages)
    for lane, first, last in gathering.batches:
        statement = "SELECT id FROM messages WHERE lane = ? AND nonce BETWEEN ? AND ?"
        names |= {row[0] for row in connection.execute(statement, (lane, first, last))}
    for name in sorted(names):
        _refold(connection, contracts, name)


def _refold(connection: sqlite3.Connection, contracts: Mapping[ChainId, Contracts], name: bytes) -> None:
    journey = journey_of(connection, name)
    wanted: Sequence[Doing] = ()
    if journey is not None:
        connection.execute("UPDATE messages SET stage = ? WHERE id = ?", (_STAGES[journey.stage], name))
        sent = next(e for e in said_of(connection, message_subject(name)) if isinstance(e.event, MessageSent))
        cargo = cargo_of(journey.sent, contracts)
        wanted = () if cargo is None else tuple(travels(journey, sent, cargo))
    rows = {_key(values): values for values in map(values_of, wanted)}
    told = {tuple(row[1:]): row[0] for row in connection.execute(_TOLD, (name,))}
    for key, sequence in told.items():
        if key not in rows:
            take_back(connection, "sequence = ?", (sequence,))
    record(connection, [values for key, values in rows.items() if key not in told])


def _key(values: tuple[object, ...]) -> tuple[object, ...]:
    """Kind, chain, block, log, token and identifier."""
    return (*values[:4], values[8], values[9])
