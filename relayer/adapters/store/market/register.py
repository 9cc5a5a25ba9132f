"""What tokens say of themselves, kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from light_clients.types import Address, ChainId
from relayer.adapters.store.market.connections import Reader, Writer
from relayer.adapters.store.market.keys import token_key, word

MOST = 100
_UNDESCRIBED = (
    "SELECT t.token FROM tokens t LEFT JOIN wrapped w ON w.token = t.token WHERE w.token IS NULL AND t.standard > 0"
    " AND NOT t.described AND t.token BETWEEN ? AND ? LIMIT ?"
)


class SqlRegister:
    """The `Register` port."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def undescribed(self, chain: ChainId) -> Sequence[Address]:
        rows = self._reader.all(_UNDESCRIBED, token_key(chain, bytes(20)), token_key(chain, b"\xff" * 20), MOST)
        return [Address(token[8:]) for (token,) in rows]

    async def describe(self, chain: ChainId, token: Address, name: str, symbol: str, decimals: int) -> None:
        values = name, symbol, decimals, token_key(chain, token)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE tokens SET name = ?, symbol = ?, decimals = ?, described = 1 WHERE token = ? AND NOT described",
                values,
            )

        await self._writer.run(work)

    async def uri(self, chain: ChainId, token: Address, identifier: int) -> str | None:
        key = token_key(chain, token), word(identifier)
        row = self._reader.one("SELECT uri FROM uris WHERE token = ? AND identifier = ?", *key)
        return None if row is None else str(row[0])

    async def keep_uri(self, chain: ChainId, token: Address, identifier: int, uri: str) -> None:
        row = token_key(chain, token), word(identifier), uri

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO uris VALUES (?, ?, ?)", row)

        await self._writer.run(work)
