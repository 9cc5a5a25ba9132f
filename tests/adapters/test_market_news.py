"""What happens in the marketplace reaches whoever listens on the bus."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from light_clients.types import ZERO_ADDRESS, ChainId, Hash32, Height
from relayer.adapters.clock import SystemClock
from relayer.adapters.evm.connect import Unobserved
from relayer.adapters.mqtt.bus import Broker, MqttBus
from relayer.adapters.mqtt.embedded import embedded_broker
from relayer.config import Bus, Chain, Config, Market
from relayer.config_finality import InstantFinality
from relayer.domain.ids import Seconds
from relayer.domain.market.events import ListingValidated
from relayer.market import market_index
from relayer.ports import Finality
from tests.adapters.support.anvil import Anvil, an_anvil
from tests.adapters.support.gateway import GATEWAY, HERE
from tests.adapters.support.market import log_of
from tests.adapters.test_mqtt import running
from tests.market_makers import ALICE, ASSETS, BOB, HERONS, MARKETPLACE, SETTLEMENT, a_listing, moved


def a_config(node: Anvil, port: int, folder: Path) -> Config:
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
    )
    market = Market(store=f"sqlite+aiosqlite:///{folder}/market.db")
    return Config(chains=(chain,), market=market, bus=Bus(broker=f"mqtt://127.0.0.1:{port}"))


async def test_what_happens_is_told_on_the_bus_with_its_names(tmp_path: Path) -> None:
    async with an_anvil(HERE) as node, embedded_broker("127.0.0.1", 0) as port, asyncio.timeout(30):
        await node.emit(MARKETPLACE, log_of(ListingValidated(a_listing().hash(), a_listing())))
        config = a_config(node, port, tmp_path)
        async with (
            running(MqttBus(Broker("127.0.0.1", port))) as bus,
            bus.subscribe("lockkeeper/v1/market/#") as news,
            bus.subscribe(f"lockkeeper/v1/assets/{HERE}/{HERONS}/transfers") as transfers,
            market_index(config, SystemClock(), Unobserved()) as index,
        ):
            while not (await index.store.journal.watched(ChainId(HERE))).read:  # noqa: ASYNC110 it tells nobody
                await asyncio.sleep(0.05)
            tx = await node.emit(HERONS, log_of(moved(ZERO_ADDRESS, ALICE)), log_of(moved(ALICE, BOB)))

            told = [await anext(news)]
            while told[-1][0] != "lockkeeper/v1/market/transferred":
                told.append(await anext(news))
            minted, handed = [json.loads((await anext(transfers))[1]) for _ in range(2)]

    assert told[-1][0] == "lockkeeper/v1/market/transferred"
    assert (minted["v"], minted["kind"], minted["transaction"]) == (1, "transferred", str(tx))
    assert minted["collection"] == f"eip155:{HERE}:{HERONS}"
    assert (minted["identifier"], minted["amount"], minted["retracted"]) == ("42", "1", False)
    assert "account" not in minted, "nobody had it before"
    assert (handed["account"], handed["other"]) == (str(ALICE), str(BOB))
    assert handed["sequence"] == minted["sequence"] + 1
    assert Height(minted["block"]) > 0
    assert Hash32.from_hex(minted["transaction"]) == tx
