"""Headers of a chain with sync committees: finality updates, verified and made into the contract's bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Never

from light_clients.errors import LightClientError
from light_clients.evm.header import Header
from light_clients.sync_committee.beacon import LightClientHeader, LightClientUpdate
from light_clients.sync_committee.build import assemble
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.committee import SyncCommittee
from light_clients.sync_committee.errors import CommitteeUnknown, FinalityBranchInvalid
from light_clients.sync_committee.network import Network
from light_clients.types import ChainId, Hash32, Height, TrustedHeader
from relayer.adapters.beacon.api import BeaconNodes, Said
from relayer.adapters.beacon.committees import Committees
from relayer.domain.errors import Misbehaviour, Rejected, Transient
from relayer.domain.ids import Seconds
from relayer.ports import Clock, HeaderUpdate

WINDOW = 64
"""Finalized slots of which an update is kept: for backlogs, and to notice contradictions."""

ExecutionHeader = Callable[[Hash32], Awaitable[Header]]
"""The execution header of that hash; raises `Transient` when no endpoint has it. That it is the one is checked here."""


@dataclass(frozen=True, slots=True)
class ClientState:
    """What the destination's contract says of itself."""

    committees: Mapping[int, Hash32]
    """The commitments it holds, by period."""
    slot: int
    """Of its newest finalized header."""
    timestamp: int
    """Of its newest finalized header, in Unix seconds."""
    height: Height
    """Of the newest header in its ring; 0 when there is none."""
    frozen: bool = False

    def client(self, source: ChainId, network: Network) -> SyncCommitteeClient:
        """The contract's twin."""
        return SyncCommitteeClient(source, network, self.committees, self.slot, self.timestamp, self.frozen)


@dataclass(frozen=True, slots=True)
class _Final:
    """A finality update that verified, with all that its bytes are made of."""

    update: LightClientUpdate
    finalized: LightClientHeader
    committee: SyncCommittee
    rlp: bytes
    """Of the execution header."""
    header: TrustedHeader
    encoded: bytes


