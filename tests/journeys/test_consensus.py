"""Lanes over light clients that verify a chain's own consensus: messages cross, and misbehaviour ends them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.support.asking import metric
from tests.journeys.support.people import delivery
from tests.journeys.support.scene import a_message, a_scene, frozen
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("scenes"), pytest.mark.timeout(240)]


@pytest.mark.parametrize("consensus", ["qbft", "ibft2", "clique"])
async def test_a_message_of_a_sealed_chain_crosses(tmp_path: Path, consensus: str) -> None:
    async with a_scene(tmp_path) as scene:
        await scene.sealed("harbour", 41001, consensus)
        await scene.plain("island", 41002)
        await scene.deploy()
        await scene.relay({("harbour", "island"): scene.direct("harbour", "island")})

        sent = await a_message(scene, "harbour", "island")
        arrived = await delivery(sent, scene.chain("island"))

        assert arrived.witnesses is not None
        assert arrived.witnesses.count >= 3


async def test_validators_come_and_go_while_messages_cross(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        harbour = await scene.sealed("harbour", 41011, "qbft", validators=5, genesis=4)
        sealed = harbour.sealed
        assert sealed is not None
        await scene.plain("island", 41012)
        await scene.deploy()
        await scene.relay({("harbour", "island"): scene.direct("harbour", "island")})
        await delivery(await a_message(scene, "harbour", "island"), scene.chain("island"))
        client = scene.light_client("harbour", "island")
        before = await scene.chain("island").ask(client, "QbftLightClient", "validatorsHash")

        *first, newcomer = sealed.validators
        for voter in first[:3]:
            await sealed.vote(voter, newcomer, add=True)

        async def five() -> bool:
            return len(await sealed.rpc("qbft_getValidatorsByBlockNumber", "latest")) == 5

        await eventually(five, "the newcomer validates")
        await sealed.validators[first[0]].kill()
        await delivery(await a_message(scene, "harbour", "island", b"five of us"), scene.chain("island"))

        after = await scene.chain("island").ask(client, "QbftLightClient", "validatorsHash")
        assert before != after


async def test_two_sealed_headers_of_one_height_freeze_the_light_client(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        harbour = await scene.sealed("harbour", 41021, "qbft", byzantine=4)
        sealed = harbour.sealed
        assert sealed is not None
        await scene.plain("island", 41022)
        await scene.deploy()
        await scene.relay({("harbour", "island"): scene.direct("harbour", "island")})
        await delivery(await a_message(scene, "harbour", "island"), scene.chain("island"))

        await sealed.rpc("lockkeeper_equivocate", hex(await sealed.head()))

        async def is_frozen() -> bool:
            return await frozen(scene, "harbour", "island")

        await eventually(is_frozen, "the light client is frozen")
        sent = await a_message(scene, "harbour", "island", b"nobody believes us")
        _, nonce, _ = await scene.chain("island").ask(
            scene.chain("island").gateway, "Gateway", "inbound", scene.chains["harbour"].id
        )
        assert nonce == sent.nonce - 1

        async def everybody_is_told() -> bool:
            names = ("client_misbehaviours_submitted_total", "client_frozen", "lane_halted", "critical_error")
            return [await metric(scene.http, scene.metrics, f"lockkeeper_{name}") for name in names] == [1, 1, 1, 1]

        await eventually(everybody_is_told, "the misbehaviour is in the metrics")


async def test_spokes_know_each_other_and_their_misbehaviour_only_through_the_relay_chain(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        for place, name in enumerate(("harbour", "hub", "island")):
            await scene.sealed(name, 41031 + place, "qbft", validators=1, byzantine=1)
        await scene.deploy("--through", "hub")
        through = (
            f'{{ kind = "relay_chain", address = "{scene.light_client("harbour", "island")}", hub = 41032, '
            f"source = {scene.direct('harbour', 'hub')}, relay = {scene.direct('hub', 'island')} }}"
        )
        await scene.relay({("harbour", "island"): through})

        sent = await a_message(scene, "harbour", "island")
        await delivery(sent, scene.chain("island"))

        verified_by = scene.chain("island").place.addresses.verified_by
        assert verified_by[scene.chains["harbour"].id] == "RelayChainLightClient"
        assert verified_by[scene.chains["hub"].id] == "QbftLightClient"

        sealed = scene.chains["harbour"].sealed
        assert sealed is not None
        await sealed.rpc("lockkeeper_equivocate", hex(await sealed.head()))

        async def known() -> bool:
            return await frozen(scene, "harbour", "hub") and await frozen(scene, "harbour", "island")

        await eventually(known, "both light clients of the harbour are frozen")


async def test_the_signers_that_an_epoch_lists_are_believed_from_then_on(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        harbour = await scene.sealed("harbour", 41041, "clique", validators=5, genesis=4, epoch=12)
        sealed = harbour.sealed
        assert sealed is not None
        await scene.plain("island", 41042)
        await scene.deploy("--clique-epoch", "12")
        await scene.relay({("harbour", "island"): scene.direct("harbour", "island")})
        client, island = scene.light_client("harbour", "island"), scene.chain("island")
        before = await island.ask(client, "CliqueLightClient", "signersHash")

        *first, newcomer = sealed.validators
        for voter in first[:3]:
            await sealed.vote(voter, newcomer, add=True)

        async def listed() -> bool:
            return bool(await island.ask(client, "CliqueLightClient", "signersHash") != before)

        await eventually(listed, "the epoch's list has reached the light client")
        await delivery(await a_message(scene, "harbour", "island"), island)
