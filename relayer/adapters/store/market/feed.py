"""What happens, numbered: written with what it follows from, told when that is kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence

from relayer.adapters.store.market.connections import Reader
from relayer.adapters.store.market.keys import listing_key, token_key, word
from relayer.adapters.store.market.rows import ACTIVITY, activity
from relayer.domain.market.doings import Doing
from relayer.domain.market.purchases import Activity

PAGE = 500
_COLUMNS = (
    "kind, chain, block, log, tx, block_hash, block_parent, timestamp, token, identifier, listing, purchase, account,"
    " other, amount, message, retracted"
)
_PUT = f"INSERT INTO activity ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"  # noqa: S608
_AGAIN = f"INSERT INTO activity ({_COLUMNS}) SELECT {_COLUMNS.removesuffix('retracted')} 1 FROM activity"  # noqa: S608


def values_of(doing: Doing) -> tuple[object, ...]:
    """A row, as far as the columns before `retracted`."""
    at = doing.at
    block = None if at is None else at.block
    return (
        doing.kind.value,
        doing.chain,
        None if block is None else block.number,
        None if block is None else doing.index,
        None if at is None else at.hash,
        None if block is None else block.hash,
        None if block is None else block.parent_hash,
        None if block is None else block.timestamp,
        None if doing.token is None else token_key(doing.token.chain, doing.token.address),
        None if doing.token is None else word(doing.identifier),
        None if doing.listing is None else listing_key(doing.listing),
        doing.purchase,
        doing.account,
        doing.other,
        str(doing.amount),
        doing.message,
    )


def record(connection: sqlite3.Connection, rows: Iterable[tuple[object, ...]]) -> None:
    """Number them; numbers only grow."""
    connection.executemany(_PUT, rows)


def take_back(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> None:
    """Mark what stands there as retracted, under new numbers, so that who follows hears of it."""
    standing = f" WHERE NOT retracted AND {where}"
    connection.execute(_AGAIN + standing + " ORDER BY sequence", values)
    connection.execute("DELETE FROM activity" + standing, values)  # noqa: S608 our words


def newest(connection: sqlite3.Connection) -> int:
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'activity'").fetchone()
    return 0 if found is None else int(found[0])


def since(connection: sqlite3.Connection, sequence: int, limit: int = -1) -> list[Activity]:
    rows = connection.execute(ACTIVITY + "WHERE a.sequence > ? ORDER BY a.sequence LIMIT ?", (sequence, limit))
    return [activity(row) for row in rows]


class Feed:
    """Who follows what happens."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._moved = asyncio.Event()

    def tell(self) -> None:
        """Wake those who wait: there is more."""
        self._moved.set()
        self._moved = asyncio.Event()

    async def after(self, sequence: int) -> AsyncIterator[Activity]:
        while True:
            moved = self._moved
            told = since(self._reader.connection, sequence, PAGE)
            for each in told:
                yield each
                sequence = each.sequence
            if not told:
                await moved.wait()
