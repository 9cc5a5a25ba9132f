"""Headers through a hub: what its light client of the source has verified is proven from the hub's own state."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from light_clients.derived.relay_chain import TRUST_SLOT, RelayChainClient, header_slots
from light_clients.derived.wire import HubPart
from light_clients.errors import EvidenceInvalid, LightClientError
from light_clients.serving import Serving
from light_clients.trusted_headers import TrustedHeaders
from light_clients.types import Address, ChainId, Height, TrustedHeader
from relayer.domain.errors import Reverted, Transient
from relayer.ports import (
    Clock,
    ContractViews,
    Errand,
    Evidence,
    Headers,
    HeaderUpdate,
    LightClients,
    SealedHeaders,
    StorageProofs,
)

PATIENCE = 8
"""Blocks of the hub within which a header that was sent there must have arrived, or it is sent again."""


@dataclass(frozen=True, slots=True)
class Hub:
    """The chain between, and what is to be read and written there."""

    chain: ChainId
    blocks: SealedHeaders
    proofs: StorageProofs
    source_client: ContractViews
    """The light client of the source, on the hub."""
    errand: Errand
    light_clients: LightClients


class RelayChainHeaders:
    """The `Headers` of a source for a destination that has no light client of it, only one of the hub."""

    def __init__(
        self, source: ChainId, hub: Hub, *, to_hub: Headers, from_hub: Headers, contract: ContractViews, clock: Clock
    ) -> None:
        self._source = source
        self._hub = hub
        self._to_hub = to_hub
        self._from_hub = from_hub
        self._contract = contract
        self._clock = clock

    @property
    def client(self) -> Address:
        return self._contract.address

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        height = await self._held(at_least, at_most)
        seen = await self._hub.blocks.head(Height(0))
        relay = await self._from_hub.newest(at_least=seen)
        return await self._through(relay, height)

    async def overdue(self) -> HeaderUpdate:
        """Never by itself: what ages are the clients of the hub and on it, and they have upkeep of their own."""
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def misbehaviour(self) -> Evidence:
        head = Height(0)
        while not any(await self._hub.source_client.view("frozen()")):
            head = await self._hub.blocks.head(Height(head + 1))
        relay = await self._from_hub.newest(at_least=await self._hub.blocks.head(Height(0)))
        address, now = self._hub.source_client.address, int(self._clock.now())
        nodes = await self._hub.proofs.storage(address, [TRUST_SLOT], relay.header.height)
        client = RelayChainClient(self._source, _serving(relay.header), address)
        try:
            part = HubPart(relay.header.height, relay.update)
            proof = client.build_evidence(part, nodes.account, nodes.slots[0], now)
        except LightClientError as error:
            raise Transient(
                f"chain {self._hub.chain} does not prove that its light client is frozen: {error}"
            ) from error
        return Evidence(f"the light client on chain {self._hub.chain} is frozen", proof)

    async def _held(self, at_least: Height, at_most: Height | None) -> Height:
        """A header between these heights that the hub's client holds; brought there when it holds none."""
        latest = Height(int.from_bytes(await self._hub.source_client.view("latestHeight()"), "big"))
        if at_least <= latest and (at_most is None or latest <= at_most):
            return latest
        brought = await self._to_hub.newest(at_least, at_most)
        while not await self._holds(brought.header):
            call = self._hub.light_clients.encode_update(brought.update)
            await self._hub.errand.send(self._hub.source_client.address, call)
            await self._await_arrival(brought.header)
        return brought.header.height

    async def _await_arrival(self, header: TrustedHeader) -> None:
        head = await self._hub.blocks.head(Height(0))
        for block in range(head + 1, head + 1 + PATIENCE):
            await self._hub.blocks.head(Height(block))
            if await self._holds(header):
                return

    async def _holds(self, header: TrustedHeader) -> bool:
        tag = await self._hub.source_client.view("latestHeight()")
        if int.from_bytes(tag, "big") < header.height:
            return False
        try:
            roots = await self._hub.source_client.view("header(uint64)", header.height)
        except Reverted:
            return False  # it reverts where the client does not hold the height
        return roots[:32] == header.state_root

    async def _through(self, relay: HeaderUpdate, height: Height) -> HeaderUpdate:
        """The update that proves the source's header from this header of the hub."""
        address, now = self._hub.source_client.address, int(self._clock.now())
        nodes = await self._hub.proofs.storage(address, header_slots(height), relay.header.height)
        client = RelayChainClient(self._source, _serving(relay.header), address)
        try:
            part = HubPart(relay.header.height, relay.update)
            update = client.build_update(part, height, nodes.account, nodes.slots, now)
            _, header = client.advance(update, now)
        except LightClientError as error:
            raise Transient(
                f"chain {self._hub.chain} does not prove block {height} of {self._source}: {error}"
            ) from error
        return HeaderUpdate(header, update, signed=relay.signed)


@dataclass(frozen=True, slots=True)
class _Relayed:
    """The hub's client on the destination once it holds a header that was verified here by its own rules."""

    held: TrustedHeader

    @property
    def source(self) -> ChainId:
        return self.held.chain

    def advance(self, update: bytes, now: int) -> tuple[_Relayed, TrustedHeader]:  # noqa: ARG002 verified already
        return self, self.held

    def verify_misbehaviour(self, evidence: bytes, now: int) -> tuple[TrustedHeader, TrustedHeader]:  # noqa: ARG002
        raise EvidenceInvalid("the hub is not what is accused")


def _serving(header: TrustedHeader) -> Serving:
    return Serving(_Relayed(header), TrustedHeaders().accept(header))
