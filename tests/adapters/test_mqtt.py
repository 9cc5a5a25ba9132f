"""The bus against a real broker, which dies and comes back."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiomqtt
import pytest

from relayer.adapters.mqtt.bus import LONGEST_QUEUE, Broker, MqttBus, Presence
from relayer.adapters.mqtt.embedded import embedded_broker
from relayer.domain.errors import Misconfigured
from tests.port_suites.bus import BusSuite, taken

PRESENCE = Presence("relayers/1/status", b"online", b"offline")


@asynccontextmanager
async def running(bus: MqttBus) -> AsyncIterator[MqttBus]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(bus.run())
        yield bus
        task.cancel()


@asynccontextmanager
async def a_broker_process(port: int) -> AsyncIterator[tuple[Process, int]]:
    broker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.adapters.support.broker", str(port), stdout=PIPE
    )
    try:
        assert broker.stdout is not None
        yield broker, int(await broker.stdout.readline())
    finally:
        if broker.returncode is None:
            broker.kill()
        await broker.wait()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with embedded_broker("127.0.0.1", 0) as port:
        yield port


class TestTheMqttBus(BusSuite):
    @pytest.fixture
    async def bus(self, port: int) -> AsyncIterator[MqttBus]:
        async with running(MqttBus(Broker("127.0.0.1", port))) as bus:
            yield bus


async def test_publishing_without_a_broker_neither_waits_nor_raises() -> None:
    bus = MqttBus(Broker("127.0.0.1", 1))
    async with running(bus), asyncio.timeout(5):
        for number in range(LONGEST_QUEUE + 3):
            await bus.publish("t", b"%d" % number)

        assert bus.dropped == 3


async def test_of_a_retained_topic_only_the_newest_word_waits() -> None:
    bus = MqttBus(Broker("127.0.0.1", 1))

    for number in range(3 * LONGEST_QUEUE):
        await bus.publish("state", b"%d" % number, retain=True)

    assert bus.dropped == 0


async def test_the_bus_comes_back_with_a_broker_that_was_killed() -> None:
    changes: asyncio.Queue[str] = asyncio.Queue()
    async with a_broker_process(0) as (broker, port):
        bus = MqttBus(Broker("127.0.0.1", port), on_connection=changes.put_nowait)
        async with running(bus), bus.subscribe("while/away") as messages:
            assert await _eventually(changes, connected=True)
            broker.kill()
            assert await _eventually(changes, connected=False)

            await bus.publish("while/away", b"kept")

            async with a_broker_process(port):
                assert await taken(messages, 1) == [("while/away", b"kept")]


async def test_the_bus_notices_a_broker_that_shuts_down() -> None:
    changes: asyncio.Queue[str] = asyncio.Queue()
    async with embedded_broker("127.0.0.1", 0) as port:
        connecting = running(MqttBus(Broker("127.0.0.1", port), on_connection=changes.put_nowait))
        await connecting.__aenter__()
        assert await _eventually(changes, connected=True)

    assert await _eventually(changes, connected=False)
    await connecting.__aexit__(None, None, None)


async def test_whoever_vanishes_is_said_to_be_offline(port: int) -> None:
    async with running(MqttBus(Broker("127.0.0.1", port))) as watcher, watcher.subscribe(PRESENCE.topic) as words:
        async with running(MqttBus(Broker("127.0.0.1", port), PRESENCE)):
            assert await taken(words, 1) == [(PRESENCE.topic, b"online")]

        assert await taken(words, 1) == [(PRESENCE.topic, b"offline")]


async def test_a_taken_port_is_named(port: int) -> None:
    with pytest.raises(Misconfigured, match=f"cannot listen on 127.0.0.1:{port}"):
        await _entered(embedded_broker("127.0.0.1", port))


async def _entered(context: AbstractAsyncContextManager[int]) -> None:
    async with context:
        pass


async def _eventually(changes: asyncio.Queue[str], *, connected: bool) -> bool:
    async with asyncio.timeout(20):
        while (await changes.get() == "") is not connected:
            pass
    return True


async def test_a_newcomer_is_not_told_what_only_others_have_subscribed_to(port: int) -> None:
    async with aiomqtt.Client("127.0.0.1", port) as other, asyncio.timeout(10):
        await other.subscribe("messages/#", qos=1)
        await other.publish("messages/1", b"settled", qos=1, retain=True)
        await anext(aiter(other.messages))

        async with aiomqtt.Client("127.0.0.1", port) as newcomer:
            await newcomer.subscribe("status", qos=1)
            await newcomer.publish("status", b"online", qos=1)
            first = await anext(aiter(newcomer.messages))

    assert str(first.topic) == "status"
