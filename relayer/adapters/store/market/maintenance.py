"""Starting over, and counting."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from relayer.adapters.store.market import codec
from relayer.adapters.store.market.connections import Reader, Writer
from relayer.adapters.store.market.listings import refold_listings
from relayer.adapters.store.market.schema import DERIVED
from relayer.adapters.store.market.tokens import know
from relayer.domain.market.listing import Listing

COUNTED = ("logs", "listings", "orders", "purchases", "items", "holdings", "messages", "activity")
"""Named as they are shown: `logs` are events."""


class SqlMaintenance:
    """What the operator does, not the marketplace."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def clear(self) -> None:
        """Forget everything but the orders. Numbers of activities go on from where they were."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM activity WHERE block IS NOT NULL")
            for table in DERIVED:
                if table.name != "activity":
                    connection.execute(f"DELETE FROM {table.name}")  # noqa: S608 our words
            for key, token, item_type in _ordered(connection):
                know(connection, token, item_type)
                refold_listings(connection, [key])

        await self._writer.run(work)

    def counts(self) -> Mapping[str, int]:
        found = {table: self._reader.one(f"SELECT COUNT(*) FROM {table}")[0] for table in COUNTED}  # noqa: S608
        return {"events": found.pop("logs"), **found}


def _ordered(connection: sqlite3.Connection) -> list[tuple[bytes, bytes, int]]:
    """The listings that were submitted, and their tokens."""
    rows = connection.execute("SELECT key, body FROM orders").fetchall()
    found = []
    for key, body in rows:
        listing = codec.decode(Listing, body)
        found.append((key, key[:8] + listing.token, int(listing.item_type)))
    return found
