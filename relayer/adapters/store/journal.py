"""The daemon's memory: lanes, effects and the facts behind them, in one transaction a step."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from light_clients.types import ChainId
from relayer.adapters.store import rows, schema
from relayer.adapters.store.lanes import LaneKeys, in_flight
from relayer.domain.facts import (
    BatchEnded,
    BatchPrepared,
    ChainReorged,
    Delivered,
    DestinationReorged,
    ExecutionReported,
    Fact,
    HeadReached,
    MessagesSeen,
    SourceReorged,
    Submit,
)
from relayer.domain.ids import BlockRef
from relayer.domain.lane import LaneState
from relayer.domain.reorgs import forgotten
from relayer.ports import Change

PRUNE_EVERY = 64
"""Blocks after which those that no reorganisation can reach any more are forgotten."""


class SqlJournal:
    """A `Journal`, and the projections that `SqlHistory` and `SqlViews` read."""

    def __init__(self, writer: AsyncEngine, keys: LaneKeys) -> None:
        self._writer = writer
        self._keys = keys

    async def lanes(self) -> Sequence[LaneState]:
        async with self._writer.begin() as connection:
            batches = await in_flight(connection)
            found = await connection.execute(sa.select(schema.lanes))
            return [rows.state_of(row, batches.get(row.id, ())) for row in found]

    async def blocks(self, chain: ChainId) -> Sequence[BlockRef]:
        table = schema.blocks
        query = sa.select(table).where(table.c.chain == chain).order_by(table.c.block_number.desc())
        async with self._writer.begin() as connection:
            return [rows.block_of(row) for row in await connection.execute(query)]

    async def commit(self, change: Change) -> None:
        async with self._writer.begin() as connection:
            for fact in change.facts:
                await self._project(connection, fact)
            for state in change.lanes:
                key = await self._keys.of(connection, state.lane)
                await connection.execute(
                    schema.lanes.update().where(schema.lanes.c.id == key).values(rows.state_values(state))
                )
            for effect in change.effects:
                if isinstance(effect, Submit):
                    await self._put_out(connection, effect)

    async def _put_out(self, connection: AsyncConnection, effect: Submit) -> None:
        key = await self._keys.of(connection, effect.lane)
        batch = effect.batch
        await connection.execute(
            schema.batches.insert().values(
                lane=key,
                number=batch.number,
                first=batch.first,
                last=batch.last,
                height=batch.height,
                signed=batch.signed,
            )
        )
        await connection.execute(
            schema.outbox.insert().values(
                lane=key,
                number=batch.number,
                chain=effect.lane.destination,
                to=effect.call.to,
                data=effect.call.data,
                gas_limit=effect.call.gas_limit,
            )
        )

    async def _project(self, connection: AsyncConnection, fact: Fact) -> None:
        match fact:
            case MessagesSeen():
                key = await self._keys.of(connection, fact.lane)
                values = [rows.message_values(key, sent) for sent in fact.messages]
                await connection.execute(insert(schema.messages).on_conflict_do_nothing(), values)
            case SourceReorged(lane=lane, standing=standing):
                key = await self._keys.of(connection, lane)
                table = schema.messages
                await connection.execute(table.delete().where(table.c.lane == key, table.c.nonce > standing.nonce))
            case Delivered():
                key = await self._keys.of(connection, fact.lane)
                values = [rows.delivery_values(key, fact)]
                await connection.execute(insert(schema.deliveries).on_conflict_do_nothing(), values)
            case DestinationReorged():
                await self._undo_deliveries(connection, fact)
            case ExecutionReported():
                await self._report(connection, fact)
            case BatchEnded():
                await self._end(connection, fact)
            case HeadReached():
                await self._reach(connection, fact)
            case ChainReorged(chain=chain, ancestor=ancestor):
                blocks = schema.blocks
                gone = (blocks.c.chain == chain, blocks.c.block_number > ancestor.number)
                await connection.execute(blocks.delete().where(*gone))
            case BatchPrepared():
                pass  # the batch comes with its effect
            case _:
                pass  # told by the lane's cursors

    async def _undo_deliveries(self, connection: AsyncConnection, fact: DestinationReorged) -> None:
        key = await self._keys.of(connection, fact.lane)
        for table in (schema.deliveries, schema.executions):
            gone = (table.c.lane == key, table.c.block_number > fact.ancestor)
            await connection.execute(table.delete().where(*gone))

    async def _report(self, connection: AsyncConnection, fact: ExecutionReported) -> None:
        values = {
            "lane": await self._keys.of(connection, fact.lane),
            "nonce": fact.nonce,
            "execution": fact.execution.value,
            "tx": fact.at.hash,
            **rows.block_values(fact.at.block),
            "back": fact.back,
            "relayer": fact.relayer,
        }
        await connection.execute(insert(schema.executions).on_conflict_do_nothing(), values)

    async def _end(self, connection: AsyncConnection, fact: BatchEnded) -> None:
        key = await self._keys.of(connection, fact.lane)
        batches, submissions, outbox = schema.batches, schema.submissions, schema.outbox
        ending = {"ending": fact.ending.value, "reason": fact.reason, "gas_used": fact.gas_used}
        this = (batches.c.lane == key, batches.c.number == fact.batch.number)
        await connection.execute(batches.update().where(*this).values(ending))
        same = (submissions.c.lane == key, submissions.c.number == fact.batch.number)
        await connection.execute(submissions.update().where(*same).values(live=False))
        waiting = (outbox.c.lane == key, outbox.c.number == fact.batch.number)
        await connection.execute(outbox.delete().where(*waiting))

    async def _reach(self, connection: AsyncConnection, fact: HeadReached) -> None:
        values = {"chain": fact.chain, **rows.block_values(fact.head), "final": fact.final}
        await connection.execute(insert(schema.chains).values(values).on_conflict_do_update(None, set_=values))
        blocks = schema.blocks
        block = {"chain": fact.chain, **rows.block_values(fact.head)}
        await connection.execute(insert(blocks).values(block).on_conflict_do_update(None, set_=block))
        if fact.head.number % PRUNE_EVERY == 0:
            await self._prune(connection, fact)

    async def _prune(self, connection: AsyncConnection, fact: HeadReached) -> None:
        blocks = schema.blocks
        query = sa.select(blocks).where(blocks.c.chain == fact.chain).order_by(blocks.c.block_number.desc())
        horizon = forgotten([rows.block_of(row) for row in await connection.execute(query)], fact.final)
        old = (blocks.c.chain == fact.chain, blocks.c.block_number < horizon)
        await connection.execute(blocks.delete().where(*old))
