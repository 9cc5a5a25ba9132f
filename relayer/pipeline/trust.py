"""Tells how far a light client believes its source, and until when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Never

from light_clients.types import Address, ChainId, Height
from relayer.domain.notices import ClientSeen, Trust
from relayer.pipeline.engine import Engine

LOOK_AFTER = 16
"""Blocks of the destination between two looks: trust runs out in days."""

ReadTrust = Callable[[Address], Awaitable[Trust]]
"""What the light client at this address says of itself."""


class TrustWatch:
    """Serves one light client, whether or not it has a lane of its own."""

    def __init__(
        self, source: ChainId, destination: ChainId, *, client: Address, engine: Engine, read: ReadTrust
    ) -> None:
        self._source = source
        self._destination = destination
        self._client = client
        self._engine = engine
        self._read = read

    async def run(self) -> Never:
        height = Height(0)
        while True:
            await self._engine.until_read(self._destination, height)
            trust = await self._read(self._client)
            await self._engine.post(ClientSeen(self._source, self._destination, self._client, trust))
            state = self._engine.chain(self._destination)
            height = Height((state.head.number if state else 0) + LOOK_AFTER)
