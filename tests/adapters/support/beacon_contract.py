"""A sync-committee light client as a contract would keep it, and the adapter that serves it, over a running chain."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from light_clients.evm.header import Header, check_announced
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.network import FULU, Fork, Network
from light_clients.trusted_headers import NONE
from light_clients.types import Hash32, Height, TrustedHeader
from relayer.adapters.beacon.api import BeaconNodes
from relayer.adapters.beacon.headers import ClientState, SyncCommitteeHeaders
from relayer.adapters.beacon.trust import trusted_start
from relayer.adapters.clock import SystemClock
from relayer.domain.ids import Seconds
from tests.beacon_chain.process import Beacon

DEADLINE = 2.0


@dataclass
class Contract:
    """The destination's light client; `submit` is its `update`."""

    client: SyncCommitteeClient
    height: Height = NONE

    async def state(self) -> ClientState:
        client = self.client
        return ClientState(client.committees, client.slot, client.timestamp, self.height, client.frozen)

    def submit(self, update: bytes) -> TrustedHeader:
        self.client, header = self.client.advance(update, int(time.time()))
        self.height = max(self.height, header.height)
        return header


async def network_of(beacon: Beacon) -> Network:
    genesis = (await beacon.get("/eth/v1/beacon/genesis"))["data"]
    settings = (await beacon.get("/eth/v1/config/spec"))["data"]
    return Network(
        genesis_validators_root=Hash32.from_hex(genesis["genesis_validators_root"]),
        genesis_time=int(genesis["genesis_time"]),
        forks=(Fork(int(settings["FULU_FORK_EPOCH"]), bytes.fromhex(settings["FULU_FORK_VERSION"][2:]), FULU),),
        seconds_per_slot=int(settings["SECONDS_PER_SLOT"]),
        slots_per_epoch=int(settings["SLOTS_PER_EPOCH"]),
        epochs_per_period=int(settings["EPOCHS_PER_SYNC_COMMITTEE_PERIOD"]),
        committee_size=int(settings["SYNC_COMMITTEE_SIZE"]),
        trusting_period=3600,
    )


async def a_contract_that_trusts(beacon: Beacon, block: str) -> Contract:
    """Trusts that final block, and the committee in its state."""
    root = (await beacon.get(f"/eth/v1/beacon/headers/{block}"))["data"]["root"]
    nodes = BeaconNodes([beacon.url], beacon.session)
    network = await network_of(beacon)
    client = await trusted_start(nodes, beacon.execution.id, network, Hash32.from_hex(root), int(time.time()))
    return Contract(client)


@dataclass
class Following:
    """The adapter, and what it counted."""

    headers: SyncCommitteeHeaders
    contract: Contract
    faults: list[tuple[str, str]]

    async def hand_over(self) -> list[bytes]:
        """Give the contract the committees that it misses."""
        updates = list(await self.headers.overdue(Seconds(time.time())))
        for update in updates:
            self.contract.submit(update)
        return updates


@asynccontextmanager
async def following(beacon: Beacon, contract: Contract, urls: Sequence[str] | None = None) -> AsyncIterator[Following]:
    async def execution_header(block_hash: Hash32) -> Header:
        header, _ = check_announced(await beacon.execution.rpc("eth_getBlockByHash", str(block_hash), False))
        return header

    faults: list[tuple[str, str]] = []

    def counted(node: str, fault: str) -> None:
        faults.append((node, fault))

    async with aiohttp.ClientSession() as session:
        headers = SyncCommitteeHeaders(
            beacon.execution.id,
            contract.client.network,
            nodes=BeaconNodes(urls or [beacon.url], session, deadline=DEADLINE, counted=counted),
            execution_header=execution_header,
            client_state=contract.state,
            clock=SystemClock(),
        )
        yield Following(headers, contract, faults)


async def a_contract(beacon: Beacon) -> Contract:
    """Trusts the newest final block, and knows the next committee if there is one yet; its ring is empty."""
    contract = await a_contract_that_trusts(beacon, "finalized")
    async with following(beacon, contract) as node:
        await node.hand_over()
    return Contract(contract.client)
