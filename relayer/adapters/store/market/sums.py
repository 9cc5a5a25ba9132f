"""Sums that events change: what owners hold, and how often an item has moved. Zero is no row.

Adding what came and taking away what a reorg took back are the same work, so that no order and no detour shows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from relayer.adapters.store.market.gathering import HoldingKey

_FEW = 64
"""Keys that are looked up one by one; more are put into a table of their own and joined."""


def change_items(connection: sqlite3.Connection, changes: Mapping[tuple[bytes, bytes], int], sign: int) -> None:
    connection.executemany(
        "INSERT INTO items VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET moves = moves + excluded.moves",
        [(*key, sign * moves) for key, moves in changes.items()],
    )
    if sign < 0:
        connection.executemany("DELETE FROM items WHERE token = ? AND identifier = ? AND moves = 0", list(changes))


def change_holdings(connection: sqlite3.Connection, changes: Mapping[HoldingKey, int], sign: int) -> None:
    """Amounts have more bits than SQLite's numbers, so they are summed here."""
    moving = {key: sign * change for key, change in changes.items() if change}
    held = _held(connection, moving)
    kept, gone = [], []
    for key, change in moving.items():
        amount = held.get(key, 0) + change
        if amount:
            kept.append((*key, str(amount)))
        else:
            gone.append(key)
    connection.executemany(
        "INSERT INTO holdings VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET amount = excluded.amount", kept
    )
    connection.executemany("DELETE FROM holdings WHERE token = ? AND identifier = ? AND owner = ?", gone)


def _held(connection: sqlite3.Connection, keys: Mapping[HoldingKey, int]) -> dict[HoldingKey, int]:
    if len(keys) <= _FEW:
        statement = "SELECT amount FROM holdings WHERE token = ? AND identifier = ? AND owner = ?"
        found = {key: connection.execute(statement, key).fetchone() for key in keys}
        return {key: int(row[0]) for key, row in found.items() if row is not None}
    _touch(connection, keys)
    rows = connection.execute(
        "SELECT h.token, h.identifier, h.owner, h.amount FROM temp.touched t CROSS JOIN holdings h"
        " ON h.token = t.token AND h.identifier = t.identifier AND h.owner = t.owner"
    )
    return {(token, identifier, owner): int(amount) for token, identifier, owner, amount in rows}


def listings_of_holdings(connection: sqlite3.Connection, keys: Mapping[HoldingKey, int]) -> set[bytes]:
    """Listings whose offerers hold more or less now."""
    if connection.execute("SELECT 1 FROM listings LIMIT 1").fetchone() is None:
        return set()
    _touch(connection, keys)
    rows = connection.execute(
        "SELECT l.key FROM temp.touched t CROSS JOIN listings l"
        " ON l.token = t.token AND l.identifier = t.identifier AND l.offerer = t.owner"
    )
    return {row[0] for row in rows}


def _touch(connection: sqlite3.Connection, keys: Mapping[HoldingKey, int]) -> None:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched (token BLOB, identifier BLOB, owner BLOB)")
    connection.execute("DELETE FROM temp.touched")
    connection.executemany("INSERT INTO temp.touched VALUES (?, ?, ?)", list(keys))
