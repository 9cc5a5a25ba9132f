"""The bus over an MQTT broker that may come and go."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Never

import aiomqtt

LONGEST_QUEUE = 10_000
LONGEST_PAUSE = 10.0
FIRST_PAUSE = 0.1
AT_LEAST_ONCE = 1
LARGEST_PAYLOAD = 64 << 10

logging.getLogger("mqtt").setLevel(logging.CRITICAL)  # aiomqtt's logger; what matters is told to `on_connection`


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker listens, and who we are to it."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"Broker({self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Presence:
    """A retained word on whether we are there; the broker says the last one when we vanish."""

    topic: str
    online: bytes
    offline: bytes


@dataclass(frozen=True, slots=True)
class _Outgoing:
    topic: str
    payload: bytes
    retain: bool


class _Subscription:
    """A bounded queue that drops its oldest."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._queue: deque[tuple[str, bytes]] = deque(maxlen=LONGEST_QUEUE)
        self._filled = asyncio.Event()

    def put(self, topic: str, payload: bytes) -> None:
        self._queue.append((topic, payload))
        self._filled.set()

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        while True:
            while self._queue:
                yield self._queue.popleft()
            self._filled.clear()
            await self._filled.wait()


class MqttBus:
    """The `Bus` port; `run` keeps the connection. Losing it costs notifications, never a caller's time."""

    def __init__(
        self, broker: Broker, presence: Presence | None = None, on_connection: Callable[[str], None] = lambda _: None
    ) -> None:
        self._broker = broker
        self._presence = presence
        self._on_connection = on_connection
        self._outgoing: OrderedDict[str | int, _Outgoing] = OrderedDict()
        self._numbers = count()
        self._subscriptions: list[_Subscription] = []
        self._work = asyncio.Event()
        self.dropped = 0
        """Messages given up because the broker was away for too long."""

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.announce(topic, payload, retain=retain)

    def announce(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """`publish`, for callers that cannot await."""
        # Of a retained topic only the newest word counts: a burst costs one message a topic, not one a change.
        key: str | int = topic if retain else next(self._numbers)
        self._outgoing[key] = _Outgoing(topic, payload, retain)
        if len(self._outgoing) > LONGEST_QUEUE:
            self._outgoing.popitem(last=False)
            self.dropped += 1
        self._work.set()

    @asynccontextmanager
    async def subscribe(self, pattern: str) -> AsyncIterator[AsyncIterator[tuple[str, bytes]]]:
        subscription = _Subscription(pattern)
        self._subscriptions.append(subscription)
        self._work.set()
        try:
            yield subscription.messages()
        finally:
            self._subscriptions.remove(subscription)

    async def run(self) -> Never:
        """Connect, and connect again, for ever."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with self._client() as client:
                    self._on_connection("")
                    pause = FIRST_PAUSE
                    await self._serve(client)
            except aiomqtt.MqttError as error:
                _heed_cancellation()
                self._on_connection(str(error) or "the broker is away")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _client(self) -> aiomqtt.Client:
        there = self._presence
        will = None if there is None else aiomqtt.Will(there.topic, there.offline, AT_LEAST_ONCE, retain=True)
        return aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.username,
            password=self._broker.password,
            will=will,
            timeout=5.0,
            keepalive=15,
            max_queued_incoming_messages=LONGEST_QUEUE,
        )

    async def _serve(self, client: aiomqtt.Client) -> None:
        if self._presence is not None:
            await client.publish(self._presence.topic, self._presence.online, AT_LEAST_ONCE, retain=True)
        # Not a TaskGroup: before Python 3.13 its parent counts as cancelled after a child has failed, and `run` has to
        # tell a lost connection from a cancellation.
        workers = [asyncio.create_task(self._receive(client)), asyncio.create_task(self._send(client))]
        try:
            ended, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self._farewell(client)
            raise
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.wait(workers)
        for worker in ended:
            worker.result()

    async def _farewell(self, client: aiomqtt.Client) -> None:
        """A will is for those who vanish: who leaves says so."""
        if self._presence is None:
            return
        try:
            await client.publish(self._presence.topic, self._presence.offline, AT_LEAST_ONCE, retain=True, timeout=1.0)
        except aiomqtt.MqttError as error:
            self._on_connection(str(error))

    async def _receive(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if len(message.payload) > LARGEST_PAYLOAD:
                continue
            for subscription in self._subscriptions:
                if message.topic.matches(subscription.pattern):
                    subscription.put(message.topic.value, message.payload)

    async def _send(self, client: aiomqtt.Client) -> Never:
        subscribed: set[str] = set()
        while True:
            self._work.clear()
            wanted = {subscription.pattern for subscription in self._subscriptions}
            for pattern in wanted - subscribed:
                await client.subscribe(pattern, AT_LEAST_ONCE)
                _heed_cancellation()
                subscribed.add(pattern)
            if not self._outgoing:
                await self._work.wait()
                continue
            key, message = next(iter(self._outgoing.items()))
            await client.publish(message.topic, message.payload, AT_LEAST_ONCE, retain=message.retain)
            _heed_cancellation()
            # What was announced meanwhile under this topic is still to be sent.
            if self._outgoing.get(key) is message:
                del self._outgoing[key]


def _heed_cancellation() -> None:
    """Raise what `asyncio.wait_for`, inside aiomqtt, loses before Python 3.12: a cancellation that races an answer."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
