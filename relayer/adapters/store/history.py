"""The messages and deliveries that the facts told of."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from light_clients.types import Hash32, Height
from relayer.adapters.store import rows, schema
from relayer.adapters.store.lanes import LaneKeys
from relayer.domain.events import MessageSent
from relayer.domain.facts import Execution, Mark
from relayer.domain.ids import Lane, Nonce
from relayer.domain.lane import unmoved
from relayer.domain.rules import Failure


class SqlHistory:
    """A `History`; reads what the journal has committed."""

    def __init__(self, reader: AsyncEngine, keys: LaneKeys) -> None:
        self._reader = reader
        self._keys = keys

    async def messages(self, lane: Lane, first: Nonce, limit: int) -> Sequence[MessageSent]:
        table = schema.messages
        columns = table.c.nonce >= first, table.c.nonce < first + limit
        found = await self._all(lane, sa.select(table).where(*columns).order_by(table.c.nonce))
        return [rows.message_of(row, lane) for row in found]

    async def leaves(self, lane: Lane, first: Nonce, last: Nonce) -> Sequence[Hash32]:
        table = schema.messages
        query = sa.select(table.c.id).where(table.c.nonce.between(first, last)).order_by(table.c.nonce)
        return [Hash32(row.id) for row in await self._all(lane, query)]

    async def sent_at(self, lane: Lane, height: Height) -> Mark:
        table = schema.messages
        query = sa.select(table.c.nonce, table.c.accumulator, table.c.block_number)
        newest = query.where(table.c.block_number <= height).order_by(table.c.nonce.desc()).limit(1)
        found = await self._all(lane, newest)
        return _mark(found[0]) if found else unmoved(lane)

    async def delivered_at(self, lane: Lane, height: Height) -> Mark:
        table = schema.deliveries
        query = sa.select(table.c.last.label("nonce"), table.c.accumulator, table.c.block_number)
        newest = query.where(table.c.block_number <= height).order_by(table.c.last.desc()).limit(1)
        found = await self._all(lane, newest)
        return _mark(found[0]) if found else unmoved(lane)

    async def failed(self, lane: Lane, after: Nonce, limit: int) -> Sequence[Failure]:
        table, executions = schema.messages, schema.executions
        ended = executions.alias("ended")
        ends = (Execution.RETRIED.value, Execution.BOUNCED.value)
        mended = sa.exists().where(
            ended.c.lane == executions.c.lane, ended.c.nonce == executions.c.nonce, ended.c.execution.in_(ends)
        )
        query = (
            sa.select(table, executions.c.block_timestamp.label("since"))
            .join(executions, sa.and_(executions.c.lane == table.c.lane, executions.c.nonce == table.c.nonce))
            .where(executions.c.execution == Execution.FAILED.value, table.c.nonce > after, ~mended)
            .order_by(table.c.nonce)
            .limit(limit)
        )
        async with self._reader.begin() as connection:
            key = await self._keys.find(connection, lane)
            if key is None:
                return []
            found = (await connection.execute(query.where(table.c.lane == key))).all()
        return [Failure(rows.message_of(row, lane), row.since) for row in found]

    async def expressed(self, lane: Lane, first: Nonce, last: Nonce) -> Collection[Nonce]:
        table = schema.executions
        query = sa.select(table.c.nonce).where(
            table.c.nonce.between(first, last), table.c.execution == Execution.EXPRESSED.value
        )
        return {Nonce(row.nonce) for row in await self._all(lane, query)}

    async def mark(self, lane: Lane, nonce: Nonce) -> Mark | None:
        table = schema.messages
        query = sa.select(table.c.nonce, table.c.accumulator, table.c.block_number)
        found = await self._all(lane, query.where(table.c.nonce == nonce))
        return _mark(found[0]) if found else None

    async def _all(self, lane: Lane, query: sa.Select[tuple[object, ...]]) -> Sequence[rows.Row]:
        async with self._reader.begin() as connection:
            key = await self._keys.find(connection, lane)
            if key is None:
                return []
            table = query.get_final_froms()[0]
            return (await connection.execute(query.where(table.c.lane == key))).all()


def _mark(row: rows.Row) -> Mark:
    return Mark(Nonce(row.nonce), Hash32(row.accumulator), Height(row.block_number))
