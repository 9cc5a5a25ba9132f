"""The tables: a cache of what the chains say, with the history of what was done about it."""

from __future__ import annotations

import sqlalchemy as sa

REVISION = "0003"
"""The newest migration: what a fresh database is stamped with."""

metadata = sa.MetaData()


def _hash(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(32), nullable=nullable)


def _address(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(20), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _block(*, nullable: bool = False) -> tuple[sa.Column[int], sa.Column[bytes], sa.Column[bytes], sa.Column[int]]:
    return (
        _number("block_number", nullable=nullable),
        _hash("block_hash", nullable=nullable),
        _hash("block_parent", nullable=nullable),
        _number("block_timestamp", nullable=nullable),
    )


def _lane_key(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.ForeignKey("lanes.id"), nullable=nullable, primary_key=primary_key)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


chains = sa.Table("chains", metadata, _key("chain"), *_block(), _number("final"))

blocks = sa.Table("blocks", metadata, _key("chain"), _key("block_number"), *_block()[1:])

lanes = sa.Table(
    "lanes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _number("source"),
    _address("source_gateway"),
    _number("destination"),
    _address("destination_gateway"),
    _number("seen"),
    _hash("seen_accumulator"),
    _number("seen_height"),
    _number("final"),
    _number("included"),
    _hash("included_accumulator"),
    _number("included_height"),
    _number("settled"),
    _number("batches"),
    _number("announced"),
    _number("setbacks"),
    sa.Column("halted", sa.String, nullable=False),
    sa.UniqueConstraint("source", "source_gateway", "destination", "destination_gateway", name="one_row_a_lane"),
)

batches = sa.Table(
    "batches",
    metadata,
    _lane_key("lane", primary_key=True),
    _key("number"),
    _number("first"),
    _number("last"),
    _number("height"),
    _number("signed"),
    sa.Column("ending", sa.String),
    sa.Column("reason", sa.String),
    _number("gas_used", nullable=True),
    sa.Index("batches_by_last", "lane", "last"),
)

messages = sa.Table(
    "messages",
    metadata,
    _lane_key("lane", primary_key=True),
    _key("nonce"),
    _hash("id"),
    _address("sender"),
    _address("recipient"),
    sa.Column("fee", sa.LargeBinary(16), nullable=False),
    _number("gas_limit"),
    sa.Column("deadline", sa.LargeBinary(8), nullable=False),
    _number("flags"),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    _hash("accumulator"),
    _hash("tx"),
    *_block(),
    sa.Index("messages_by_id", "id"),
    sa.Index("messages_by_tx", "tx"),
    sa.Index("messages_by_block", "lane", "block_number"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _lane_key("lane", primary_key=True),
    _key("last"),
    _number("first"),
    _hash("accumulator"),
    _address("relayer"),
    _hash("tx"),
    *_block(),
    sa.Index("deliveries_by_block", "lane", "block_number"),
    sa.Index("deliveries_by_tx", "tx"),
)

executions = sa.Table(
    "executions",
    metadata,
    _lane_key("lane", primary_key=True),
    _key("nonce"),
    sa.Column("execution", sa.String, primary_key=True),
    _hash("tx"),
    *_block(),
    _hash("back", nullable=True),
    sa.Column("relayer", sa.LargeBinary(20), nullable=True),
    sa.Index("executions_by_tx", "tx"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _lane_key("lane"),
    _number("number"),
    _number("chain"),
    _address("to"),
    sa.Column("data", sa.LargeBinary, nullable=False),
    _number("gas_limit"),
    sa.UniqueConstraint("lane", "number", name="one_effect_a_batch"),
    sqlite_autoincrement=True,
)

submissions = sa.Table(
    "submissions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("live", sa.Boolean, nullable=False),
    _number("chain"),
    _address("account"),
    _number("nonce"),
    _lane_key("lane", nullable=True),
    _number("number", nullable=True),
    _address("to"),
    sa.Column("data", sa.LargeBinary, nullable=False),
    _number("gas_limit"),
    _number("max_fee"),
    _number("priority_fee"),
    _hash("tx", nullable=True),
    *_block(nullable=True),
    sa.Column("succeeded", sa.Boolean),
    _number("gas_used", nullable=True),
    sa.Index("live_nonces", "chain", "account", "nonce", unique=True, sqlite_where=sa.text("live")),
    sa.Index("submissions_by_batch", "lane", "number"),
    sqlite_autoincrement=True,
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("submission", sa.ForeignKey("submissions.id"), primary_key=True),
    _key("number"),
    _hash("hash"),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    _number("max_fee"),
    _number("priority_fee"),
    _number("height"),
)

vows = sa.Table(
    "vows",
    metadata,
    _key("source"),
    _key("destination"),
    sa.Column("client", sa.LargeBinary(20), primary_key=True),
    _key("epoch"),
    _key("height"),
    _hash("digest"),
)
