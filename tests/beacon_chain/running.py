"""The chain at work: a block for each slot when its time has come, and the API beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Never

import aiohttp
from aiohttp import web

from tests.beacon_chain.api import BeaconApi
from tests.beacon_chain.chain import BeaconChain
from tests.beacon_chain.consensus import consensus
from tests.beacon_chain.equivocation import contradicting_update
from tests.beacon_chain.execution import Execution
from tests.beacon_chain.light_client_data import LightClientData
from tests.beacon_chain.validators import Absence, Validators


@dataclass(frozen=True)
class Options:
    """What can be asked of the chain."""

    execution: str
    """URL of the anvil."""
    slot_seconds: int = 1
    validators: int = 32
    absent: int = 0
    """Members of the sync committee who do not sign, others in each slot."""
    equivocates_from: int | None = None
    """The slot from which the committee signs a second history too."""


class RunningChain:
    """Makes the blocks. Slots whose time has passed already are made at once, the others on time."""

    def __init__(self, chain: BeaconChain, execution: Execution, options: Options) -> None:
        self.chain = chain
        self.data = LightClientData(chain)
        self._execution = execution
        self._options = options

    async def catch_up(self) -> None:
        while self._is_due():
            await self._step()

    async def run(self) -> Never:
        while True:
            await asyncio.sleep(max(0.0, self.chain.time_of(self.chain.head.slot + 1) - time.time()))
            await self._step()

    def contradiction(self) -> Any | None:
        """The update that contradicts the newest; None while the committee is honest."""
        start, head = self._options.equivocates_from, self.chain.head
        if start is None or head.slot < start or self.data.finality is None:
            return None
        return contradicting_update(self.chain, head)

    def _is_due(self) -> bool:
        return self.chain.time_of(self.chain.head.slot + 1) <= time.time()

    async def _step(self) -> None:
        payload = await self._execution.mine(self.chain.time_of(self.chain.head.slot + 1))
        self.data.take(self.chain.extend(payload))


@asynccontextmanager
async def a_running_chain(options: Options) -> AsyncIterator[RunningChain]:
    """Takes the execution node over: its newest block is the genesis of the beacon chain."""
    spec = consensus(options.slot_seconds)
    async with aiohttp.ClientSession() as session:
        execution = Execution(options.execution, session, spec)
        genesis = await execution.take_over()
        chain = BeaconChain(spec, Validators(spec, options.validators), genesis, Absence(options.absent))
        yield RunningChain(chain, execution, options)


@asynccontextmanager
async def served(running: RunningChain, host: str, port: int) -> AsyncIterator[int]:
    """The API on that address; port 0 lets the system choose. Yields the port."""
    runner = web.AppRunner(BeaconApi(running.chain, running.data, running.contradiction).app(), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