class SyncCommitteeHeaders:
    """The `Headers` port for one source chain and one sync-committee light client of one destination.

    No beacon node is trusted: each update is verified by the contract's own rules, starting from the committees that
    the contract holds. `run` follows finality.
    """

    def __init__(
        self,
        source: ChainId,
        network: Network,
        *,
        nodes: BeaconNodes,
        execution_header: ExecutionHeader,
        client_state: Callable[[], Awaitable[ClientState]],
        clock: Clock,
    ) -> None:
        self._source = source
        self._network = network
        self._nodes = nodes
        self._execution_header = execution_header
        self._client_state = client_state
        self._clock = clock
        self._committees = Committees(nodes, network)
        self._finals: dict[int, _Final] = {}
        self._handovers: dict[int, bytes] = {}
        self._misbehaviour: Misbehaviour | None = None
        self._evidence: bytes | None = None

    @property
    def network(self) -> Network:
        return self._network

    @property
    def evidence(self) -> bytes | None:
        """What freezes the contract, once a committee that it knows has contradicted itself."""
        return self._evidence

    async def run(self) -> Never:
        """Follow finality, for ever: a look each slot."""
        while True:
            with contextlib.suppress(Transient):  # each node's fault has been counted; the next slot is the next try
                await self.follow()
            await self._clock.sleep(self._slot_seconds)

    async def follow(self) -> None:
        """Take what the nodes now call final, if it verifies."""
        now = int(self._clock.now())
        contract, _ = await self._contract(now)
        client, _ = await self._ahead(contract, now)
        for said in await self._nodes.finality_updates():
            if self._is_news(said.value):
                await self._take(client, said, now)

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        """As the port says; but where no update in between was ever served, the lowest known above `at_most`.

        Beacon nodes serve only the newest finality update, so after a standstill there may be no other. Waits for as
        long as the contract misses the committee that signed: it must be given what is {overdue} first.
        """
        while True:
            if self._misbehaviour is not None:
                raise self._misbehaviour
            found = self._between(at_least, at_most)
            update = None if found is None else await self._for_contract(found)
            if update is not None:
                return update
            await self.follow()
            if self._between(at_least, at_most) is found:
                await self._clock.sleep(self._slot_seconds)

    async def overdue(self, now: Seconds) -> Sequence[bytes]:
        """The updates that bring the committees that the contract does not hold yet, oldest first.

        Each hands over to the next period's committee, and stands on the one before it.
        """
        contract, _ = await self._contract(int(now))
        _, updates = await self._ahead(contract, int(now))
        return updates

    @property
    def _slot_seconds(self) -> Seconds:
        return Seconds(float(self._network.seconds_per_slot))

    async def _contract(self, now: int) -> tuple[SyncCommitteeClient, ClientState]:
        """The contract's twin, which can still be updated, and what it was made of."""
        state = await self._client_state()
        client = state.client(self._source, self._network)
        if client.frozen:
            raise Rejected(f"the light client of chain {self._source} is frozen")
        if now > client.timestamp + self._network.trusting_period:
            raise Rejected(f"the light client of chain {self._source} trusts nothing newer than {client.timestamp}")
        return client, state

    async def _for_contract(self, final: _Final) -> HeaderUpdate | None:
        """None while the contract misses the committee."""
        now = int(self._clock.now())
        client, state = await self._contract(now)
        if state.height == final.header.height:
            return HeaderUpdate(final.header, b"", final.update.signed)
        try:
            encoded = client.build_update(final.update, final.committee, final.rlp, now)
        except CommitteeUnknown:
            return None
        except LightClientError as error:
            raise Rejected(f"the light client of chain {self._source} holds something else: {error}") from error
        return HeaderUpdate(final.header, encoded, final.update.signed)

    async def _ahead(self, client: SyncCommitteeClient, now: int) -> tuple[SyncCommitteeClient, list[bytes]]:
        """The contract's twin as it will be after every hand-over that there is, and these."""
        updates: list[bytes] = []
        current = self._network.period((now - self._network.genesis_time) // self._network.seconds_per_slot)
        while (period := max(client.committees)) <= current:
            step = await self._handover(client, period, now)
            if step is None:
                break
            client, self._handovers[period] = step
            updates.append(self._handovers[period])
        return client, updates

    async def _handover(
        self, client: SyncCommitteeClient, period: int, now: int
    ) -> tuple[SyncCommitteeClient, bytes] | None:
        """The update by which that period's committee hands over, and the client after it; None while there is none."""
        known = self._handovers.get(period)
        if known is not None:
            with contextlib.suppress(LightClientError):  # the contract may have been told something else since
                return client.advance(known, now)[0], known
        for said in await self._nodes.period_updates(period):
            final = await self._verified(client, said, now)
            if final is not None and period + 1 in (after := client.advance(final.encoded, now)[0]).committees:
                return after, final.encoded
        return None

    def _is_news(self, update: LightClientUpdate) -> bool:
        """Another final header, or more signatures under the one that is known."""
        if update.finalized is None:
            return False
        known = self._finals.get(update.finalized.beacon.slot)
        return known is None or known.finalized.beacon != update.finalized.beacon or known.update.signed < update.signed

    async def _take(self, client: SyncCommitteeClient, said: Said[LightClientUpdate], now: int) -> None:
        final = await self._verified(client, said, now)
        if final is None:
            return
        for known in self._finals.values():
            if _contradict(known, final):
                self._incriminate(client, known, final, now)
        self._finals[final.finalized.beacon.slot] = final
        while len(self._finals) > WINDOW:
            del self._finals[min(self._finals)]

    def _incriminate(self, client: SyncCommitteeClient, known: _Final, final: _Final, now: int) -> None:
        slots = f"{known.finalized.beacon.slot} and {final.finalized.beacon.slot}"
        self._misbehaviour = Misbehaviour(f"the sync committee of chain {self._source} signed two histories: {slots}")
        with contextlib.suppress(LightClientError):  # of a committee that the contract has forgotten: no evidence
            self._evidence = client.build_evidence(known.encoded, final.encoded, now)

    async def _verified(self, client: SyncCommitteeClient, said: Said[LightClientUpdate], now: int) -> _Final | None:
        """What the node said, if it is true."""
        try:
            return await self._verify(client, said.value, now)
        except LightClientError as error:
            self._nodes.blame(said.node, error)
            return None

    async def _verify(self, client: SyncCommitteeClient, update: LightClientUpdate, now: int) -> _Final:
        if update.finalized is None:
            raise FinalityBranchInvalid
        committee = await self._committees.of(client, update)
        block_hash = update.finalized.block_hash
        client.check(assemble(update, committee, b"", self._network), block_hash, now)
        rlp = (await self._execution_header(block_hash)).encode()
        encoded = client.build_update(update, committee, rlp, now)
        _, header = client.advance(encoded, now)
        return _Final(update, update.finalized, committee, rlp, header, encoded)

    def _between(self, at_least: Height, at_most: Height | None) -> _Final | None:
        high_enough = [final for final in self._finals.values() if final.header.height >= at_least]
        fitting = [final for final in high_enough if at_most is None or final.header.height <= at_most]
        if fitting:
            return max(fitting, key=_height)
        return min(high_enough, key=_height, default=None)


def _height(final: _Final) -> Height:
    return final.header.height


def _contradict(one: _Final, other: _Final) -> bool:
    """Whether they cannot both be true."""
    finalized, attested = (one.finalized.beacon, other.finalized.beacon), (one.update.attested, other.update.attested)
    return (
        (finalized[0].slot == finalized[1].slot and finalized[0] != finalized[1])
        or (attested[0].beacon.slot == attested[1].beacon.slot and attested[0].beacon != attested[1].beacon)
        or (one.header.height == other.header.height and one.header != other.header)
    )
