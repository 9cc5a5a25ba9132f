"""Listings that were submitted: kept through every rebuild."""

from __future__ import annotations

import sqlite3

from relayer.adapters.store.market import codec
from relayer.adapters.store.market.connections import Writer
from relayer.adapters.store.market.feed import Feed, record, values_of
from relayer.adapters.store.market.keys import listing_key, token_key
from relayer.adapters.store.market.listings import refold_listings
from relayer.adapters.store.market.tokens import know, know_currency
from relayer.domain.market.doings import Doing
from relayer.domain.market.listing import Listing
from relayer.domain.market.purchases import ActivityKind
from relayer.domain.market.views import ListingId, TokenId


class SqlOrders:
    """The `Orders` port."""

    def __init__(self, writer: Writer, feed: Feed) -> None:
        self._writer = writer
        self._feed = feed

    async def submit(self, id: ListingId, listing: Listing, signature: bytes, at: int) -> bool:  # noqa: A002
        if listing.hash() != id.hash:
            raise ValueError(f"the listing hashes to {listing.hash()}, not to {id.hash}")

        def work(connection: sqlite3.Connection) -> bool:
            key = listing_key(id)
            known = connection.execute("SELECT 1 FROM orders WHERE key = ?", (key,)).fetchone()
            if known is not None:
                return False  # also when it is hidden: its signature is no secret, and must not show it again
            row = (key, codec.encode(listing), signature, at)
            connection.execute("INSERT INTO orders VALUES (?, ?, ?, ?, 0)", row)
            know(connection, token_key(id.chain, listing.token), listing.item_type)
            know_currency(connection, token_key(listing.payment_chain, listing.payment_token))
            refold_listings(connection, [key])
            record(connection, [values_of(_listed(id, listing))])
            return True

        kept = await self._writer.run(work)
        if kept:
            self._feed.tell()
        return kept

    async def hide(self, id: ListingId) -> bool:  # noqa: A002
        def work(connection: sqlite3.Connection) -> bool:
            key = listing_key(id)
            changed = connection.execute("UPDATE orders SET hidden = 1 WHERE key = ? AND NOT hidden", (key,))
            refold_listings(connection, [key])
            return changed.rowcount > 0

        return await self._writer.run(work)


def _listed(id: ListingId, listing: Listing) -> Doing:  # noqa: A002
    return Doing(
        ActivityKind.LISTED,
        id.chain,
        token=TokenId(id.chain, listing.token),
        identifier=listing.identifier,
        listing=id,
        account=listing.offerer,
        amount=listing.amount,
    )
