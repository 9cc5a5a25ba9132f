"""Has a lane's source pay a relayer what it has earned on the destination, by a proof of the destination's storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Never

from light_clients.errors import LightClientError
from light_clients.evm.accounts import pack_proof, slot_value
from light_clients.types import Address, ChainId, Height
from relayer.domain.errors import Rejected, Transient
from relayer.domain.ids import Lane, Wei
from relayer.domain.slots import earned_slot
from relayer.pipeline.engine import Engine
from relayer.ports import ContractViews, Errand, Gateway, Headers, HeaderUpdate, LightClients, StorageProofs

LOOK_AFTER = 16
"""Blocks of the destination between two looks at what has been earned."""
ARRIVAL = 4
"""Blocks of the source in which a call must have arrived."""


@dataclass(frozen=True, slots=True)
class Books:
    """What a chain's gateway says of fees, and the proof of it."""

    gateway: ContractViews
    storage: StorageProofs


@dataclass(frozen=True, slots=True)
class Claim:
    """That a relayer had earned so much by this header."""

    header: HeaderUpdate
    proof: bytes
    amount: Wei
    """Not paid yet."""


class Earnings:
    """What one relayer has earned on one lane."""

    def __init__(self, lane: Lane, relayer: Address, *, source: Books, destination: Books, back: Headers) -> None:
        self.lane = lane
        self.relayer = relayer
        self.back = back
        """The headers of the destination, as the source's light client takes them."""
        self._source = source
        self._destination = destination

    async def outstanding(self) -> Wei:
        """Earned and not paid, as both ends say now."""
        earned = await self._destination.gateway.view(
            "earned(uint64,address)", self.lane.source, int.from_bytes(self.relayer, "big")
        )
        return Wei(max(0, int.from_bytes(earned, "big") - await self._paid()))

    async def claim(self, at_least: Height) -> Claim:
        """Wait for a final header of the destination, this high or higher; what it proves, checked here first."""
        header = await self.back.newest(at_least)
        gateway, slot = self.lane.destination_gateway, earned_slot(self.lane.source, self.relayer)
        nodes = await self._destination.storage.storage(gateway, [slot], header.header.height)
        proof = pack_proof(nodes.account, nodes.slots[0])
        try:
            earned = int.from_bytes(slot_value(header.header.state_root, gateway, slot, proof), "big")
        except LightClientError as error:
            raise Transient(f"lane {self.lane}: the proof of fees does not verify: {error}") from error
        paid = await self._paid()
        if earned <= paid:
            raise Transient(f"lane {self.lane}: block {header.header.height} proves no fees that are not paid yet")
        return Claim(header, proof, Wei(earned - paid))

    async def _paid(self) -> int:
        relayer = int.from_bytes(self.relayer, "big")
        return int.from_bytes(
            await self._source.gateway.view("claimed(uint64,address)", self.lane.destination, relayer), "big"
        )


class Claimer:
    """Serves one lane. Nothing is remembered: what is outstanding stands in the two gateways."""

    def __init__(
        self,
        earnings: Earnings,
        above: Wei,
        *,
        engine: Engine,
        errand: Errand,
        gateway: Gateway,
        light_clients: LightClients,
    ) -> None:
        self._earnings = earnings
        self._above = above
        self._engine = engine
        self._errand = errand
        self._gateway = gateway
        self._light_clients = light_clients

    async def run(self) -> Never:
        lane, height = self._earnings.lane, Height(0)
        while True:
            await self._engine.until_read(lane.destination, height)
            state = self._engine.chain(lane.destination)
            assert state is not None
            if await self._earnings.outstanding() > self._above:
                await self._claim(await self._earnings.claim(state.head.number))
            height = Height(state.head.number + LOOK_AFTER)

    async def _claim(self, claim: Claim) -> None:
        """First the header, unless the source's light client holds it; then what it proves."""
        lane, relayer = self._earnings.lane, self._earnings.relayer
        if claim.header.update:
            update = self._light_clients.encode_update(claim.header.update)
            await self._errand.send(self._earnings.back.client, update)
            await self._blocks(lane.source)
        height = claim.header.header.height
        call = self._gateway.encode_claim(lane.destination, relayer, height, claim.proof)
        try:
            await self._errand.send(lane.source_gateway, call)
        except Rejected as error:
            raise Transient(f"lane {lane}: the claim is not taken yet: {error}") from error
        await self._blocks(lane.source)

    async def _blocks(self, chain: ChainId) -> None:
        state = self._engine.chain(chain)
        await self._engine.until_read(chain, Height(ARRIVAL + (state.head.number if state else 0)))
