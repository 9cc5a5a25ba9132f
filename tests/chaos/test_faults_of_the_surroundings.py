"""Brokers, nodes and attesters go and come back; messages wait for what they need and for nothing else."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import aiohttp
import aiomqtt
import pytest

from relayer.domain.errors import Transient
from tests.entrypoints.support import ROOT
from tests.journeys.support.asking import metric
from tests.journeys.support.bursts import a_burst
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.outcomes import delivered_nonce
from tests.journeys.support.people import Person
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.timeout(180)]

PATIENCE_IN_BLOCKS = 4


async def test_relaying_goes_on_while_the_broker_is_down_and_events_resume_with_it(
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    burst = await a_burst(alice, harbour, island)

    with devnet.without("broker"):
        await burst.send(5)
        await burst.eventually_arrived()

    async with aiomqtt.Client("127.0.0.1", await _broker(devnet)) as client, asyncio.timeout(60):
        await client.subscribe("lockkeeper/v1/messages/31337/31338/+/state", qos=1)
        await burst.send(1)
        nonce = await delivered_nonce(harbour, island) + 1
        told = f"lockkeeper/v1/messages/31337/31338/{nonce}/state"
        async for message in client.messages:
            if str(message.topic) == told and json.loads(message.payload)["state"] == "delivered":
                break
    await burst.eventually_arrived()


@pytest.mark.parametrize("killed", ["harbour", "island"])
async def test_relaying_resumes_after_a_node_was_killed(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person, killed: str
) -> None:
    burst = await a_burst(alice, harbour, island)
    await burst.send(5)
    await burst.mined()

    victim = {"harbour": harbour, "island": island}[killed]
    height = await _kept(devnet, victim)
    devnet.kill(killed)

    await eventually(lambda: _is_past(victim, height), f"{killed} to have its past again")
    await burst.eventually_arrived()
    await burst.send(5)
    await burst.eventually_arrived()


@pytest.mark.parametrize("frozen", ["harbour", "island"])
async def test_relaying_resumes_after_a_node_was_frozen(  # noqa: PLR0917 - fixtures
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person, frozen: str
) -> None:
    burst = await a_burst(alice, harbour, island)
    await burst.send(5)
    chain = str({"harbour": harbour, "island": island}[frozen].id)

    async def errors() -> float:
        return await metric(http, devnet.relayer, "lockkeeper_rpc_errors_total", chain=chain)

    before = await errors()
    with devnet.frozen(frozen):
        await eventually(lambda: _more_than(errors, before), "an RPC error")

    await burst.eventually_arrived()


async def test_relaying_goes_on_without_one_of_four_attesters(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    burst = await a_burst(alice, harbour, island)

    with devnet.without("attester-1"):
        await burst.send(5)
        await burst.eventually_arrived()


async def test_relaying_goes_on_with_one_of_four_attesters_frozen(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    burst = await a_burst(alice, harbour, island)

    with devnet.frozen("attester-1"):
        await burst.send(5)
        await burst.eventually_arrived()


async def test_nothing_is_delivered_without_a_quorum_and_all_of_it_with_the_third_attester(
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    burst = await a_burst(alice, harbour, island)

    with devnet.without("attester-1", "attester-2"):
        before = await delivered_nonce(harbour, island)
        await burst.send(5)
        await burst.mined()
        await _blocks(island, PATIENCE_IN_BLOCKS)
        assert await delivered_nonce(harbour, island) == before

        with _by_hand(devnet, "attester-2"):
            await burst.eventually_arrived()


async def _broker(devnet: Devnet) -> int:
    """The broker's port, once it runs again."""

    async def listens() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", devnet.port("broker"))
        except ConnectionError:
            return False
        writer.close()
        return True

    await eventually(listens, "the broker")
    return devnet.port("broker")


async def _kept(devnet: Devnet, chain: LocalChain) -> int:
    """Wait until the devnet has written down what the chain has mined, a moment after a block; its height."""
    height = await chain.height()

    async def written() -> int:
        lines = devnet.folder.journal(chain.name).read_text().splitlines()
        return next((number for line in lines if (number := json.loads(line)["number"]) > height), 0)

    return await eventually(written, f"a new line in the journal of {chain.name}")


async def _is_past(chain: LocalChain, height: int) -> bool:
    """Whether it answers, and has mined since: a node that is being restored answers before it has its past."""
    try:
        return await chain.height() > height
    except Transient:
        return False


async def _more_than(count: Callable[[], Awaitable[float]], before: float) -> bool:
    return await count() > before


async def _blocks(chain: LocalChain, count: int) -> None:
    height = await chain.height()

    async def passed() -> bool:
        return await chain.height() >= height + count

    await eventually(passed, f"{count} blocks of {chain.name}")


@contextmanager
def _by_hand(devnet: Devnet, attester: str) -> Iterator[None]:
    """An attester that the supervisor has not started."""
    command = [sys.executable, "-m", "relayer", "attest", "--config", str(devnet.folder.config(attester))]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
