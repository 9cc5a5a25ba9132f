"""Who wants to hear of new heads and of logs, told in order once a block is sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import orjson

from relayer.domain.errors import Transient
from relayer.entrypoints.devnet.sealing.blocks import Object, SealedBlock, header_json
from relayer.entrypoints.devnet.sealing.mined import MinedChain
from relayer.entrypoints.devnet.sealing.translation import Ask, Translator

MOST_WAITING = 4096


class Subscriber:
    """One WebSocket: what is still to be sent over it, and what it wants to hear of."""

    def __init__(self, names: Iterator[int]) -> None:
        self._names = names
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self.heads: set[str] = set()
        self.logs: dict[str, Any] = {}

    def tell(self, message: bytes) -> None:
        """Raises `ConnectionError` when the other end has not read for very long."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            raise ConnectionError("the other end does not read") from None

    async def next(self) -> bytes:
        return await self._waiting.get()

    def subscribe(self, kind: str, query: Any) -> str:
        name = hex(next(self._names))
        if kind == "newHeads":
            self.heads.add(name)
        else:
            self.logs[name] = query or {}
        return name

    def unsubscribe(self, name: Any) -> bool:
        known = name in self.heads or name in self.logs
        self.heads.discard(name)
        self.logs.pop(name, None)
        return known

    def notify(self, name: str, result: bytes) -> None:
        head = b'{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":'
        self.tell(head + orjson.dumps(name) + b',"result":' + result + b"}}")


class Subscriptions:
    """All WebSockets of one server."""

    def __init__(self, mined: MinedChain, translator: Translator) -> None:
        self._mined = mined
        self._translator = translator
        self._names = count(1)
        self._subscribers: set[Subscriber] = set()
        self._logged: asyncio.Queue[SealedBlock] = asyncio.Queue(MOST_WAITING)

    @contextmanager
    def subscriber(self) -> Iterator[Subscriber]:
        subscriber = Subscriber(self._names)
        self._subscribers.add(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)

    def announce(self, block: SealedBlock, mined: Object) -> None:  # noqa: ARG002 - a listener of the node
        """Tell of a new head now, and of its logs as soon as they are read."""
        head = orjson.dumps(header_json(block))
        for subscriber in self._subscribers:
            for name in subscriber.heads:
                self._notify(subscriber, name, head)
        if any(block.header.logs_bloom) and any(each.logs for each in self._subscribers):
            self._logged.put_nowait(block)

    async def run(self) -> None:
        """Read the logs of new blocks for those who subscribed to them."""
        while True:
            block = await self._logged.get()
            for subscriber in list(self._subscribers):
                for name, query in list(subscriber.logs.items()):
                    for log in await self._logs(block, query):
                        self._notify(subscriber, name, orjson.dumps(log))

    async def _logs(self, block: SealedBlock, query: Any) -> Any:
        wanted = {key: query[key] for key in ("address", "topics") if key in query}
        plan = self._translator.plan("eth_getLogs", [{**wanted, "blockHash": str(block.hash)}])
        assert isinstance(plan, Ask)
        assert plan.mend is not None
        try:
            return plan.mend(await self._mined.call(plan.method, *plan.params))
        except Transient:
            return ()  # anvil is gone: its subscribers ask for logs again when they find it back

    def _notify(self, subscriber: Subscriber, name: str, result: bytes) -> None:
        try:
            subscriber.notify(name, result)
        except ConnectionError:
            subscriber.heads.clear()
            subscriber.logs.clear()
