"""JSON-RPC of a sealed chain: HTTP with batches, and WebSocket with subscriptions, on one port."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from relayer.domain.errors import Transient
from relayer.entrypoints.devnet.sealing.mined import MinedChain
from relayer.entrypoints.devnet.sealing.subscriptions import Subscriber, Subscriptions
from relayer.entrypoints.devnet.sealing.translation import INVALID_PARAMS, Ask, Known, Translator, Wrong

LARGEST_REQUEST = 512 << 20
INVALID_REQUEST, FAILED = -32600, -32000

Method = Callable[[Sequence[Any]], Awaitable[Any]]
"""A method of the node itself."""


class Server:
    """Answers what it can, and asks anvil the rest, concurrently."""

    def __init__(
        self,
        mined: MinedChain,
        translator: Translator,
        subscriptions: Subscriptions,
        methods: Mapping[str, Method],
    ) -> None:
        self._mined = mined
        self._translator = translator
        self._subscriptions = subscriptions
        self._methods = methods

    def app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_post("/", self._post)
        app.router.add_get("/", self._socket)
        return app

    async def _post(self, request: web.Request) -> web.Response:
        body = await self.respond(await request.read())
        return web.Response(body=body, content_type="application/json")

    async def respond(self, body: bytes) -> bytes:
        """The answer to a request or a batch."""
        try:
            asked = orjson.loads(body)
        except orjson.JSONDecodeError:
            return _error(None, -32700, "this is no JSON")
        if isinstance(asked, list):
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._one(each)) for each in asked]
            return b"[" + b",".join(task.result() for task in tasks) + b"]"
        return await self._one(asked, body)

    async def _one(self, asked: Any, body: bytes | None = None) -> bytes:
        """The answer to one request; `body` is the request as it came."""
        number = asked.get("id") if isinstance(asked, dict) else None
        try:
            method, params = _call(asked)
            if own := self._methods.get(method):
                return _result(number, orjson.dumps(await own(params)))
            plan = self._translator.plan(method, params)
            if isinstance(plan, Known):
                return _result(number, plan.result)
            if plan.method == method and plan.params is params and plan.mend is None:
                return await self._mined.post(body or orjson.dumps(asked))
            return await self._ask(number, plan)
        except Wrong as wrong:
            return _error(number, wrong.code, str(wrong))
        except Transient as trouble:
            return _error(number, FAILED, str(trouble))

    async def _ask(self, number: Any, plan: Ask) -> bytes:
        request = {"jsonrpc": "2.0", "id": number, "method": plan.method, "params": plan.params}
        raw = await self._mined.post(orjson.dumps(request))
        if plan.mend is None:
            return raw
        said = orjson.loads(raw)
        if "error" in said:
            return raw
        return _result(number, orjson.dumps(plan.mend(said["result"])))

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=LARGEST_REQUEST, heartbeat=20.0, compress=False)
        if not socket.can_prepare(request).ok:
            return web.Response(text="JSON-RPC: POST, or WebSocket\n")
        await socket.prepare(request)
        with self._subscriptions.subscriber() as subscriber:
            try:
                async with asyncio.TaskGroup() as group:
                    sending = group.create_task(_send(socket, subscriber))
                    await self._converse(socket, subscriber, group)
                    sending.cancel()
            except* (ConnectionError, aiohttp.ClientError):
                await socket.close()
        return socket

    async def _converse(self, socket: web.WebSocketResponse, subscriber: Subscriber, group: asyncio.TaskGroup) -> None:
        async for message in socket:
            if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                return
            body = message.data if isinstance(message.data, bytes) else message.data.encode()
            if b"scribe" in body and (answer := _subscribing(body, subscriber)) is not None:
                subscriber.tell(answer)
            else:
                group.create_task(self._answer(body, subscriber))

    async def _answer(self, body: bytes, subscriber: Subscriber) -> None:
        subscriber.tell(await self.respond(body))


def _call(asked: Any) -> tuple[str, Sequence[Any]]:
    """Method and parameters of a request."""
    match asked:
        case {"method": str(method), "params": list(params)}:
            return method, params
        case {"method": str(method), **rest} if rest.get("params") is None:
            return method, ()
        case _:
            raise Wrong(INVALID_REQUEST, "not a method with parameters by position")


def _subscribing(body: bytes, subscriber: Subscriber) -> bytes | None:
    """The answer to `eth_subscribe` and `eth_unsubscribe`; None for anything else."""
    asked: Any = None
    with suppress(orjson.JSONDecodeError):
        asked = orjson.loads(body)
    if not isinstance(asked, dict):
        return None
    number, params = asked.get("id"), asked.get("params") or [None]
    if asked.get("method") == "eth_unsubscribe":
        return _result(number, orjson.dumps(subscriber.unsubscribe(params[0])))
    if asked.get("method") != "eth_subscribe":
        return None
    if params[0] not in ("newHeads", "logs"):
        return _error(number, INVALID_PARAMS, f"no subscription to {params[0]!r}")
    query = params[1] if len(params) > 1 else {}
    return _result(number, orjson.dumps(subscriber.subscribe(params[0], query)))


async def _send(socket: web.WebSocketResponse, subscriber: Subscriber) -> None:
    while True:
        await socket.send_str((await subscriber.next()).decode())


def _result(number: Any, result: bytes) -> bytes:
    return b'{"jsonrpc":"2.0","id":' + orjson.dumps(number) + b',"result":' + result + b"}"


def _error(number: Any, code: int, message: str) -> bytes:
    return orjson.dumps({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}})
