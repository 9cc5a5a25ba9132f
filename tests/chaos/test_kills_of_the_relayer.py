"""The relayer is killed again and again while it works."""

from __future__ import annotations

import asyncio
import random

import aiohttp
import pytest

from tests.journeys.support.bursts import a_burst, deliveries, sent_up_to
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.people import Person
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.timeout(180)]

KILLS = 20
SENDS_PER_KILL = 12
LONGEST_LIFE = 1.3
"""Seconds: from the middle of the start to a little after a delivery."""


async def test_twenty_kills_of_the_relayer_during_a_burst_lose_nothing_and_deliver_nothing_twice(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    seed = random.randrange(2**32)
    print(f"kills by seed {seed}")
    moments = random.Random(seed)
    burst = await a_burst(alice, harbour, island)

    killed = set()
    for _ in range(KILLS):
        await burst.send(SENDS_PER_KILL)
        await _running(devnet)
        await asyncio.sleep(moments.uniform(0, LONGEST_LIFE))  # not a wait for anything: the moment of the kill
        killed.add(devnet.kill("relayer").pid)

    await burst.eventually_arrived()
    assert len(killed) == KILLS
    assert burst.sent == KILLS * SENDS_PER_KILL
    ranges = await deliveries(harbour, island)
    assert [first for first, _ in ranges] == [1, *(last + 1 for _, last in ranges[:-1])]
    _, sent = await sent_up_to(harbour, island)
    assert ranges[-1][1] == sent


async def test_a_relayer_killed_while_it_starts_relays_after_the_next_start(
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    burst = await a_burst(alice, harbour, island)
    await burst.send(3)

    for _ in range(3):
        await _running(devnet)
        devnet.kill("relayer")

    await burst.eventually_arrived()


async def _running(devnet: Devnet) -> None:
    """Wait until the supervisor has started it again."""

    async def runs() -> bool:
        return devnet.process("relayer") is not None

    await eventually(runs, "a relayer process")
