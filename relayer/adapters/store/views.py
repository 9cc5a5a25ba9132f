"""Answers to people who ask where their message is."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.store import rows, schema
from relayer.adapters.store.lanes import in_flight
from relayer.domain.facts import Execution
from relayer.domain.ids import BlockRef, Gas, Lane, Nonce, Wei
from relayer.domain.lane import LaneState
from relayer.domain.message import RETURNED
from relayer.domain.views import ChainView, LaneView, MessageView, Stage

_messages, _lanes, _batches, _deliveries = schema.messages, schema.lanes, schema.batches, schema.deliveries


ENDS = (Stage.BOUNCED, Stage.EXPIRED, Stage.RETRIED, Stage.FAILED, Stage.EXPRESSED)
"""What the destination may report of a message, the last word first."""

RECENT = 100_000
"""So many messages, the newest, are searched for an account: bytes of payloads have no index."""

ARRIVAL = ("tx", "relayer", "block_number", "block_hash", "block_parent", "block_timestamp")
"""Of the transaction that brought a message: the one that expressed it, or else the one that delivered it."""


class SqlViews:
    """`Views`; may be read in another process than the daemon's."""

    def __init__(self, reader: AsyncEngine) -> None:
        self._reader = reader

    async def chains(self) -> Sequence[ChainView]:
        async with self._reader.begin() as connection:
            found = await connection.execute(sa.select(schema.chains).order_by(schema.chains.c.chain))
            return [ChainView(ChainId(row.chain), rows.block_of(row), Height(row.final)) for row in found]

    async def lanes(self) -> Sequence[LaneView]:
        oldest = sa.and_(_messages.c.lane == _lanes.c.id, _messages.c.nonce == _lanes.c.included + 1)
        query = (
            sa.select(_lanes, _messages.c.nonce, _messages.c.block_timestamp)
            .select_from(_lanes.outerjoin(_messages, oldest))
            .order_by(_lanes.c.source, _lanes.c.destination)
        )
        async with self._reader.begin() as connection:
            batches = await in_flight(connection)
            found = (await connection.execute(query)).all()
        return [_lane_view(row, rows.state_of(row, batches.get(row.id, ()))) for row in found]

    async def message(self, id: Hash32) -> MessageView | None:  # noqa: A002 the word is the domain's
        found = await self._views(_messages.c.id == id)
        return found[0] if found else None

    async def messages_of(self, source_transaction: Hash32) -> Sequence[MessageView]:
        return await self._views(_messages.c.tx == source_transaction)

    async def brought_by(self, transaction: Hash32) -> Sequence[MessageView]:
        executions = schema.executions
        brought = sa.union(
            sa.select(_deliveries.c.lane, _deliveries.c.first, _deliveries.c.last).where(
                _deliveries.c.tx == transaction
            ),
            sa.select(executions.c.lane, executions.c.nonce, executions.c.nonce).where(executions.c.tx == transaction),
        )
        async with self._reader.begin() as connection:
            places = (await connection.execute(brought)).all()
        covered = [
            sa.and_(_messages.c.lane == lane, _messages.c.nonce.between(first, last)) for lane, first, last in places
        ]
        return await self._views(sa.or_(sa.false(), *covered))

    async def of_account(self, account: Address, limit: int = 50) -> Sequence[MessageView]:
        place: sa.ColumnElement[int] = sa.literal_column("messages.rowid")
        newest = sa.select(sa.func.max(sa.literal_column("rowid"))).select_from(_messages.alias()).scalar_subquery()
        named = sa.or_(
            _messages.c.sender == account,
            _messages.c.recipient == account,
            sa.func.instr(_messages.c.payload, sa.literal(bytes(account), sa.LargeBinary)) > 0,
        )
        return await self._views(sa.and_(place > newest - RECENT, named), limit)

    async def newest(
        self, lane: Lane | None = None, before: Nonce | None = None, limit: int = 50
    ) -> Sequence[MessageView]:
        wanted: list[sa.ColumnElement[bool]] = [sa.true()]
        if lane is not None:
            wanted += [_lanes.c[name] == value for name, value in rows.lane_values(lane).items()]
        if before is not None:
            wanted.append(_messages.c.nonce < before)
        return await self._views(sa.and_(*wanted), limit)

    async def _views(self, wanted: sa.ColumnElement[bool], limit: int = 100) -> Sequence[MessageView]:
        async with self._reader.begin() as connection:
            found = (await connection.execute(_MESSAGE_VIEW.where(wanted).limit(limit))).all()
            batches = await in_flight(connection)
        return [_message_view(row, rows.state_of(row, batches.get(row.lane_id, ()))) for row in found]


