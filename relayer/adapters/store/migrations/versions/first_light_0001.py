"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("chain", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_parent", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "block_number"),
    )
    op.create_table(
        "chains",
        sa.Column("chain", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_parent", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=False),
        sa.Column("final", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
    )
    op.create_table(
        "lanes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.BigInteger(), nullable=False),
        sa.Column("source_gateway", sa.LargeBinary(length=20), nullable=False),
        sa.Column("destination", sa.BigInteger(), nullable=False),
        sa.Column("destination_gateway", sa.LargeBinary(length=20), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("seen_accumulator", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_height", sa.BigInteger(), nullable=False),
        sa.Column("final", sa.BigInteger(), nullable=False),
        sa.Column("included", sa.BigInteger(), nullable=False),
        sa.Column("included_accumulator", sa.LargeBinary(length=32), nullable=False),
        sa.Column("included_height", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("batches", sa.BigInteger(), nullable=False),
        sa.Column("announced", sa.BigInteger(), nullable=False),
        sa.Column("setbacks", sa.BigInteger(), nullable=False),
        sa.Column("halted", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "source_gateway", "destination", "destination_gateway", name="one_row_a_lane"),
    )
    op.create_table(
        "vows",
        sa.Column("source", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("destination", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client", sa.LargeBinary(length=20), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("height", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("source", "destination", "client", "epoch", "height"),
    )
    op.create_table(
        "batches",
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("signed", sa.BigInteger(), nullable=False),
        sa.Column("ending", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("gas_used", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lane"],
            ["lanes.id"],
        ),
        sa.PrimaryKeyConstraint("lane", "number"),
    )
    op.create_index("batches_by_last", "batches", ["lane", "last"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("accumulator", sa.LargeBinary(length=32), nullable=False),
        sa.Column("relayer", sa.LargeBinary(length=20), nullable=False),
        sa.Column("tx", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_parent", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lane"],
            ["lanes.id"],
        ),
        sa.PrimaryKeyConstraint("lane", "last"),
    )
    op.create_index("deliveries_by_block", "deliveries", ["lane", "block_number"], unique=False)
    op.create_table(
        "executions",
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("execution", sa.String(), nullable=False),
        sa.Column("tx", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_parent", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lane"],
            ["lanes.id"],
        ),
        sa.PrimaryKeyConstraint("lane", "nonce", "execution"),
    )
    op.create_table(
        "messages",
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sender", sa.LargeBinary(length=20), nullable=False),
        sa.Column("recipient", sa.LargeBinary(length=20), nullable=False),
        sa.Column("fee", sa.LargeBinary(length=16), nullable=False),
        sa.Column("gas_limit", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.LargeBinary(length=8), nullable=False),
        sa.Column("flags", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("accumulator", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tx", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_parent", sa.LargeBinary(length=32), nullable=False),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lane"],
            ["lanes.id"],
        ),
        sa.PrimaryKeyConstraint("lane", "nonce"),
    )
    op.create_index("messages_by_block", "messages", ["lane", "block_number"], unique=False)
    op.create_index("messages_by_id", "messages", ["id"], unique=False)
    op.create_index("messages_by_tx", "messages", ["tx"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.BigInteger(), nullable=False),
        sa.Column("to", sa.LargeBinary(length=20), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("gas_limit", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("lane", "number", name="one_effect_a_batch"),
        sa.ForeignKeyConstraint(
            ["lane"],
            ["lanes.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("chain", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.LargeBinary(length=20), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("to", sa.LargeBinary(length=20), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("gas_limit", sa.BigInteger(), nullable=False),
        sa.Column("max_fee", sa.BigInteger(), nullable=False),
        sa.Column("priority_fee", sa.BigInteger(), nullable=False),
        sa.Column("tx", sa.LargeBinary(length=32), nullable=True),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("block_parent", sa.LargeBinary(length=32), nullable=True),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=True),
        sa.Column("succeeded", sa.Boolean(), nullable=True),
        sa.Column("gas_used", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lane"],
            ["lanes.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "live_nonces", "submissions", ["chain", "account", "nonce"], unique=True, sqlite_where=sa.text("live")
    )
    op.create_index("submissions_by_batch", "submissions", ["lane", "number"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("max_fee", sa.BigInteger(), nullable=False),
        sa.Column("priority_fee", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission"],
            ["submissions.id"],
        ),
        sa.PrimaryKeyConstraint("submission", "number"),
    )
