"""Where a new light client's trust begins: a block root that the operator trusts, asked of the beacon nodes."""

from __future__ import annotations

from light_clients.errors import LightClientError
from light_clients.sync_committee.bootstrap import start
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.network import Network
from light_clients.types import ChainId, Hash32
from relayer.adapters.beacon.api import BeaconNodes
from relayer.domain.errors import Transient


async def trusted_start(
    nodes: BeaconNodes, source: ChainId, network: Network, trusted: Hash32, now: int
) -> SyncCommitteeClient:
    """The state that a contract which trusts the block of that root is deployed with.

    Raises `Transient` when no node serves the block's bootstrap: they do for blocks at epoch boundaries, once final.
    """
    for said in await nodes.bootstraps(trusted):
        try:
            client, _ = start(source, network, said.value, trusted, now)
        except LightClientError as error:
            nodes.blame(said.node, error)
            continue
        return client
    raise Transient(f"no beacon node serves the bootstrap of block {trusted}")