def _message_view_query() -> sa.Select[tuple[object, ...]]:
    """A message with its lane, the delivery that covers it, our newest batch that does, and what its recipient did."""
    covering = (
        sa.select(sa.func.min(_deliveries.c.last))
        .where(_deliveries.c.lane == _messages.c.lane, _deliveries.c.last >= _messages.c.nonce)
        .correlate(_messages)
        .scalar_subquery()
    )
    ours = (
        sa.select(sa.func.max(_batches.c.number))
        .where(
            _batches.c.lane == _messages.c.lane,
            _batches.c.last >= _messages.c.nonce,
            _batches.c.first <= _messages.c.nonce,
        )
        .correlate(_messages)
        .scalar_subquery()
    )
    executions, submissions, attempts = schema.executions, schema.submissions, schema.attempts
    executed = (
        sa.select(sa.func.group_concat(executions.c.execution))
        .where(executions.c.lane == _messages.c.lane, executions.c.nonce == _messages.c.nonce)
        .correlate(_messages)
        .scalar_subquery()
    )
    bounced, expressed = executions.alias("bounced"), executions.alias("expressed")
    sent = (
        sa.select(attempts.c.hash)
        .join(submissions, submissions.c.id == attempts.c.submission)
        .where(submissions.c.lane == _batches.c.lane, submissions.c.number == _batches.c.number)
        .order_by(attempts.c.submission.desc(), attempts.c.number.desc())
        .limit(1)
        .correlate(_batches)
        .scalar_subquery()
    )
    same_delivery = sa.and_(_deliveries.c.lane == _messages.c.lane, _deliveries.c.last == covering)
    same_batch = sa.and_(_batches.c.lane == _messages.c.lane, _batches.c.number == ours)
    mined = sa.and_(submissions.c.lane == _batches.c.lane, submissions.c.number == _batches.c.number)
    joined = (
        _messages.join(_lanes, _lanes.c.id == _messages.c.lane)
        .outerjoin(_deliveries, same_delivery)
        .outerjoin(_batches, same_batch)
        .outerjoin(submissions, mined)
        .outerjoin(bounced, _came_to(bounced, Execution.BOUNCED))
        .outerjoin(expressed, _came_to(expressed, Execution.EXPRESSED))
    )
    return (
        sa.select(
            _lanes.c.id.label("lane_id"),
            *[column for column in _lanes.c if column.name != "id"],
            *[column for column in _messages.c if column.name != "lane"],
            executed.label("executed"),
            bounced.c.back,
            sent.label("sent"),
            submissions.c.tx.label("mined_tx"),
            _batches.c.gas_used.label("batch_gas"),
            _batches.c.height.label("batch_height"),
            _batches.c.signed.label("batch_signed"),
            _batches.c.first.label("batch_first"),
            _batches.c.last.label("batch_last"),
            _deliveries.c.first.label("delivery_first"),
            _deliveries.c.last.label("delivery_last"),
            expressed.c.tx.label("expressed_tx"),
            *[sa.func.coalesce(expressed.c[name], _deliveries.c[name]).label(f"arrival_{name}") for name in ARRIVAL],
        )
        .select_from(joined)
        .order_by(_messages.c.block_timestamp.desc(), _messages.c.nonce.desc())
    )


def _came_to(executions: sa.FromClause, execution: Execution) -> sa.ColumnElement[bool]:
    return sa.and_(
        executions.c.lane == _messages.c.lane,
        executions.c.nonce == _messages.c.nonce,
        executions.c.execution == execution.value,
    )


_MESSAGE_VIEW = _message_view_query()


def _lane_view(row: rows.Row, state: LaneState) -> LaneView:
    return LaneView(
        state.lane,
        seen=state.seen.nonce,
        final=state.final,
        submitted=state.submitted,
        included=state.included.nonce,
        settled=state.settled,
        oldest_pending=row.nonce,
        oldest_pending_since=row.block_timestamp,
        setbacks=state.setbacks,
        halted=state.halted,
    )


def _stage(row: rows.Row, state: LaneState) -> Stage:
    came_to = (row.executed or "").split(",")
    for stage in ENDS:
        if stage.value in came_to:
            return stage
    if row.nonce <= state.included.nonce:
        return Stage.SETTLED if row.nonce <= state.settled else Stage.EXECUTED
    if row.nonce <= state.submitted:
        return Stage.SUBMITTED
    return Stage.FINAL if row.nonce <= state.final else Stage.SEEN


def _message_view(row: rows.Row, state: LaneState) -> MessageView:
    arrived, expressed = row.arrival_tx is not None, row.expressed_tx is not None
    on_its_way = not arrived and row.nonce <= state.submitted
    mine = on_its_way or (arrived and row.arrival_tx in (row.mined_tx, row.sent))
    transaction = row.arrival_tx if arrived else row.sent if on_its_way else None
    batch = (row.batch_first, row.batch_last) if on_its_way else (row.delivery_first, row.delivery_last)
    return MessageView(
        id=Hash32(row.id),
        lane=state.lane,
        nonce=Nonce(row.nonce),
        stage=_stage(row, state),
        sender=Address(row.sender),
        recipient=Address(row.recipient),
        fee=Wei(int.from_bytes(row.fee, "big")),
        gas_limit=row.gas_limit,
        deadline=int.from_bytes(row.deadline, "big"),
        flags=row.flags,
        payload_length=len(row.payload),
        source_transaction=Hash32(row.tx),
        source_block=rows.block_of(row),
        destination_transaction=Hash32(transaction) if transaction else None,
        destination_block=_arrival_block(row) if arrived else None,
        relayer=Address(row.arrival_relayer) if arrived else None,
        header_height=Height(row.batch_height) if mine else None,
        attestations=row.batch_signed if mine else None,
        batch=batch if (arrived or on_its_way) and not expressed else None,
        gas_used=Gas(row.batch_gas) if arrived and mine and row.batch_gas is not None else None,
        returns=Hash32(row.payload[:32]) if row.flags == RETURNED else None,
        returned_as=Hash32(row.back) if row.back else None,
    )


def _arrival_block(row: rows.Row) -> BlockRef:
    return BlockRef(
        Height(row.arrival_block_number),
        Hash32(row.arrival_block_hash),
        Hash32(row.arrival_block_parent),
        row.arrival_block_timestamp,
    )
