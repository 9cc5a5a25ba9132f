"""The composition root of the marketplace's read models: a configuration in, a store that follows its chains out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from light_clients.types import ChainId
from relayer.adapters.evm.connect import OpenChain
from relayer.adapters.evm.pool import RpcObserver
from relayer.adapters.store.market.store import MarketStore, open_market
from relayer.config import Config
from relayer.domain.errors import Misconfigured
from relayer.domain.market.events import Contracts
from relayer.opening import opened
from relayer.ports import Clock


@dataclass(frozen=True, slots=True)
class MarketIndex:
    """The marketplace's memory, and its chains; both are alive while the context lasts."""

    store: MarketStore
    contracts: Mapping[ChainId, Contracts]
    chains: Mapping[ChainId, OpenChain]


def contracts_of(config: Config) -> dict[ChainId, Contracts]:
    """The chains that have all of the marketplace's contracts, with these."""
    return {
        chain.id: Contracts(chain.asset_gateway, chain.marketplace, chain.settlement)
        for chain in config.chains
        if chain.asset_gateway is not None and chain.marketplace is not None and chain.settlement is not None
    }


@asynccontextmanager
async def market_index(config: Config, clock: Clock, observer: RpcObserver) -> AsyncIterator[MarketIndex]:
    """Own the market's database and follow its chains while the context lasts.

    Raises `Misconfigured` while another process owns the database.
    """
    if config.market is None:
        raise Misconfigured("market", "there is no marketplace", "add a [market] section")
    contracts = contracts_of(config)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_market(config.market.store, contracts))
        chains = {
            chain.id: await stack.enter_async_context(opened(config, chain, clock, observer))
            for chain in config.chains
            if chain.id in contracts
        }
        yield MarketIndex(store, contracts, chains)
