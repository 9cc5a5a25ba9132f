"""What happens, numbered: written with what it follows from, told when that is kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from light_clients.types import Hash32
from relayer.adapters.store.market.connections import Reader
from relayer.adapters.store.market.rows import ACTIVITY, activity
from relayer.domain.ids import TxRef
from relayer.domain.market.purchases import Activity, ActivityKind

PAGE = 500
_COLUMNS = (
    "kind, chain, block, log, tx, block_hash, block_parent, timestamp, token, identifier, listing, purchase, account,"
    " other, amount, message, retracted"
)
_PUT = f"INSERT INTO activity ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"  # noqa: S608
_AGAIN = f"INSERT INTO activity ({_COLUMNS}) SELECT {_COLUMNS.removesuffix('retracted')} 1 FROM activity"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Draft:
    """An activity without its number; tokens and listings by their keys."""

    kind: ActivityKind
    chain: int
    at: TxRef | None = None
    log: int | None = None
    token: bytes | None = None
    identifier: bytes | None = None
    listing: bytes | None = None
    purchase: bytes | None = None
    account: bytes | None = None
    other: bytes | None = None
    amount: int = 0
    message: Hash32 | None = None

    def values(self) -> tuple[object, ...]:
        block = None if self.at is None else self.at.block
        return (
            self.kind.value,
            self.chain,
            *((None,) if block is None else (block.number,)),
            self.log,
            None if self.at is None else self.at.hash,
            *((None, None, None) if block is None else (block.hash, block.parent_hash, block.timestamp)),
            self.token,
            self.identifier,
            self.listing,
            self.purchase,
            self.account,
            self.other,
            str(self.amount),
            self.message,
        )


def record(connection: sqlite3.Connection, drafts: Iterable[Draft]) -> list[Activity]:
    """Number them; numbers only grow."""
    before = newest(connection)
    connection.executemany(_PUT, [draft.values() for draft in drafts])
    return since(connection, before)


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

    def tell(self, activities: Sequence[Activity]) -> None:
        """Wake those who wait: there is more."""
        if activities:
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
