"""The keys behind a commitment: whoever serves them, they are the committee's only when they hash to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from light_clients.errors import LightClientError
from light_clients.sync_committee.beacon import CommitteeKeys, LightClientUpdate
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.committee import SyncCommittee
from light_clients.sync_committee.errors import CommitteeMismatch, CommitteeUnknown
from light_clients.sync_committee.network import Network
from light_clients.types import Hash32
from relayer.adapters.beacon.api import BeaconNodes, Said
from relayer.domain.errors import Transient

KEPT = 4
"""Committees whose decoded keys are kept."""


class Committees:
    """The committees of one chain, fetched when they are first needed."""

    def __init__(self, nodes: BeaconNodes, network: Network) -> None:
        self._nodes = nodes
        self._network = network
        self._known: dict[Hash32, SyncCommittee] = {}

    async def of(self, client: SyncCommitteeClient, update: LightClientUpdate) -> SyncCommittee:
        """The committee that `client` trusts for the signature of `update`.

        Raises `CommitteeUnknown` when it trusts none, `Transient` when no node serves its keys.
        """
        period = self._network.period(update.signature_slot)
        commitment = client.committees.get(period)
        if commitment is None:
            raise CommitteeUnknown(period)
        if commitment not in self._known:
            found = await self._fetch(period, commitment, update)
            while len(self._known) >= KEPT:
                del self._known[next(iter(self._known))]
            self._known[commitment] = found
        return self._known[commitment]

    async def _fetch(self, period: int, commitment: Hash32, update: LightClientUpdate) -> SyncCommittee:
        async for said in self._served(period, update):
            try:
                committee = SyncCommittee.from_keys(said.value.keys, said.value.aggregate)
                if committee.commitment != commitment:
                    raise CommitteeMismatch(committee.commitment, commitment)
            except LightClientError as error:
                self._nodes.blame(said.node, error)
                continue
            return committee
        raise Transient(f"no beacon node serves the sync committee of period {period}")

    async def _served(self, period: int, update: LightClientUpdate) -> AsyncIterator[Said[CommitteeKeys]]:
        """As the next committee of the period before; at a chain's or node's beginning as that of the final block."""
        if period > 0:
            for said in await self._nodes.period_updates(period - 1):
                if said.value.next_committee is not None:
                    yield Said(said.node, said.value.next_committee)
        final = update.finalized
        if final is not None and self._network.period(final.beacon.slot) == period:
            for bootstrap in await self._nodes.bootstraps(final.beacon.root()):
                yield Said(bootstrap.node, bootstrap.value.committee)
