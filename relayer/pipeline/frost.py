"""Stops a lane whose light client is frozen, whoever has frozen it: deliveries would cost gas and bring nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Never

from light_clients.types import Address, ChainId, Height
from relayer.domain.errors import Misbehaviour
from relayer.pipeline.engine import Engine

LOOK_AFTER = 4
"""Blocks of the destination between two looks."""

IsFrozen = Callable[[Address], Awaitable[bool]]
"""Whether the light client at this address serves nothing any more."""


class FrostWatch:
    """Serves one lane."""

    def __init__(self, destination: ChainId, client: Address, engine: Engine, is_frozen: IsFrozen) -> None:
        self._destination = destination
        self._client = client
        self._engine = engine
        self._is_frozen = is_frozen

    async def run(self) -> Never:
        height = Height(0)
        while not await self._is_frozen(self._client):
            await self._engine.until_read(self._destination, height)
            state = self._engine.chain(self._destination)
            height = Height((state.head.number if state else 0) + LOOK_AFTER)
        where = f"light client {self._client} on chain {self._destination}"
        raise Misbehaviour(f"the {where} is frozen: it has seen misbehaviour, and governance must replace it")
