"""Relayers that come late, and relayers that share their lanes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import aiohttp
import pytest

from light_clients.evm.receipts import RECEIPT_PROOF
from tests.journeys.support.asking import metric, status_and_text
from tests.journeys.support.bursts import a_burst, deliveries, proofs_of
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.people import Person
from tests.journeys.support.relayers import Relayer, a_relayer
from tests.journeys.support.waiting import eventually

pytestmark = pytest.mark.xdist_group("journeys")


async def test_a_relayer_that_starts_with_an_empty_database_delivers_what_was_sent_before(  # noqa: PLR0917 - fixtures
    devnet: Devnet, harbour: LocalChain, island: LocalChain, lagoon: LocalChain, alice: Person, tmp_path: Path
) -> None:
    to_island = await a_burst(alice, harbour, island)
    to_lagoon = await a_burst(alice, harbour, lagoon)

    with devnet.without("relayer"):
        await to_island.send(30)
        await to_lagoon.send(30)
        await to_lagoon.mined()
        with a_relayer(devnet, tmp_path):
            await to_island.eventually_arrived()
            await to_lagoon.eventually_arrived()


async def test_the_relayer_delivers_after_its_start_what_was_sent_while_it_was_away(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    burst = await a_burst(alice, harbour, island)

    with devnet.without("relayer"):
        await burst.send(30)
        await burst.mined()

    await burst.eventually_arrived()


async def test_two_relayers_on_the_same_lanes_deliver_everything_once_and_both_survive(  # noqa: PLR0917 - fixtures
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person, tmp_path: Path
) -> None:
    burst = await a_burst(alice, harbour, island)
    first = devnet.process("relayer")
    with a_relayer(devnet, tmp_path) as second:
        await _ready(http, second)

        for _ in range(5):
            await burst.send(10)
            await burst.eventually_arrived()

        assert devnet.process("relayer") == first
        for url in (devnet.relayer, second.url):
            assert await status_and_text(http, f"{url}/livez") == (200, "ok\n")
            assert await metric(http, url, "lockkeeper_critical_error") == 0
            await eventually(partial(_knows_that_all_is_delivered, http, url), f"an empty backlog of {url}")
    ranges = await deliveries(harbour, island)
    assert [first for first, _ in ranges] == [1, *(last + 1 for _, last in ranges[:-1])]


async def test_a_relayer_that_proves_by_receipts_delivers_what_was_sent_before_and_after_its_start(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person, tmp_path: Path
) -> None:
    burst = await a_burst(alice, harbour, island)

    with devnet.without("relayer"):
        await burst.send(20)
        await burst.mined()
        before = len(await deliveries(harbour, island))
        with a_relayer(devnet, tmp_path, proofs="receipts"):
            await burst.eventually_arrived()
            await burst.send(5)
            await burst.eventually_arrived()
        proofs = await proofs_of(harbour, island)

    assert len(proofs) > before
    assert all(proof.startswith(RECEIPT_PROOF) for proof in proofs[before:])


async def _knows_that_all_is_delivered(http: aiohttp.ClientSession, url: str) -> bool:
    return await metric(http, url, "lockkeeper_backlog_size", source="31337", destination="31338") == 0


async def _ready(http: aiohttp.ClientSession, relayer: Relayer) -> None:
    async def ready() -> bool:
        assert relayer.alive, relayer.log.read_text()
        return (await status_and_text(http, f"{relayer.url}/readyz"))[0] == 200

    await eventually(ready, "the second relayer")
