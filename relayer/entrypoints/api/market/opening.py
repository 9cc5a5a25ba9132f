"""From a configuration to the marketplace that the API serves."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from prometheus_client import CollectorRegistry

from relayer.adapters.clock import SystemClock
from relayer.adapters.evm.connect import Unobserved
from relayer.adapters.metadata import Metadata
from relayer.adapters.metrics.market import MarketMetrics
from relayer.adapters.signers.file import read_private
from relayer.config import Config
from relayer.config import Market as Settings
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.api.market.cursors import Cursors
from relayer.entrypoints.api.market.doors import Doors
from relayer.entrypoints.api.market.gate import Limits
from relayer.entrypoints.api.market.state import Market
from relayer.entrypoints.api.market.streams import Streams
from relayer.entrypoints.market.contracts import MarketChain
from relayer.entrypoints.market.uris import Uris
from relayer.market import MarketIndex, market_index

OpenMarket = Callable[[], AbstractAsyncContextManager[Market]]
SECRET_KEY = "market.secret_file"  # noqa: S105 the name of a key
SHORTEST_SECRET = 32


@asynccontextmanager
async def opened_market(
    config: Config, settings: Settings, port: int, registry: CollectorRegistry | None = None
) -> AsyncIterator[Market]:
    """Own the memory and follow the chains while the context lasts; the registry shows how it goes."""
    clock = SystemClock()
    metrics = MarketMetrics(registry or CollectorRegistry(), clock.now)
    async with market_index(config, clock, Unobserved(), (metrics,), metrics) as index:
        yield market_over(index, settings, clock, port)


def market_over(index: MarketIndex, settings: Settings, clock: SystemClock, port: int) -> Market:
    """The marketplace over its memory and its chains."""
    secret = secret_of(settings)
    return Market(
        shelves=index.store.shelves,
        documents=index.store.documents,
        ledger=index.store.ledger,
        orders=index.store.orders,
        uris=Uris(index.tokens, index.store.register),
        chains={
            id_: MarketChain(id_, chain.pool, found.marketplace, found.settlement, found.asset_gateway)
            for id_, chain in index.chains.items()
            for found in [index.contracts[id_]]
        },
        clock=clock,
        cursors=Cursors(secret),
        doors=Doors(secret, domains_of(settings, port)),
        metadata=Metadata(settings.ipfs_gateway),
        streams=Streams(settings.streams),
    )


def limits_of(settings: Settings) -> Limits:
    return Limits(settings.reads_per_s, settings.calls_per_s, settings.fetches_per_s, settings.largest_body)


def domains_of(settings: Settings, port: int) -> frozenset[str]:
    """For which sites people sign in here."""
    return frozenset(settings.domains or (f"localhost:{port}", f"127.0.0.1:{port}"))


def secret_of(settings: Settings) -> bytes:
    """What seals cursors and tokens: the configured one, or a new one with each start."""
    if settings.secret_file is None:
        return secrets.token_bytes(SHORTEST_SECRET)
    mend = "put 64 hex digits there, as `openssl rand -hex 32` makes them"
    try:
        secret = bytes.fromhex(read_private(settings.secret_file, SECRET_KEY).strip())
    except ValueError:
        raise Misconfigured(SECRET_KEY, f"{settings.secret_file} holds no hex digits", mend) from None
    if len(secret) < SHORTEST_SECRET:
        raise Misconfigured(SECRET_KEY, f"{settings.secret_file} holds too few digits", mend)
    return secret
