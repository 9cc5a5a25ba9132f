"""Watches a source for misbehaviour, and freezes the light client that would believe it."""

from __future__ import annotations

from typing import Never

from relayer.domain.errors import Misbehaviour
from relayer.domain.ids import Lane
from relayer.ports import Errand, Headers, LightClients


class Guard:
    """Serves one lane. Looks anew after each start, so that evidence once found is found again."""

    def __init__(self, lane: Lane, *, headers: Headers, errand: Errand, light_clients: LightClients) -> None:
        self._lane = lane
        self._headers = headers
        self._errand = errand
        self._light_clients = light_clients

    async def run(self) -> Never:
        evidence = await self._headers.misbehaviour()
        call = self._light_clients.encode_misbehaviour(evidence.proof)
        await self._errand.send(self._headers.client, call)
        raise Misbehaviour(f"chain {self._lane.source}: {evidence.what}; the light client is told to freeze")
