"""Beacon nodes that are down, slow, broken or of another chain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from light_clients.sync_committee.network import Network
from light_clients.sync_committee.presets import ETHEREUM, SEPOLIA
from light_clients.types import Hash32
from relayer.adapters.beacon.api import LARGEST_ANSWER, BeaconNodes
from relayer.adapters.beacon.identity import check_identity
from relayer.domain.errors import Misconfigured, Transient

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEY = "chains.ethereum.beacon"
ROOT = Hash32(bytes(range(32)))


@asynccontextmanager
async def a_node(answer: Answer) -> AsyncIterator[str]:
    async def serve(request: web.Request) -> web.StreamResponse:
        return await answer(request)

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def says(text: str, status: int = 200) -> web.StreamResponse:
    return web.Response(text=text, status=status, content_type="application/json")


async def a_genesis(time: int, root: Hash32) -> web.StreamResponse:
    return web.json_response({"data": {"genesis_time": str(time), "genesis_validators_root": str(root)}})


def settings_of(network: Network) -> dict[str, str]:
    epochs = {f"FORK{i}_FORK_EPOCH": str(fork.epoch) for i, fork in enumerate(network.forks)}
    versions = {f"FORK{i}_FORK_VERSION": "0x" + fork.version.hex() for i, fork in enumerate(network.forks)}
    return epochs | versions | {"SLOTS_PER_EPOCH": str(network.slots_per_epoch)}


async def ethereum(request: web.Request) -> web.StreamResponse:
    if request.path.endswith("genesis"):
        return await a_genesis(ETHEREUM.genesis_time, ETHEREUM.genesis_validators_root)
    return web.json_response({"data": settings_of(ETHEREUM)})


async def hangs(_request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("nobody wakes it")


@asynccontextmanager
async def nodes(*urls: str, deadline: float = 1.0) -> AsyncIterator[tuple[BeaconNodes, list[str]]]:
    faults: list[str] = []
    async with aiohttp.ClientSession() as session:
        yield BeaconNodes(urls, session, deadline=deadline, counted=lambda _, fault: faults.append(fault)), faults


@pytest.mark.parametrize(
    ("text", "status", "fault"),
    [
        ("{}", 500, "NodeFault"),
        ("not JSON", 200, "NodeFault"),
        ('"' + "a" * LARGEST_ANSWER + '"', 200, "NodeFault"),
        ("[]", 200, "BeaconJsonMalformed"),
        ("null", 200, "NodeFault"),
        ('{"data": {}}', 200, "BeaconJsonMalformed"),
        ('{"data": {"attested_header": 7}}', 200, "BeaconJsonMalformed"),
    ],
)
async def test_whatever_is_not_an_answer_is_the_fault_of_its_node(text: str, status: int, fault: str) -> None:
    async with a_node(lambda _: says(text, status)) as url, nodes(url) as (beacon, faults):
        with pytest.raises(Transient):
            await beacon.finality_updates()

    assert faults == [fault]


async def test_a_node_without_the_data_is_at_no_fault() -> None:
    async with a_node(lambda _: says("{}", 404)) as url, nodes(url) as (beacon, faults):
        said = [*await beacon.finality_updates(), *await beacon.period_updates(7), *await beacon.bootstraps(ROOT)]

    assert not said
    assert not faults


async def test_more_updates_than_were_asked_for_are_refused() -> None:
    async with a_node(lambda _: says("[{}, {}]")) as url, nodes(url) as (beacon, faults):
        with pytest.raises(Transient):
            await beacon.period_updates(7)

    assert faults == ["BeaconJsonMalformed"]


async def test_a_node_that_hangs_is_waited_for_until_the_deadline() -> None:
    async with a_node(hangs) as url, nodes(url, deadline=0.1) as (beacon, faults):
        with pytest.raises(Transient, match="no answer within"):
            await beacon.finality_updates()

    assert faults == ["NodeFault"]


async def test_a_node_that_hangs_holds_nobody_up_once_another_has_answered() -> None:
    async with (
        a_node(hangs) as slow,
        a_node(ethereum) as quick,
        nodes(slow, quick, deadline=60.0) as (beacon, _),
        asyncio.timeout(30.0),
    ):
        await check_identity(beacon, ETHEREUM, KEY)


@pytest.mark.parametrize(
    "network",
    [
        SEPOLIA,
        replace(ETHEREUM, genesis_time=SEPOLIA.genesis_time),
        replace(ETHEREUM, slots_per_epoch=16),
        replace(ETHEREUM, forks=SEPOLIA.forks),
        replace(ETHEREUM, forks=(replace(ETHEREUM.forks[0], epoch=7),)),
    ],
)
async def test_a_node_of_another_chain_is_a_mistake_of_the_operators(network: Network) -> None:
    async with a_node(ethereum) as url, nodes(url) as (beacon, _):
        await check_identity(beacon, ETHEREUM, KEY)
        with pytest.raises(Misconfigured) as refused:
            await check_identity(beacon, network, KEY)

    assert refused.value.key == KEY


async def test_who_cannot_be_reached_is_not_called_misconfigured() -> None:
    async with nodes("http://127.0.0.1:1") as (beacon, _):
        with pytest.raises(Transient):
            await check_identity(beacon, ETHEREUM, KEY)
