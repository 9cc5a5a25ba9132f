"""The attester's memory of what it has signed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.store import schema


class SqlVows:
    """`Vows` on a connection that waits for the disk."""

    def __init__(self, durable: AsyncEngine) -> None:
        self._durable = durable

    async def vow(  # noqa: PLR0917 the place of a promise, then the promise
        self, source: ChainId, destination: ChainId, client: Address, epoch: int, height: Height, digest: Hash32
    ) -> bool:
        table = schema.vows
        values = {
            "source": source,
            "destination": destination,
            "client": client,
            "epoch": epoch,
            "height": height,
            "digest": digest,
        }
        place = [table.c[name] == value for name, value in values.items() if name != "digest"]
        async with self._durable.begin() as connection:
            await connection.execute(insert(table).values(values).on_conflict_do_nothing())
            promised = (await connection.execute(sa.select(table.c.digest).where(*place))).scalar_one()
        return bytes(promised) == digest
