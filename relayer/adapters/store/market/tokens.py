"""Contracts that the index has come to know, and so follows."""

from __future__ import annotations

import sqlite3

CURRENCY = 1
"""The standard of an ERC-20."""


def know(connection: sqlite3.Connection, token: bytes, standard: int) -> None:
    """Remember a token; a collection is read from the beginning, once. Its standard is 0 until somebody says it."""
    connection.execute(
        "INSERT INTO tokens VALUES (?, ?, '', '', 0, 0, NULL) ON CONFLICT DO UPDATE SET standard = excluded.standard"
        " WHERE standard = 0 AND excluded.standard > 0",
        (token, standard),
    )
    _pass_on(connection, token)


def know_currency(connection: sqlite3.Connection, token: bytes) -> None:
    """Remember what prices are asked in; coins have no contract."""
    if any(token[8:]):
        know(connection, token, CURRENCY)


def describe(  # noqa: PLR0917 a row
    connection: sqlite3.Connection, token: bytes, standard: int, name: str, symbol: str, decimals: int
) -> None:
    """Remember what a token says of itself."""
    connection.execute(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, 1, NULL) ON CONFLICT (token) DO UPDATE SET"
        " standard = excluded.standard, name = excluded.name, symbol = excluded.symbol, decimals = excluded.decimals,"
        " described = 1",
        (token, standard, name, symbol, decimals),
    )
    _pass_on(connection, token)


def stand_for(connection: sqlite3.Connection, token: bytes, home: bytes) -> None:
    """A token stands for another from now on, and is of its standard."""
    know(connection, home, 0)
    know(connection, token, 0)
    _pass_on(connection, home)


def _pass_on(connection: sqlite3.Connection, home: bytes) -> None:
    connection.execute(
        "UPDATE tokens SET standard = (SELECT standard FROM tokens h WHERE h.token = ?)"
        " WHERE standard = 0 AND token IN (SELECT token FROM wrapped WHERE home = ?)",
        (home, home),
    )
