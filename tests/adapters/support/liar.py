"""An endpoint that stands before a real node and tampers with what it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

Tamper = Callable[[str, list[Any], Any], Any]


class Refusal(Exception):
    """Raised by a `tamper`: the endpoint answers with an error of these words."""


def honest(_method: str, _params: list[Any], result: Any) -> Any:
    return result


@dataclass
class Liar:
    """`tamper` changes results; `answer` takes the place of the whole answer."""

    upstream: str
    tamper: Tamper = honest
    answer: Callable[[], Awaitable[web.Response]] | None = None
    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.Response:
        calls = json.loads(await request.text())
        one = isinstance(calls, dict)
        self.asked += [call["method"] for call in ([calls] if one else calls)]
        if self.answer is not None:
            return await self.answer()
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.upstream, json=[calls] if one else calls) as response,
        ):
            answers = await response.json()
        for call, answer in zip([calls] if one else calls, answers, strict=True):
            if "result" in answer:
                self._tamper(call, answer)
        return web.json_response(answers[0] if one else answers)

    def _tamper(self, call: Any, answer: Any) -> None:
        try:
            answer["result"] = self.tamper(call["method"], call.get("params", []), answer["result"])
        except Refusal as refusal:
            del answer["result"]
            answer["error"] = {"code": -32005, "message": str(refusal)}


@asynccontextmanager
async def a_liar(upstream: str, tamper: Tamper = honest) -> AsyncIterator[Liar]:
    liar = Liar(upstream, tamper)
    app = web.Application(client_max_size=1 << 26)
    app.router.add_post("/", liar.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        liar.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield liar
    finally:
        await runner.cleanup()


async def too_many_requests() -> web.Response:
    return web.Response(status=429, headers={"Retry-After": "1"})


async def broken() -> web.Response:
    return web.Response(status=500, text="upstream is down")


async def garbage() -> web.Response:
    return web.Response(text="<html>maintenance</html>")


async def silence() -> web.Response:
    await asyncio.sleep(3600)
    return web.Response()
