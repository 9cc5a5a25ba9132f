"""What a committee says is believed until it contradicts itself; beside a consensus client never alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address
from relayer.entrypoints.deployment.plan import Creation, creation
from relayer.entrypoints.devnet.accounts import DEPLOYER, account
from relayer.entrypoints.onchain.artifacts import artifact
from tests.journeys.support.people import Person, delivery
from tests.journeys.support.scene import COMMITTEE, Scene, a_message, a_scene, frozen
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("scenes"), pytest.mark.timeout(240)]


async def test_a_committee_that_signs_two_headers_of_one_height_freezes_its_light_client(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        await scene.plain("harbour", 41201)
        await scene.plain("island", 41202)
        await scene.deploy()
        client = scene.light_client("harbour", "island")
        await scene.relay({("harbour", "island"): scene.direct("harbour", "island")}, broker="embedded")
        sent = await a_message(scene, "harbour", "island")
        honest = await scene.header("harbour", await scene.chain("harbour").height())

        async def believed() -> bool:
            await scene.attest("harbour", "island", client, honest)  # nobody hears who is not there yet
            return await scene.delivered("harbour", "island") == 1

        await eventually(believed, "the message is delivered")
        await delivery(sent, scene.chain("island"))

        await scene.attest("harbour", "island", client, replace(honest, state_root=keccak256(b"another history")))

        async def is_frozen() -> bool:
            return await frozen(scene, "harbour", "island")

        await eventually(is_frozen, "the light client is frozen")


async def test_a_quorum_wants_the_seals_of_the_chain_and_the_word_of_a_committee(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        await scene.sealed("harbour", 41211, "qbft")
        await scene.plain("island", 41212)
        await scene.deploy()
        committee, quorum = await both_must_agree(scene)
        members = f"{scene.direct('harbour', 'island')}, {a_committee(committee)}"
        both = f'{{ kind = "quorum", address = "{quorum}", members = [{members}] }}'
        await scene.relay({("harbour", "island"): both}, broker="embedded")

        await a_message(scene, "harbour", "island")
        height = await scene.chain("harbour").height()
        header = await scene.header("harbour", height)

        async def believed() -> bool:
            await scene.attest("harbour", "island", committee, header)
            return await scene.delivered("harbour", "island") == 1

        await eventually(believed, "the message is delivered")
        assert int(await scene.chain("island").ask(quorum, "QuorumLightClient", "latestHeight")) == height


async def both_must_agree(scene: Scene) -> tuple[Address, Address]:
    """A quorum of two on the island: the QBFT client that stands there, and a committee's beside it."""
    source, admin, island = scene.chains["harbour"].id, Person(account(DEPLOYER)), scene.chain("island")
    words = [member + bytes(11) + b"\x01" for member in COMMITTEE]
    committee = creation("CommitteeLightClient", source, words, name="beside")
    clients = [str(scene.light_client("harbour", "island")), str(committee.address)]
    quorum = creation("QuorumLightClient", source, 2, clients, name="both")
    for each in (committee, quorum):
        await created(each, admin, scene)
    gateway = artifact("Gateway").call("configureLane", source, str(island.gateway), str(quorum.address))
    await admin.call(island, island.gateway, gateway)
    return committee.address, quorum.address


async def created(contract: Creation, admin: Person, scene: Scene) -> None:
    await scene.chain("island").create(contract, by=admin)

    async def stands() -> bool:
        return await scene.chain("island").node.has_code(contract.address)

    await eventually(stands, f"{contract.name} stands")


def a_committee(address: Address) -> str:
    members = ", ".join(f'{{ address = "{member}" }}' for member in COMMITTEE)
    return f'{{ kind = "committee", address = "{address}", members = [{members}] }}'
