"""Lanes from a chain with sync committees: real committees sign, real finality is awaited, hand-overs are brought."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from relayer.entrypoints.sending.travel import Sent
from tests.journeys.support.people import delivery
from tests.journeys.support.scene import Scene, a_message, a_scene, frozen
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("scenes"), pytest.mark.timeout(300)]

AGE = 58
"""Slots of a second: final already, and the next period, after 64, is near."""
PERIOD = 64
CHAIN, ISLAND = 41101, 41102


async def test_a_message_crosses_once_its_block_is_final_and_so_does_one_of_the_next_period(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        staged = await scene.beacon("mainland", CHAIN, "--absent", "3", age=AGE)
        assert staged.beacon is not None
        await scene.plain("island", ISLAND)
        await scene.deploy()
        await scene.relay({("mainland", "island"): scene.direct("mainland", "island")})

        await arrives(await a_message(scene, "mainland", "island"), scene)
        client, island = scene.light_client("mainland", "island"), scene.chain("island")

        async def handed_over() -> bool:
            return int(await island.ask(client, "SyncCommitteeLightClient", "newestPeriod")) >= 1

        await eventually(handed_over, "the committee of the first period has handed over")
        while not await scene.chain("mainland").height() > PERIOD:  # noqa: ASYNC110 another process moves it
            await asyncio.sleep(1)
        await arrives(await a_message(scene, "mainland", "island", b"in another period"), scene)


async def test_a_committee_that_signs_two_histories_freezes_the_light_client(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        await scene.beacon("mainland", CHAIN + 10, "--equivocates-from", str(AGE), age=AGE, lies=True)
        await scene.plain("island", ISLAND + 10)
        await scene.deploy()
        await scene.relay({("mainland", "island"): scene.direct("mainland", "island")})

        async def is_frozen() -> bool:
            return await frozen(scene, "mainland", "island")

        await eventually(is_frozen, "the light client is frozen", within=120)


async def arrives(sent: Sent, scene: Scene) -> None:
    arrived = await delivery(sent, scene.chain("island"), within=120)
    assert arrived.witnesses is not None
