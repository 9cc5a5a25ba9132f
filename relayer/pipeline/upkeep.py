"""Brings a light client what it needs though no message asks for it: hand-overs, epochs, trust before it runs out."""

from __future__ import annotations

from typing import Never

from light_clients.types import ChainId, Height
from relayer.pipeline.engine import Engine
from relayer.ports import Errand, Headers, LightClients

ARRIVAL = 4
"""Blocks of the destination in which an update must have arrived before one is looked for again."""


class Upkeep:
    """Serves one light client. What is overdue is read from the contract, so that nothing is remembered."""

    def __init__(
        self, destination: ChainId, *, headers: Headers, engine: Engine, errand: Errand, light_clients: LightClients
    ) -> None:
        self._destination = destination
        self._headers = headers
        self._engine = engine
        self._errand = errand
        self._light_clients = light_clients

    async def run(self) -> Never:
        while True:
            update = await self._headers.overdue()
            await self._errand.send(self._headers.client, self._light_clients.encode_update(update.update))
            await self._await_blocks()

    async def _await_blocks(self) -> None:
        chain = self._destination
        state = self._engine.chain(chain)
        await self._engine.until_read(chain, Height(ARRIVAL + (state.head.number if state else 0)))
