"""The rows of lanes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from relayer.adapters.store import rows, schema
from relayer.domain.delivery import Batch
from relayer.domain.ids import Lane
from relayer.domain.lane import LaneState


class LaneKeys:
    """Looked up once a process; a lane's row is made when it is first spoken of."""

    def __init__(self) -> None:
        self._known: dict[Lane, int] = {}

    async def of(self, connection: AsyncConnection, lane: Lane) -> int:
        """The lane's key, in a transaction that may write."""
        known = self._known.get(lane)
        if known is not None:
            return known
        key = await self.find(connection, lane)
        if key is None:
            values = {**rows.lane_values(lane), **rows.state_values(LaneState.new(lane))}
            result = await connection.execute(schema.lanes.insert().values(values))
            key = inserted(result)
        self._known[lane] = key
        return key

    async def find(self, connection: AsyncConnection, lane: Lane) -> int | None:
        """The lane's key, None while nothing is stored of it."""
        if lane in self._known:
            return self._known[lane]
        table = schema.lanes
        same = [table.c[name] == value for name, value in rows.lane_values(lane).items()]
        key: int | None = (await connection.execute(sa.select(table.c.id).where(*same))).scalar()
        return key


async def in_flight(connection: AsyncConnection) -> dict[int, tuple[Batch, ...]]:
    """The batches of each lane that have not ended, by the lane's key."""
    table = schema.batches
    found: dict[int, tuple[Batch, ...]] = {}
    for row in await connection.execute(sa.select(table).where(table.c.ending.is_(None)).order_by(table.c.number)):
        found[row.lane] = (*found.get(row.lane, ()), rows.batch_of(row))
    return found


def inserted(result: sa.CursorResult[Any]) -> int:
    """The key of the row that an insert has made."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
