"""The chain as a process of its own beside its anvil, for tests that need the real thing."""

from __future__ import annotations

import re
import sys
import time
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.adapters.support.anvil import Anvil, an_anvil
from tests.beacon_chain.api import CONTRADICTION

LISTENING = re.compile(rb"Listening on (http://\S+)")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Beacon:
    """A beacon node, and the execution node that it drives."""

    url: str
    execution: Anvil
    session: aiohttp.ClientSession

    @property
    def contradicting(self) -> str:
        """The same node as the lying committee would have it seen."""
        return self.url + CONTRADICTION

    async def get(self, path: str) -> Any:
        async with self.session.get(self.url + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()


@asynccontextmanager
async def a_beacon_chain(age: int, *options: str, chain: int = 31337) -> AsyncIterator[Beacon]:
    """A chain of one slot a second, with an anvil of its own, that is `age` slots old when it is handed over."""
    genesis = str(int(time.time()) - age)
    async with (
        an_anvil(chain, "--no-mining", "--hardfork", "prague", "--timestamp", genesis) as anvil,
        a_beacon_over(anvil, *options) as beacon,
    ):
        yield beacon


@asynccontextmanager
async def a_beacon_over(anvil: Anvil, *options: str) -> AsyncIterator[Beacon]:
    """Takes that node's mining over; the slots between its newest block and now are made at once."""
    command = (sys.executable, "-m", "tests.beacon_chain", "--execution", anvil.http, *options)
    process = await create_subprocess_exec(*command, stdout=PIPE, cwd=ROOT)
    try:
        assert process.stdout is not None
        found = LISTENING.search(await process.stdout.readline())
        assert found is not None, "the beacon chain did not start"
        yield Beacon(found[1].decode(), anvil, anvil.session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
