"""The composition root of the marketplace's read models: a configuration in, a store that follows its chains out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Never

from light_clients.types import ChainId, Height
from relayer.adapters.evm.connect import OpenChain
from relayer.adapters.evm.market.reading import EvmMarketReader
from relayer.adapters.evm.market.tokens import EvmTokens
from relayer.adapters.evm.pool import RpcObserver
from relayer.adapters.mqtt.bus import MqttBus
from relayer.adapters.mqtt.market import MarketNews
from relayer.adapters.store.market.store import MarketStore, open_market
from relayer.config import Chain, Config
from relayer.domain.errors import Misconfigured
from relayer.domain.market.events import Contracts
from relayer.opening import broker_of, opened, remotes_of
from relayer.pipeline.market.count import Counter
from relayer.pipeline.market.describe import Describer
from relayer.pipeline.market.follow import Follower
from relayer.pipeline.market.supervise import supervised
from relayer.ports import Clock
from relayer.ports.market import MarketGauges, MarketListener


@dataclass(frozen=True, slots=True)
class MarketIndex:
    """The marketplace's memory, and its chains; both are alive while the context lasts."""

    store: MarketStore
    contracts: Mapping[ChainId, Contracts]
    chains: Mapping[ChainId, OpenChain]
    followers: Mapping[ChainId, Follower]
    tokens: Mapping[ChainId, EvmTokens]
    """To ask tokens for their URIs."""


def contracts_of(config: Config) -> dict[ChainId, Contracts]:
    """The chains that have all of the marketplace's contracts, with these."""
    return {
        chain.id: Contracts(chain.asset_gateway, chain.marketplace, chain.settlement)
        for chain in config.chains
        if chain.asset_gateway is not None and chain.marketplace is not None and chain.settlement is not None
    }


@asynccontextmanager
async def open_index(
    config: Config, clock: Clock, observer: RpcObserver, listeners: Sequence[MarketListener] = ()
) -> AsyncIterator[MarketIndex]:
    """Own the market's database and open its chains; nothing runs yet.

    Raises `Misconfigured` while another process owns the database.
    """
    if config.market is None:
        raise Misconfigured("market", "there is no marketplace", "add a [market] section")
    contracts = contracts_of(config)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_market(config.market.store, contracts))
        indexed = [chain for chain in config.chains if chain.id in contracts]
        chains = {
            chain.id: await stack.enter_async_context(opened(config, chain, clock, observer)) for chain in indexed
        }
        followers = {chain.id: _follower(config, chain, chains[chain.id], store, listeners) for chain in indexed}
        tokens = {id_: EvmTokens(chain.pool) for id_, chain in chains.items()}
        yield MarketIndex(store, contracts, chains, followers, tokens)


@asynccontextmanager
async def market_index(
    config: Config,
    clock: Clock,
    observer: RpcObserver,
    listeners: Sequence[MarketListener] = (),
    gauges: MarketGauges | None = None,
) -> AsyncIterator[MarketIndex]:
    """The index, which follows its chains while the context lasts, and tells the bus what happens.

    Trouble with one of them stops nothing else.
    """
    broker = broker_of(config)
    bus = None if broker is None else MqttBus(broker)
    hearing = listeners if bus is None else (*listeners, MarketNews(bus))
    async with open_index(config, clock, observer, hearing) as index, asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in _workers(index, clock, hearing)]
        if bus is not None:
            tasks.append(group.create_task(bus.run()))
        if gauges is not None:
            counting = supervised("count", Counter(index.store.maintenance, gauges, clock), clock, hearing)
            tasks.append(group.create_task(counting))
        try:
            yield index
        finally:
            for task in tasks:
                task.cancel()


def _workers(
    index: MarketIndex, clock: Clock, listeners: Sequence[MarketListener]
) -> Iterator[Coroutine[None, None, Never]]:
    for chain, follower in index.followers.items():
        yield supervised(f"index {chain}", follower, clock, listeners)
    for chain, words in index.tokens.items():
        describer = Describer(chain, words, index.store.register, clock)
        yield supervised(f"describe {chain}", describer, clock, listeners)


def _follower(
    config: Config, chain: Chain, open_: OpenChain, store: MarketStore, listeners: Sequence[MarketListener]
) -> Follower:
    contracts = contracts_of(config)[chain.id]
    reader = EvmMarketReader(open_.pool, chain.gateway, remotes_of(config, chain), contracts)
    return Follower(open_.chain, Height(chain.start_block), reader, store.journal, listeners)
