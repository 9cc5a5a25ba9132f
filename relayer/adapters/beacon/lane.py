"""The `Headers` of a lane whose source has sync committees: finality updates, hand-overs, contradictions."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Never

from light_clients.evm.header import Header
from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.beacon.api import BeaconNodes
from relayer.adapters.beacon.contract import network_of, state_of
from relayer.adapters.beacon.headers import SyncCommitteeHeaders
from relayer.adapters.beacon.identity import check_identity
from relayer.domain.ids import Seconds
from relayer.ports import Clock, ContractViews, Evidence, HeaderUpdate, SealedHeaders


class BeaconHeaders:
    """Which beacon chain it is is asked of the contract, once there is somebody to answer."""

    def __init__(
        self, source: ChainId, nodes: BeaconNodes, blocks: SealedHeaders, contract: ContractViews, clock: Clock
    ) -> None:
        self._source = source
        self._nodes = nodes
        self._blocks = blocks
        self._contract = contract
        self._clock = clock
        self._opened: SyncCommitteeHeaders | None = None
        self._open = asyncio.Event()

    @property
    def client(self) -> Address:
        return self._contract.address

    async def run(self) -> Never:
        """Follow finality, for ever; everybody else waits until it is known which chain that is."""
        if self._opened is None:
            self._opened = await self._made()
            self._open.set()
        await self._opened.run()

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        return await (await self._headers()).newest(at_least, at_most)

    async def overdue(self) -> HeaderUpdate:
        """The oldest hand-over that the contract has not seen."""
        headers = await self._headers()
        while True:
            now = self._clock.now()
            for update in await headers.overdue(now):
                state = await state_of(self._contract, headers.network)
                _, header = state.client(self._source, headers.network).advance(update, int(now))
                return HeaderUpdate(header, update, signed=0)
            await self._clock.sleep(Seconds(float(headers.network.seconds_per_slot)))

    async def misbehaviour(self) -> Evidence:
        headers = await self._headers()
        while headers.evidence is None:
            await self._clock.sleep(Seconds(float(headers.network.seconds_per_slot)))
        return Evidence("a sync committee signed two histories", headers.evidence)

    async def _headers(self) -> SyncCommitteeHeaders:
        await self._open.wait()
        assert self._opened is not None
        return self._opened

    async def _made(self) -> SyncCommitteeHeaders:
        network = await network_of(self._contract)
        await check_identity(self._nodes, network, f"chain {self._source}: beacon")
        return SyncCommitteeHeaders(
            self._source,
            network,
            nodes=self._nodes,
            execution_header=self._execution_header,
            client_state=partial(state_of, self._contract, network),
            clock=self._clock,
        )

    async def _execution_header(self, block_hash: Hash32) -> Header:
        return await self._blocks.header_of(block_hash)
