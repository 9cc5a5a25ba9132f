"""One JSON-RPC endpoint over WebSocket: heads are pushed, calls share the connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Never

import aiohttp
import orjson

from relayer.adapters.evm.faults import DeadlinePassed, EndpointFault, NodeError
from relayer.adapters.evm.rpc import LARGEST_ANSWER, Answer, OnHead, Request, answer, encode, poll_head, public_name
from relayer.adapters.evm.wire import Json

SUBSCRIBE = Request("eth_subscribe", ("newHeads",))
LONGEST_PAUSE = 10.0
CLOSING = aiohttp.ClientWSTimeout(ws_close=1.0)


class WebSocketEndpoint:
    """JSON-RPC over one WebSocket, which `follow` keeps open.

    Heads come by `eth_subscribe`; a poll every few blocks covers for a subscription that fell silent.
    """

    def __init__(self, url: str, session: aiohttp.ClientSession, *, deadline: float, poll_seconds: float) -> None:
        self._url = url
        self._session = session
        self._deadline = deadline
        self._poll_seconds = poll_seconds
        self._ids = count(1)
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._opened = asyncio.Event()
        self._subscribed = False
        self._down = False

    @property
    def name(self) -> str:
        return public_name(self._url)

    async def send(self, requests: Sequence[Request]) -> Sequence[Answer]:
        # A WebSocket is ordered and open, so a batch is merely several messages.
        waiting: dict[int, asyncio.Future[Answer]] = {}
        try:
            async with asyncio.timeout(self._deadline):
                if self._down:
                    raise EndpointFault("not connected")
                await self._opened.wait()
                for request in requests:
                    number = next(self._ids)
                    waiting[number] = asyncio.get_running_loop().create_future()
                    self._waiting[number] = waiting[number]
                    await self._write(encode([request], number))
                return [await future for future in waiting.values()]
        except TimeoutError:
            raise DeadlinePassed(f"no answer within {self._deadline:g} s") from None
        finally:
            for number, future in waiting.items():
                self._waiting.pop(number, None)
                if future.done() and not future.cancelled():
                    future.exception()  # marks it as seen: the first failure spoke for all
                else:
                    future.cancel()

    async def follow(self, on_head: OnHead, on_fault: Callable[[EndpointFault], None]) -> Never:
        pause = 0.1
        while True:
            try:
                async with self._session.ws_connect(
                    self._url, max_msg_size=LARGEST_ANSWER, heartbeat=20.0, timeout=CLOSING
                ) as socket:
                    pause = 0.1
                    await self._converse(socket, on_head, on_fault)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                on_fault(EndpointFault(f"{type(error).__name__}: {error}"))
            except EndpointFault as fault:
                on_fault(fault)
            self._down = True
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _converse(
        self, socket: aiohttp.ClientWebSocketResponse, on_head: OnHead, on_fault: Callable[[EndpointFault], None]
    ) -> None:
        self._socket = socket
        self._down = False
        self._opened.set()
        try:
            async with asyncio.TaskGroup() as group:
                heads = group.create_task(self._heads(on_head, on_fault))
                await self._read(socket, on_head, on_fault)
                heads.cancel()
        finally:
            self._opened.clear()
            self._socket = None
            self._subscribed = False
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(EndpointFault("the connection closed"))

    async def _read(
        self, socket: aiohttp.ClientWebSocketResponse, on_head: OnHead, on_fault: Callable[[EndpointFault], None]
    ) -> None:
        async for message in socket:
            if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                return
            try:
                self._receive(orjson.loads(message.data), on_head)
            except orjson.JSONDecodeError:
                on_fault(EndpointFault("a message that is no JSON"))
                return
            except EndpointFault as fault:
                on_fault(fault)

    def _receive(self, entry: Json, on_head: OnHead) -> None:
        if not isinstance(entry, Mapping):
            raise EndpointFault("a message that is no JSON-RPC")
        if entry.get("method") == "eth_subscription":
            params = entry.get("params")
            on_head(params.get("result") if isinstance(params, Mapping) else None)
            return
        number = entry.get("id")
        future = self._waiting.get(number) if isinstance(number, int) else None
        if future is not None and not future.done():
            future.set_result(answer(entry))

    async def _heads(self, on_head: OnHead, on_fault: Callable[[EndpointFault], None]) -> Never:
        last: Json = None
        try:
            (subscription,) = await self.send([SUBSCRIBE])
            self._subscribed = not isinstance(subscription, NodeError)
        except EndpointFault as fault:
            on_fault(fault)
        while True:
            try:
                last = await poll_head(self, last, on_head)
            except EndpointFault as fault:
                on_fault(fault)
            # 20 polls a block make up for a missing subscription; with one, every second block is plenty.
            await asyncio.sleep(self._poll_seconds * (40 if self._subscribed else 1))

    async def _write(self, body: bytes) -> None:
        if self._socket is None:
            raise EndpointFault("the connection closed")
        try:
            await self._socket.send_str(body.decode())
        except (aiohttp.ClientError, OSError) as error:
            raise EndpointFault(f"{type(error).__name__}: {error}") from error
