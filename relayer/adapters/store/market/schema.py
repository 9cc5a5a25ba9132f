"""The tables: the log of events, what follows from it, and the orders, which no chain can tell again.

Keys are bytes that sort as what they mean: a token is its chain (8 bytes, big-endian) and address, an item its token
and identifier (32), a listing its chain and hash, a subject a letter and one of these.
"""

from __future__ import annotations

import sqlalchemy as sa

REVISION = "market-0001"
"""What a fresh database is stamped with."""

metadata = sa.MetaData()


def _bytes(name: str, *, primary_key: bool = False, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, primary_key=primary_key, nullable=nullable)


def _number(name: str, *, primary_key: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=primary_key, nullable=nullable, autoincrement=False)


def _place() -> tuple[sa.Column[int], sa.Column[int], sa.Column[int]]:
    """Of a log."""
    return _number("chain", primary_key=True), _number("block", primary_key=True), _number("log", primary_key=True)


# What the chains said.

chains = sa.Table("chains", metadata, _number("chain", primary_key=True), _number("block"))

blocks = sa.Table(
    "blocks",
    metadata,
    _number("chain", primary_key=True),
    _number("block", primary_key=True),
    _bytes("hash"),
    _bytes("parent"),
    _number("timestamp"),
    sqlite_with_rowid=False,
)

logs = sa.Table("logs", metadata, *_place(), _bytes("tx"), _number("kind"), _bytes("data"), sqlite_with_rowid=False)

subjects = sa.Table("subjects", metadata, _bytes("subject", primary_key=True), *_place(), sqlite_with_rowid=False)

heights = sa.Table(
    "heights",
    metadata,
    _number("chain", primary_key=True),
    _bytes("tx", primary_key=True),
    _number("block"),
    _number("height"),
    sqlite_with_rowid=False,
)

# What follows.

tokens = sa.Table(
    "tokens",
    metadata,
    _bytes("token", primary_key=True),
    _number("standard"),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("symbol", sa.String, nullable=False),
    _number("decimals"),
    sa.Column("described", sa.Boolean, nullable=False),
    _number("read_to", nullable=True),
    sqlite_with_rowid=False,
)

wrapped = sa.Table(
    "wrapped",
    metadata,
    _bytes("token", primary_key=True),
    _bytes("home"),
    _number("chain"),
    _number("block"),
    sa.Index("wrapped_by_home", "home"),
    sqlite_with_rowid=False,
)

items = sa.Table(
    "items",
    metadata,
    _bytes("token", primary_key=True),
    _bytes("identifier", primary_key=True),
    _number("moves"),
    sqlite_with_rowid=False,
)

uris = sa.Table(
    "uris",
    metadata,
    _bytes("token", primary_key=True),
    _bytes("identifier", primary_key=True),
    sa.Column("uri", sa.String, nullable=False),
    sqlite_with_rowid=False,
)

holdings = sa.Table(
    "holdings",
    metadata,
    _bytes("token", primary_key=True),
    _bytes("identifier", primary_key=True),
    _bytes("owner", primary_key=True),
    sa.Column("amount", sa.String, nullable=False),
    sa.Index("holdings_by_owner", "owner", "token", "identifier"),
    sqlite_with_rowid=False,
)

counters = sa.Table(
    "counters",
    metadata,
    _bytes("offerer", primary_key=True),
    sa.Column("counter", sa.String, nullable=False),
    sqlite_with_rowid=False,
)

messages = sa.Table(
    "messages",
    metadata,
    _bytes("id", primary_key=True),
    _bytes("lane"),
    _number("nonce"),
    _number("stage"),
    _number("chain"),
    _number("block"),
    _number("log"),
    sa.Index("messages_by_lane", "lane", "nonce"),
    sa.Index("messages_by_block", "chain", "block"),
    sqlite_with_rowid=False,
)

