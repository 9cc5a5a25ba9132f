"""Rebuilding the marketplace's read models, and looking at them."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from light_clients.types import ChainId, Height
from relayer.adapters.clock import SystemClock
from relayer.adapters.evm.connect import Unobserved
from relayer.adapters.store.market.store import MarketStore, look_into
from relayer.config import Config
from relayer.domain.errors import Misconfigured, Transient
from relayer.market import MarketIndex, contracts_of, open_index
from relayer.pipeline.market.follow import Follower
from relayer.ports.market import MarketListener

PATIENCE = 60.0
"""How long a chain may stay away before a rebuild gives up."""
TRIES = 5


class Tally:
    """Counts what was read."""

    def __init__(self) -> None:
        self.events = 0

    def happened(self, activities: object) -> None: ...

    def indexed(self, chain: ChainId, height: Height, head: Height, events: int) -> None:  # noqa: ARG002 the port's
        self.events += events

    def reorganised(self, chain: ChainId, ancestor: Height) -> None: ...

    def trouble(self, worker: str, error: object) -> None: ...


async def rebuilt(config: Config, clock: SystemClock | None = None) -> dict[str, Any]:
    """Rebuild from nothing to the heads that the chains have by then."""
    tally = Tally()
    listeners: tuple[MarketListener, ...] = (tally,)
    async with open_index(config, clock or SystemClock(), Unobserved(), listeners) as index:
        await index.store.maintenance.clear()
        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for chain, follower in index.followers.items():
                group.create_task(_reach(index, chain, follower))
        # What one chain told may have made collections of another known.
        for chain, follower in index.followers.items():
            await _reach(index, chain, follower)
        seconds = time.perf_counter() - started
        return {
            **await _known(index.store),
            "events": tally.events,
            "seconds": seconds,
            "eventsPerSecond": tally.events / max(seconds, 1e-9),
        }


async def looked_at(config: Config) -> dict[str, Any]:
    """What is known, also while `lockkeeper api` runs."""
    if config.market is None:
        raise Misconfigured("market", "there is no marketplace", "add a [market] section")
    with look_into(config.market.store, contracts_of(config)) as store:
        return await _known(store)


async def _reach(index: MarketIndex, chain: ChainId, follower: Follower) -> None:
    for tried in range(TRIES):
        try:
            async with asyncio.timeout(PATIENCE):
                head = await anext(aiter(index.chains[chain].chain.heads()))
            await follower.reach(head)
        except TimeoutError:
            raise Transient(f"chain {chain} announces no head") from None
        except Transient:
            if tried == TRIES - 1:
                raise
        else:
            return


async def _known(store: MarketStore) -> dict[str, Any]:
    chains = [
        {"chain": f"eip155:{each.chain}", "height": each.height, "timestamp": each.timestamp}
        for each in await store.ledger.chains()
    ]
    return {"chains": chains, "counts": dict(store.maintenance.counts())}
