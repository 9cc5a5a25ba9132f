"""Opening a chain: endpoints, pool, and the ports that stand on it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Never

import aiohttp

from light_clients.evm.header import Header
from light_clients.types import Address, ChainId, Height
from relayer.adapters.evm.agreement import AgreedHeaders
from relayer.adapters.evm.chain import EvmChain, FinalityRule
from relayer.adapters.evm.headers import BlockReader, HashRule
from relayer.adapters.evm.pool import Pool, RpcObserver
from relayer.adapters.evm.rpc import Endpoint, HttpEndpoint
from relayer.adapters.evm.transactions import EvmTransactions
from relayer.adapters.evm.websocket import WebSocketEndpoint
from relayer.domain.errors import Transient
from relayer.domain.ids import Seconds
from relayer.ports import Clock

POLLS_A_BLOCK = 20
FASTEST_POLL = 0.02
SLOWEST_POLL = 1.0


@dataclass(frozen=True, slots=True)
class ChainSettings:
    """What must be known of a chain to speak to it."""

    id: ChainId
    endpoints: Sequence[str]
    gateway: Address
    remotes: Mapping[ChainId, Address]
    """The gateways of the chains that lanes lead to."""
    finality: FinalityRule
    block_seconds: Seconds
    deadline: Seconds
    hash_of: HashRule = Header.hash


@dataclass(frozen=True, slots=True)
class OpenChain:
    """One chain's ports; they share a pool."""

    chain: EvmChain
    transactions: EvmTransactions
    final_headers: AgreedHeaders
    pool: Pool

    async def check(self) -> None:
        """Raises `Misconfigured` for an endpoint of another chain."""
        with contextlib.suppress(Transient):  # one chain that is away must not keep the others waiting
            await self.pool.check_chain()


class Unobserved:
    """The observer of who does not count."""

    def called(self, chain: ChainId, endpoint: str, method: str, fault: str, seconds: float) -> None: ...

    def missed_head(self, chain: ChainId, endpoint: str, fault: str) -> None: ...

    def announced_head(self, chain: ChainId, endpoint: str, height: Height) -> None: ...


@asynccontextmanager
async def open_chain(
    settings: ChainSettings, clock: Clock, observer: RpcObserver | None = None
) -> AsyncIterator[OpenChain]:
    """Follow the chain while the context lasts."""
    connector = aiohttp.TCPConnector(limit_per_host=32, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None)) as session:
        endpoints = [_endpoint(url, session, settings) for url in settings.endpoints]
        pool = Pool(settings.id, endpoints, clock, observer or Unobserved(), BlockReader(settings.hash_of))
        chain = EvmChain(pool, settings.gateway, settings.remotes, settings.finality)
        headers = AgreedHeaders(pool, settings.finality)
        async with _beside(pool.run()):
            yield OpenChain(chain, EvmTransactions(pool), headers, pool)


@asynccontextmanager
async def _beside(work: Coroutine[None, None, Never]) -> AsyncIterator[None]:
    """Run `work` while the context lasts; what is raised inside comes out as it is, not in a group."""
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work)
            try:
                yield
            finally:
                task.cancel()
    except BaseExceptionGroup as trouble:
        if len(trouble.exceptions) > 1:
            raise
        raise trouble.exceptions[0] from trouble.exceptions[0].__cause__


def _endpoint(url: str, session: aiohttp.ClientSession, settings: ChainSettings) -> Endpoint:
    poll = min(max(settings.block_seconds / POLLS_A_BLOCK, FASTEST_POLL), SLOWEST_POLL)
    kind = WebSocketEndpoint if url.startswith("ws") else HttpEndpoint
    return kind(url, session, deadline=settings.deadline, poll_seconds=poll)
