"""Watches a source for misbehaviour, and freezes the light client that would believe it."""

from __future__ import annotations

from typing import Never

from light_clients.types import ChainId
from relayer.domain.errors import Misbehaviour
from relayer.domain.notices import MisbehaviourSubmitted
from relayer.pipeline.engine import Engine
from relayer.ports import Conflict, Errand, Evidence, Headers, LightClients


class Guard:
    """Serves one light client. Looks anew after each start, so that evidence once found is found again."""

    def __init__(
        self,
        source: ChainId,
        destination: ChainId,
        *,
        headers: Headers,
        engine: Engine,
        errand: Errand,
        light_clients: LightClients,
    ) -> None:
        self._source = source
        self._destination = destination
        self._headers = headers
        self._engine = engine
        self._errand = errand
        self._light_clients = light_clients

    async def run(self) -> Never:
        """Wait for a contradiction, hand it in, and stop the lane: raises `Misbehaviour`."""
        evidence = await self._headers.misbehaviour()
        match evidence:
            case Evidence(proof=proof):
                call = self._light_clients.encode_misbehaviour(proof)
            case Conflict(update=update):
                call = self._light_clients.encode_update(update)
        client = self._headers.client
        await self._errand.send(client, call)
        await self._engine.post(MisbehaviourSubmitted(self._source, self._destination, client))
        raise Misbehaviour(f"chain {self._source}: {evidence.what}; the light client is told to freeze")
