"""`lockkeeper index`: rebuilding beside nobody, and looking beside anybody."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from light_clients.types import ZERO_ADDRESS
from relayer.adapters.store.market.store import open_market
from relayer.domain.market.events import ListingValidated
from relayer.domain.market.views import ListingId, ListingState
from tests.adapters.store.market.test_folds import known
from tests.adapters.support.anvil import Anvil, an_anvil
from tests.adapters.support.gateway import GATEWAY, HERE
from tests.adapters.support.market import log_of
from tests.market_makers import ALICE, ASSETS, BOB, CONTRACTS, EPOCH, HERONS, MARKETPLACE, SETTLEMENT, a_listing, moved

SIGNED = a_listing(end_time=2**63, salt=1)
FOLLOWING = """
import asyncio, sys
from pathlib import Path
from relayer.adapters.clock import SystemClock
from relayer.adapters.evm.connect import Unobserved
from relayer.config import load
from relayer.market import market_index

async def main():
    async with market_index(load(Path(sys.argv[1])), SystemClock(), Unobserved()):
        print("following", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
async def node() -> AsyncIterator[Anvil]:
    async with an_anvil(HERE) as node:
        yield node


@pytest.fixture
def config(node: Anvil, tmp_path: Path) -> Path:
    path = tmp_path / "lockkeeper.toml"
    path.write_text(
        f"""
        [market]
        store = "sqlite+aiosqlite:///market.db"
        [keys.main]
        kind = "environment"
        variable = "KEY"
        [[chains]]
        id = {HERE}
        name = "harbour"
        endpoints = ["{node.http}"]
        gateway = "{GATEWAY}"
        asset_gateway = "{ASSETS}"
        marketplace = "{MARKETPLACE}"
        settlement = "{SETTLEMENT}"
        finality = {{ kind = "latest" }}
        block_seconds = 1.0
        """
    )
    return path


def without_market(config: Path) -> None:
    config.write_text(config.read_text().replace("[market]", "[store]").replace("store =", "url ="))


async def known_events(config: Path, wanted: int) -> None:
    """Wait until the index has kept so many."""
    async with asyncio.timeout(20):
        while (await index("status", "--config", str(config)))["counts"]["events"] < wanted:  # noqa: ASYNC110 a process
            await asyncio.sleep(0.1)


async def lockkeeper(*arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "relayer", *arguments, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def index(*arguments: str) -> dict[str, Any]:
    code, out, err = await lockkeeper("index", *arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


async def following(config: Path) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", FOLLOWING, str(config), stdout=PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def trade(node: Anvil, turns: int = 3) -> None:
    await node.emit(HERONS, log_of(moved(ZERO_ADDRESS, ALICE)))
    await node.emit(MARKETPLACE, log_of(ListingValidated(a_listing().hash(), a_listing())))
    for turn in range(turns):
        await node.emit(HERONS, log_of(moved((ALICE, BOB)[turn % 2], (BOB, ALICE)[turn % 2])))


async def test_a_rebuild_knows_what_following_knew_and_keeps_what_was_submitted(
    node: Anvil, config: Path, tmp_path: Path
) -> None:
    await trade(node)
    url = f"sqlite+aiosqlite:///{tmp_path}/market.db"
    name = ListingId(HERE, SIGNED.hash())
    async with open_market(url, CONTRACTS) as store:
        await store.orders.submit(name, SIGNED, b"signature", EPOCH)
    process = await following(config)
    try:
        await node.emit(HERONS, log_of(moved(BOB, ALICE)))
        await known_events(config, 6)
    finally:
        process.kill()
        await process.wait()
    before = known(tmp_path / "market.db")

    result = await index("rebuild", "--config", str(config))

    assert (result["events"], result["counts"]["orders"], result["counts"]["listings"]) == (6, 1, 2)
    assert result["eventsPerSecond"] > 0
    assert known(tmp_path / "market.db") == before
    async with open_market(url, CONTRACTS) as store:
        found = await store.shelves.listing(name, EPOCH)
        assert found is not None
        assert (found.state, found.signature) == (ListingState.ACTIVE, b"signature")


async def test_nobody_rebuilds_beneath_the_process_that_owns_the_database(node: Anvil, config: Path) -> None:
    process = await following(config)
    try:
        code, _, said = await lockkeeper("index", "rebuild", "--config", str(config))
    finally:
        process.kill()
        await process.wait()

    assert code == 2
    assert "market.store" in said
    assert "in use by another process; stop that process" in said


async def test_an_index_that_is_killed_again_and_again_misses_nothing(
    node: Anvil, config: Path, tmp_path: Path
) -> None:
    await trade(node, 1)
    for turn in range(4):
        process = await following(config)
        giver, receiver = ((BOB, ALICE), (ALICE, BOB))[turn % 2]
        await node.emit(HERONS, log_of(moved(giver, receiver)))
        await asyncio.sleep(0.02 * turn)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    await index("status", "--config", str(config))
    process = await following(config)
    try:
        await known_events(config, 7)
    finally:
        process.kill()
        await process.wait()
    followed = known(tmp_path / "market.db")

    await index("rebuild", "--config", str(config))

    assert known(tmp_path / "market.db") == followed


async def test_a_database_that_is_not_there_is_said_to_be(config: Path) -> None:
    code, _, said = await lockkeeper("index", "status", "--config", str(config))

    assert code == 2
    assert "does not exist" in said


async def test_without_a_marketplace_there_is_nothing_to_rebuild(config: Path) -> None:
    without_market(config)

    code, _, said = await lockkeeper("index", "rebuild", "--config", str(config))

    assert code == 2
    assert "add a [market] section" in said
