"""Watches a source for misbehaviour, and freezes the light client that would believe it."""

from __future__ import annotations

from typing import Never

from light_clients.types import ChainId
from relayer.domain.errors import Misbehaviour
from relayer.ports import Conflict, Errand, Evidence, Headers, LightClients


class Guard:
    """Serves one light client. Looks anew after each start, so that evidence once found is found again."""

    def __init__(self, source: ChainId, *, headers: Headers, errand: Errand, light_clients: LightClients) -> None:
        self._source = source
        self._headers = headers
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
        await self._errand.send(self._headers.client, call)
        raise Misbehaviour(f"chain {self._source}: {evidence.what}; the light client is told to freeze")
