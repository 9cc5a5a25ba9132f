"""What a command needs of the chains that a configuration names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from light_clients.types import ChainId, Height
from relayer import config as configuration
from relayer.adapters.clock import SystemClock
from relayer.adapters.evm.connect import OpenChain
from relayer.adapters.evm.consensus import EvmContract
from relayer.adapters.metrics import Metrics
from relayer.adapters.mqtt.silent import SilentBus
from relayer.config import Config
from relayer.domain.backoff import BUSY
from relayer.domain.errors import Misconfigured, Rejected, Transient
from relayer.domain.events import MessageSent
from relayer.domain.ids import Lane, Nonce
from relayer.entrypoints.acting.hand import Hand, Key
from relayer.lane_headers import LaneHeaders
from relayer.opening import lane_of, opened
from relayer.pipeline.supervise import Worker
from relayer.ports import Headers, Signer


@dataclass(frozen=True, slots=True)
class Session:
    """Chains, and a key to call their contracts with."""

    config: Config
    chains: Mapping[ChainId, OpenChain]
    signer: Signer | None
    made: LaneHeaders
    group: asyncio.TaskGroup
    beside: list[asyncio.Task[None]]

    def hand(self, chain: ChainId) -> Hand:
        assert self.signer is not None
        return Hand(chain, self.chains[chain].transactions, self.signer)

    def gateway(self, chain: ChainId) -> EvmContract:
        return EvmContract(self.chains[chain].pool, self.config.chain(chain).gateway)

    def headers(self, source: ChainId, destination: ChainId) -> Headers:
        """Headers as the light client of the lane takes them; what they need runs beside from now on."""
        for lane in self.config.lanes:
            if (lane.source, lane.destination) == (source, destination):
                headers = self.made.of(source, destination, lane.light_client)
                for _, worker in self.made.running:
                    self.beside.append(self.group.create_task(_for_ever(worker)))
                return headers
        mend = "add it: its light client knows the headers that are needed"
        raise Misconfigured("lanes", f"there is no lane {source}-{destination}", mend)

    async def message(self, lane: Lane, nonce: Nonce) -> MessageSent:
        """As the source sent it."""
        start = Height(self.config.chain(lane.source).start_block)
        sent = await self.chains[lane.source].chain.message(lane, nonce, start)
        if sent is None:
            raise Rejected(f"lane {lane} has no message {nonce}; `lockkeeper lanes` shows how many there are")
        return sent


@asynccontextmanager
async def a_session(config: Config, key: Key | None = None) -> AsyncIterator[Session]:
    """Open while the context lasts."""
    async with AsyncExitStack() as stack:
        clock = SystemClock()
        metrics = Metrics(clock)
        signer = None if key is None else await key.signer()
        chains = {
            chain.id: await stack.enter_async_context(opened(config, chain, clock, metrics)) for chain in config.chains
        }
        for each in chains.values():
            await each.check()
        http = await stack.enter_async_context(aiohttp.ClientSession())
        hands = {} if signer is None else {id_: Hand(id_, each.transactions, signer) for id_, each in chains.items()}
        made = LaneHeaders(config, chains, hands, SilentBus(), http, clock, metrics)
        group, beside = await stack.enter_async_context(asyncio.TaskGroup()), list[asyncio.Task[None]]()
        try:
            yield Session(config, chains, signer, made, group, beside)
        finally:
            for task in beside:
                task.cancel()


def lane_named(config: Config, name: str) -> Lane:
    """The configured lane of two chain ids or names."""
    names = {chain.name: str(chain.id) for chain in config.chains}
    for lane in config.lanes:
        ends = config.chain(lane.source), config.chain(lane.destination)
        if name in (f"{lane.source}-{lane.destination}", f"{ends[0].name}-{ends[1].name}"):
            return lane_of(config, lane)
    known = ", ".join(f"{lane.source}-{lane.destination}" for lane in config.lanes) or "none"
    mend = f"name two chain ids or names; configured: {known}"
    raise Misconfigured("SOURCE-DESTINATION", f"{name!r} is no lane of {', '.join(names) or 'no chains'}", mend)


def chain_named(config: Config, name: str) -> configuration.Chain:
    """The configured chain of this id or name."""
    for chain in config.chains:
        if name in (chain.name, str(chain.id)):
            return chain
    raise Misconfigured("CHAIN", f"{name!r} is no chain", f"choose from {', '.join(c.name for c in config.chains)}")


async def _for_ever(worker: Worker) -> None:
    failures = 0
    while True:
        try:
            await worker.run()
        except Transient:
            failures += 1
            await asyncio.sleep(BUSY.delay(failures))
