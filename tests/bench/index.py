"""The marketplace's index: how many events a second a rebuild from nothing takes in."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from light_clients.types import ZERO_ADDRESS, Address, ChainId
from relayer.config import Chain, Config, Market
from relayer.config_finality import InstantFinality
from relayer.domain.ids import Seconds
from relayer.domain.market.events import ListingValidated
from relayer.entrypoints.indexing import rebuilt
from relayer.ports import Finality
from tests.adapters.support.anvil import FIRST_ACCOUNT, Anvil, an_anvil, an_emitter
from tests.adapters.support.gateway import GATEWAY, HERE
from tests.adapters.support.market import log_of
from tests.bench.figures import Figure
from tests.market_makers import ASSETS, HERONS, MARKETPLACE, SETTLEMENT, a_listing, moved

BLOCKS, TRANSFERS = 500, 200
PEOPLE = [Address(number.to_bytes(20, "big")) for number in range(1, 2001)]
METHOD = (
    f"index: {BLOCKS * TRANSFERS:,} ERC-721 transfers in {BLOCKS} blocks of one anvil, the second half between "
    f"{len(PEOPLE):,} people, read over JSON-RPC, checked, decoded, folded and committed by `lockkeeper index rebuild`"
)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(_measure(Path(folder)))
    if result["counts"]["events"] != BLOCKS * TRANSFERS + 1:
        raise RuntimeError(f"{result['counts']['events']} events were kept")
    return [Figure("index.events_per_s", round(result["eventsPerSecond"]), "events/s")]


async def _measure(folder: Path) -> dict[str, Any]:
    async with an_anvil(HERE, "--no-mining") as node:
        await _fill(node)
        return await rebuilt(_config(node, folder))


async def _fill(node: Anvil) -> None:
    """A block a transaction, in each of which the collection tells of many transfers."""
    random = Random(0)
    await _say(node, MARKETPLACE, ListingValidated(a_listing().hash(), a_listing()))
    owners: list[Address] = []
    for _ in range(BLOCKS):
        events = []
        for _ in range(TRANSFERS):
            receiver = random.choice(PEOPLE)
            if len(owners) < BLOCKS * TRANSFERS // 2:
                events.append(moved(ZERO_ADDRESS, receiver, len(owners)))
                owners.append(receiver)
            else:
                item = random.randrange(len(owners))
                events.append(moved(owners[item], receiver, item))
                owners[item] = receiver
        await _say(node, HERONS, *events)


async def _say(node: Anvil, at: Address, *events: Any) -> None:
    await node.rpc("anvil_setCode", str(at), "0x" + an_emitter(*map(log_of, events)).hex())
    call = {"from": str(FIRST_ACCOUNT), "to": str(at), "gas": hex(25_000_000)}
    await node.rpc("eth_sendTransaction", call)
    await node.rpc("anvil_mine", "0x1")


def _config(node: Anvil, folder: Path) -> Config:
    chain = Chain(
        id=ChainId(HERE),
        name="harbour",
        endpoints=(node.http,),
        gateway=GATEWAY,
        asset_gateway=ASSETS,
        marketplace=MARKETPLACE,
        settlement=SETTLEMENT,
        finality=InstantFinality(kind=Finality.LATEST),
        block_seconds=Seconds(1.0),
        deadline=Seconds(30.0),
    )
    return Config(chains=(chain,), market=Market(store=f"sqlite+aiosqlite:///{folder}/market.db"))
