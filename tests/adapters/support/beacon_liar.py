"""A beacon node that stands before a real one and tampers with what it says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

Tamper = Callable[[str, Any], Any]
"""Takes the path and the answer; returns the answer."""


def honest(_path: str, answer: Any) -> Any:
    return answer


@dataclass
class BeaconLiar:
    """`tamper` changes what the real node says; it may do so in place."""

    upstream: str
    tamper: Tamper = honest
    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        async with aiohttp.ClientSession() as session, session.get(self.upstream + request.path_qs) as response:
            answer = await response.json()
        return web.json_response(self.tamper(request.path, answer), status=response.status)


@asynccontextmanager
async def lying_beacon(upstream: str, tamper: Tamper = honest) -> AsyncIterator[BeaconLiar]:
    liar = BeaconLiar(upstream, tamper)
    app = web.Application()
    app.router.add_get("/{path:.*}", liar.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    liar.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield liar
    finally:
        await runner.cleanup()
