"""Transactions from their reservation to their end."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.store import rows, schema
from relayer.adapters.store.lanes import LaneKeys, inserted
from relayer.domain.facts import Submit
from relayer.domain.ids import Gas, Wei
from relayer.domain.submission import Attempt, Submission
from relayer.domain.transactions import Call, Price, Receipt, Transaction


class SqlSubmissions:
    """The `Submissions` of every account."""

    def __init__(self, writer: AsyncEngine, keys: LaneKeys) -> None:
        self._writer = writer
        self._keys = keys

    async def waiting(self, chain: ChainId) -> Sequence[Submit]:
        outbox, batches, lanes = schema.outbox, schema.batches, schema.lanes
        same_batch = sa.and_(batches.c.lane == outbox.c.lane, batches.c.number == outbox.c.number)
        joined = outbox.join(batches, same_batch).join(lanes, lanes.c.id == outbox.c.lane)
        query = (
            sa.select(batches, outbox.c.to, outbox.c.data, outbox.c.gas_limit)
            .add_columns(lanes.c.source, lanes.c.source_gateway, lanes.c.destination, lanes.c.destination_gateway)
            .select_from(joined)
            .where(outbox.c.chain == chain)
            .order_by(outbox.c.id)
        )
        async with self._writer.begin() as connection:
            return [
                Submit(rows.lane_of(row), rows.batch_of(row), _call(row)) for row in await connection.execute(query)
            ]

    async def live(self, chain: ChainId, account: Address) -> Sequence[Submission]:
        table, batches, lanes = schema.submissions, schema.batches, schema.lanes
        same_batch = sa.and_(batches.c.lane == table.c.lane, batches.c.number == table.c.number)
        joined = table.outerjoin(batches, same_batch).outerjoin(lanes, lanes.c.id == table.c.lane)
        query = (
            sa.select(table, batches.c.first, batches.c.last, batches.c.height, batches.c.signed)
            .add_columns(lanes.c.source, lanes.c.source_gateway, lanes.c.destination, lanes.c.destination_gateway)
            .select_from(joined)
            .where(table.c.live, table.c.chain == chain, table.c.account == account)
            .order_by(table.c.nonce)
        )
        async with self._writer.begin() as connection:
            found = (await connection.execute(query)).all()
            return [_submission(row, await self._attempts(connection, row.id)) for row in found]

    async def _attempts(self, connection: AsyncConnection, submission: int) -> tuple[Attempt, ...]:
        table = schema.attempts
        query = sa.select(table).where(table.c.submission == submission).order_by(table.c.number)
        return tuple(
            Attempt(Hash32(row.hash), row.raw, _price(row), Height(row.height))
            for row in await connection.execute(query)
        )

    async def reserve(self, submission: Submission) -> None:
        call, price = submission.transaction.call, submission.transaction.price
        values: dict[str, object] = {
            "live": True,
            "chain": submission.transaction.chain,
            "account": submission.account,
            "nonce": submission.nonce,
            "to": call.to,
            "data": call.data,
            "gas_limit": call.gas_limit,
            "max_fee": price.max_fee,
            "priority_fee": price.priority_fee,
        }
        async with self._writer.begin() as connection:
            if submission.lane is not None and submission.batch is not None:
                values["lane"] = await self._keys.of(connection, submission.lane)
                values["number"] = submission.batch.number
                outbox = schema.outbox
                same = (outbox.c.lane == values["lane"], outbox.c.number == values["number"])
                await connection.execute(outbox.delete().where(*same))
            result = await connection.execute(schema.submissions.insert().values(values))
            await self._add(connection, inserted(result), 1, submission.newest)

    async def attempt(self, submission: Submission, attempt: Attempt) -> None:
        async with self._writer.begin() as connection:
            key = await _key(connection, submission)
            await self._add(connection, key, len(submission.attempts) + 1, attempt)

    async def _add(self, connection: AsyncConnection, key: int, number: int, attempt: Attempt) -> None:
        await connection.execute(
            schema.attempts.insert().values(
                submission=key,
                number=number,
                hash=attempt.hash,
                raw=attempt.raw,
                max_fee=attempt.price.max_fee,
                priority_fee=attempt.price.priority_fee,
                height=attempt.height,
            )
        )

    async def mined(self, submission: Submission, receipt: Receipt | None) -> None:
        nothing = dict.fromkeys(("block_number", "block_hash", "block_parent", "block_timestamp"))
        values = {
            "tx": receipt and receipt.transaction,
            "succeeded": receipt and receipt.succeeded,
            "gas_used": receipt and receipt.gas_used,
            **(rows.block_values(receipt.block) if receipt else nothing),
        }
        await self._update(submission, values)

    async def ended(self, submission: Submission) -> None:
        await self._update(submission, {"live": False})

    async def _update(self, submission: Submission, values: rows.Values) -> None:
        async with self._writer.begin() as connection:
            key = await _key(connection, submission)
            table = schema.submissions
            await connection.execute(table.update().where(table.c.id == key).values(dict(values)))


async def _key(connection: AsyncConnection, submission: Submission) -> int:
    table = schema.submissions
    same = (
        table.c.live,
        table.c.chain == submission.transaction.chain,
        table.c.account == submission.account,
        table.c.nonce == submission.nonce,
    )
    key: int = (await connection.execute(sa.select(table.c.id).where(*same))).scalar_one()
    return key


def _call(row: rows.Row) -> Call:
    return Call(Address(row.to), row.data, Gas(row.gas_limit))


def _price(row: rows.Row) -> Price:
    return Price(Wei(row.max_fee), Wei(row.priority_fee))


def _submission(row: rows.Row, attempts: tuple[Attempt, ...]) -> Submission:
    transaction = Transaction(ChainId(row.chain), row.nonce, _price(row), _call(row))
    receipt = None
    if row.tx is not None:
        receipt = Receipt(Hash32(row.tx), rows.block_of(row), row.succeeded, Gas(row.gas_used))
    lane = rows.lane_of(row) if row.lane is not None else None
    batch = rows.batch_of(row) if row.lane is not None else None
    return Submission(Address(row.account), transaction, attempts, lane, batch, receipt)
