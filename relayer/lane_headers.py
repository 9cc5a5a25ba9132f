"""From the light client that a lane's configuration names to the headers that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import assert_never

import aiohttp

from light_clients.bft.extra_data import Dialect
from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain
from light_clients.types import Address, ChainId
from relayer.adapters.attestations import CommitteeHeaders
from relayer.adapters.beacon.api import BeaconNodes
from relayer.adapters.beacon.lane import BeaconHeaders
from relayer.adapters.evm import abi
from relayer.adapters.evm.connect import OpenChain
from relayer.adapters.evm.consensus import EvmContract, EvmSealedHeaders
from relayer.adapters.headers.bft import BftRules
from relayer.adapters.headers.clique import CliqueRules
from relayer.adapters.headers.quorum import QuorumHeaders
from relayer.adapters.headers.relay_chain import Hub, RelayChainHeaders
from relayer.adapters.headers.sealed import SealedChainHeaders
from relayer.adapters.metrics import Metrics
from relayer.config import Config
from relayer.config_clients import (
    BftLightClient,
    CliqueLightClient,
    CommitteeLightClient,
    LightClient,
    QuorumLightClient,
    RelayChainLightClient,
    SyncCommitteeLightClient,
)
from relayer.pipeline.relay import Nested
from relayer.pipeline.supervise import Worker
from relayer.ports import Bus, Clock, Errand, Headers


@dataclass(frozen=True, slots=True)
class LaneHeaders:
    """Makes the `Headers` of lanes."""

    config: Config
    chains: Mapping[ChainId, OpenChain]
    errands: Mapping[ChainId, Errand]
    bus: Bus
    session: aiohttp.ClientSession
    clock: Clock
    metrics: Metrics
    running: list[tuple[str, Worker]] = field(default_factory=list)
    """What must run for as long as they are used."""
    nested: list[Nested] = field(default_factory=list)
    """The light clients that those of lanes build on."""
    expiring: set[tuple[ChainId, Address]] = field(default_factory=set)
    """Light clients whose trust runs out, by the chain where they stand."""

    def of(self, source: ChainId, destination: ChainId, client: LightClient) -> Headers:
        """The headers of `source` in the form that `client`, on `destination`, takes."""
        match client:
            case CommitteeLightClient():
                return self._committee(source, destination, client)
            case BftLightClient():
                headers, contract = self._sealed(source, destination, client.address)
                bft = BftRules(source, Dialect(client.kind), headers, contract, self.clock)
                return SealedChainHeaders(str(source), bft, headers, contract)
            case CliqueLightClient():
                headers, contract = self._sealed(source, destination, client.address)
                depth = self.config.chain(source).finality.depth
                clique = CliqueRules(source, client.signers, depth, headers, contract, self.clock)
                return SealedChainHeaders(str(source), clique, headers, contract)
            case SyncCommitteeLightClient():
                return self._beacon(source, destination, client)
            case RelayChainLightClient():
                return self._relayed(source, destination, client)
            case QuorumLightClient():
                members = [self.of(source, destination, member) for member in client.members]
                there = partial(EvmContract, self.chains[destination].pool)
                return QuorumHeaders(source, members, [there(each.client) for each in members], there(client.address))
            case _:
                assert_never(client)

    def _committee(self, source: ChainId, destination: ChainId, client: CommitteeLightClient) -> Headers:
        domain = Domain(destination, client.address)
        verified = CommitteeClient(source, domain, client.epoch, client.committee())
        counted = partial(self.metrics.attestation_received, source, destination)
        headers = CommitteeHeaders(verified, client.attesters, self.bus, self.session, counted)
        self.running.append((f"attestations {source}-{destination}", headers))
        return headers

    def _relayed(self, source: ChainId, destination: ChainId, client: RelayChainLightClient) -> Headers:
        opened = self.chains[client.hub]
        blocks = EvmSealedHeaders(opened.pool)
        contract_there = EvmContract(opened.pool, client.source.address)
        hub = Hub(client.hub, blocks, blocks, contract_there, self.errands[client.hub], abi)
        to_hub = self.of(source, client.hub, client.source)
        from_hub = self.of(client.hub, destination, client.relay)
        self.nested.extend((Nested(source, client.hub, to_hub), Nested(client.hub, destination, from_hub)))
        return RelayChainHeaders(
            source,
            hub,
            to_hub=to_hub,
            from_hub=from_hub,
            contract=EvmContract(self.chains[destination].pool, client.address),
            clock=self.clock,
        )

    def _beacon(self, source: ChainId, destination: ChainId, client: SyncCommitteeLightClient) -> Headers:
        nodes = BeaconNodes(client.beacon, self.session, counted=partial(self.metrics.beacon_fault, source))
        blocks, contract = self._sealed(source, destination, client.address)
        headers = BeaconHeaders(source, nodes, blocks, contract, self.clock)
        self.running.append((f"beacon {source}-{destination}", headers))
        return headers

    def _sealed(self, source: ChainId, destination: ChainId, client: Address) -> tuple[EvmSealedHeaders, EvmContract]:
        contract = EvmContract(self.chains[destination].pool, client)
        self.expiring.add((destination, client))
        return EvmSealedHeaders(self.chains[source].pool), contract