cargo = sa.Table(
    "cargo",
    metadata,
    _bytes("message", primary_key=True),
    _bytes("token", primary_key=True),
    _bytes("identifier", primary_key=True),
    _bytes("recipient"),
    sa.Column("amount", sa.String, nullable=False),
    sa.Index("cargo_by_item", "token", "identifier"),
    sqlite_with_rowid=False,
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _bytes("lane", primary_key=True),
    _number("last", primary_key=True),
    _number("first"),
    _number("chain"),
    _number("block"),
    _number("log"),
    sa.Index("deliveries_by_block", "chain", "block"),
    sqlite_with_rowid=False,
)

purchases = sa.Table(
    "purchases",
    metadata,
    _bytes("id", primary_key=True),
    _bytes("buyer"),
    _bytes("listing"),
    _number("opened"),
    _number("chain"),
    _number("block"),
    sa.Column("state", sa.String, nullable=False),
    sa.Index("purchases_open", "opened", sqlite_where=sa.text("state = 'open'")),
    sa.Index("purchases_by_buyer", "buyer", "opened"),
    sa.Index("purchases_by_listing", "listing", "opened"),
    sa.Index("purchases_by_time", "opened"),
    sa.Index("purchases_by_block", "chain", "block"),
    sqlite_with_rowid=False,
)

refusals = sa.Table(
    "refusals",
    metadata,
    *_place(),
    sa.Column("reason", sa.String, nullable=False),
    sa.Index("refusals_by_reason", "reason", "chain"),
    sqlite_with_rowid=False,
)

listings = sa.Table(
    "listings",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    _bytes("key"),
    _bytes("token"),
    _bytes("home"),
    _bytes("identifier"),
    _bytes("offerer"),
    _bytes("payment"),
    _bytes("price"),
    _number("start_time"),
    _number("end_time"),
    _number("listed_at"),
    _number("status"),
    _bytes("filled"),
    _bytes("body"),
    _bytes("signature"),
    _bytes("document"),
    sa.Index("listings_by_key", "key", unique=True),
    sa.Index("listings_newest", "status", "listed_at"),
    sa.Index("listings_ending", "status", "end_time"),
    sa.Index("listings_priced", "payment", "status", "price"),
    sa.Index("listings_by_home", "home", "status", "listed_at"),
    sa.Index("listings_by_home_priced", "home", "payment", "status", "price"),
    sa.Index("listings_by_item", "token", "identifier", "offerer"),
    sa.Index("listings_by_offerer", "offerer", "listed_at"),
)

activity = sa.Table(
    "activity",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    _number("chain"),
    _number("block", nullable=True),
    _number("log", nullable=True),
    _bytes("tx", nullable=True),
    _bytes("block_hash", nullable=True),
    _bytes("block_parent", nullable=True),
    _number("timestamp", nullable=True),
    _bytes("token", nullable=True),
    _bytes("identifier", nullable=True),
    _bytes("listing", nullable=True),
    _bytes("purchase", nullable=True),
    _bytes("account", nullable=True),
    _bytes("other", nullable=True),
    sa.Column("amount", sa.String, nullable=False),
    _bytes("message", nullable=True),
    sa.Column("retracted", sa.Boolean, nullable=False),
    sa.Index("activity_by_block", "chain", "block"),
    sa.Index("activity_by_item", "token", "identifier", sqlite_where=sa.text("token IS NOT NULL")),
    sa.Index("activity_by_listing", "listing", sqlite_where=sa.text("listing IS NOT NULL")),
    sa.Index("activity_by_purchase", "purchase", sqlite_where=sa.text("purchase IS NOT NULL")),
    sa.Index("activity_by_message", "message", sqlite_where=sa.text("message IS NOT NULL")),
    sa.Index("activity_by_account", "account", sqlite_where=sa.text("account IS NOT NULL")),
    sa.Index("activity_by_other", "other", sqlite_where=sa.text("other IS NOT NULL")),
    sqlite_autoincrement=True,
)

DERIVED = tuple(metadata.sorted_tables)
"""Everything that a rebuild makes anew: all of the above."""

# What we were given.

orders = sa.Table(
    "orders",
    metadata,
    _bytes("key", primary_key=True),
    _bytes("body"),
    _bytes("signature"),
    _number("submitted_at"),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)
