"""Starting over, and counting."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from light_clients.types import ChainId
from relayer.adapters.store.market import codec
from relayer.adapters.store.market.connections import Reader, Writer, reader
from relayer.adapters.store.market.keys import number, token_key
from relayer.adapters.store.market.listings import refold_listings
from relayer.adapters.store.market.schema import DERIVED
from relayer.adapters.store.market.tokens import know, know_currency
from relayer.domain.market.listing import Listing
from relayer.domain.market.purchases import PurchaseState
from relayer.ports.market import Census

OUT_OF_BAND = "PriceOutOfBand"
"""The contracts' name for what a price breaker refuses."""
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
            for key, listing in _ordered(connection):
                know(connection, key[:8] + listing.token, listing.item_type)
                know_currency(connection, token_key(listing.payment_chain, listing.payment_token))
                refold_listings(connection, [key])

        await self._writer.run(work)

    async def census(self, now: int) -> Census:
        """Counts row after row: on a connection and in a thread of its own, so that nobody waits for it."""
        (_, _, path) = self._reader.one("PRAGMA database_list")
        return await asyncio.to_thread(_counted, Path(path), now)

    def counts(self) -> Mapping[str, int]:
        found = {table: self._reader.one(f"SELECT COUNT(*) FROM {table}")[0] for table in COUNTED}  # noqa: S608
        return {"events": found.pop("logs"), **found}


def _ordered(connection: sqlite3.Connection) -> list[tuple[bytes, Listing]]:
    """The listings that were submitted, by their keys."""
    rows = connection.execute("SELECT key, body FROM orders").fetchall()
    return [(key, codec.decode(Listing, body)) for key, body in rows]


def _counted(path: Path, now: int) -> Census:
    with reader(path) as looking:
        return _census(looking, now)


def _census(looking: Reader, now: int) -> Census:
    purchases: dict[tuple[ChainId, ChainId], dict[PurchaseState, int]] = {}
    statement = "SELECT chain, substr(listing, 1, 8), state, COUNT(*) FROM purchases GROUP BY 1, 2, 3"
    for paid_on, item_on, state, count in looking.all(statement):
        pair = ChainId(paid_on), ChainId(number(item_on))
        purchases.setdefault(pair, {})[PurchaseState(state)] = count
    (oldest,) = looking.one("SELECT MIN(opened) FROM purchases WHERE state = 'open'")
    listed = looking.all(
        "SELECT substr(token, 1, 8), COUNT(*) FROM listings WHERE status = 0 AND +start_time <= ? AND +end_time > ?"
        " GROUP BY 1",
        now,
        now,
    )
    refused = looking.all("SELECT chain, COUNT(*) FROM refusals WHERE reason = ? GROUP BY chain", OUT_OF_BAND)
    return Census(
        purchases,
        oldest,
        {ChainId(number(chain)): count for chain, count in listed},
        {ChainId(chain): count for chain, count in refused},
    )
