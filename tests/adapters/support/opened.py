"""Chains opened for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from light_clients.types import ChainId
from relayer.adapters.clock import SystemClock
from relayer.adapters.evm.chain import EvmChain, FinalityRule
from relayer.adapters.evm.connect import ChainSettings, OpenChain, open_chain
from relayer.domain.ids import BlockRef, Seconds
from relayer.ports import Finality
from tests.adapters.support.gateway import GATEWAY, HERE, REMOTE, THERE

LATEST = FinalityRule(Finality.LATEST)


@asynccontextmanager
async def opened(
    *endpoints: str, finality: FinalityRule = LATEST, deadline: float = 1.0, chain: int = HERE
) -> AsyncIterator[OpenChain]:
    settings = ChainSettings(
        id=ChainId(chain),
        endpoints=endpoints,
        gateway=GATEWAY,
        remotes={THERE: REMOTE},
        finality=finality,
        block_seconds=Seconds(1.0),
        deadline=Seconds(deadline),
    )
    async with open_chain(settings, SystemClock()) as open_:
        await open_.check()
        yield open_


async def head_at(chain: EvmChain, number: int) -> BlockRef:
    """Wait for the head of this number."""
    async with asyncio.timeout(20):
        async for head in chain.heads():
            if head.number >= number:
                return head
    raise AssertionError("heads never end")
