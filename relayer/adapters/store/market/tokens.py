"""Contracts that the index has come to know, and so follows."""

from __future__ import annotations

import sqlite3


def know(connection: sqlite3.Connection, token: bytes, standard: int) -> None:
    """Remember a token; a collection is read from the beginning, once."""
    connection.execute("INSERT INTO tokens VALUES (?, ?, '', '', 0, 0, NULL) ON CONFLICT DO NOTHING", (token, standard))


def describe(  # noqa: PLR0917 a row
    connection: sqlite3.Connection, token: bytes, standard: int, name: str, symbol: str, decimals: int
) -> None:
    """Remember what a token says of itself."""
    connection.execute(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, 1, NULL) ON CONFLICT (token) DO UPDATE SET"
        " name = excluded.name, symbol = excluded.symbol, decimals = excluded.decimals, described = 1",
        (token, standard, name, symbol, decimals),
    )
