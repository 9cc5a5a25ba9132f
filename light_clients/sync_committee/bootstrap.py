"""Where trust begins: a block that the operator trusts, and the committee that its state names."""

from __future__ import annotations

from light_clients.errors import TrustExpired
from light_clients.ssz.merkle import branch_root, depth_of
from light_clients.sync_committee.beacon import LightClientBootstrap, of_depth
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.committee import SyncCommittee
from light_clients.sync_committee.errors import (
    BootstrapMismatch,
    CommitteeSizeMismatch,
    CurrentCommitteeBranchInvalid,
)
from light_clients.sync_committee.network import Network
from light_clients.types import ChainId, Hash32


def start(
    source: ChainId, network: Network, bootstrap: LightClientBootstrap, trusted: Hash32, now: int
) -> tuple[SyncCommitteeClient, SyncCommittee]:
    """The client that trusts the block of root `trusted`, and the committee of that block's period.

    The root is a matter of trust (weak subjectivity) and must not be older than the trusting period.
    """
    header = bootstrap.header.beacon
    if (given := header.root()) != trusted:
        raise BootstrapMismatch(given, trusted)
    timestamp = network.time(header.slot)
    if now > timestamp + network.trusting_period:
        raise TrustExpired(timestamp, now)
    if (count := len(bootstrap.committee.keys)) != network.committee_size:
        raise CommitteeSizeMismatch(count, network.committee_size)
    committee = SyncCommittee.from_keys(bootstrap.committee.keys, bootstrap.committee.aggregate)
    gindex = network.fork(header.slot).indices.current_committee
    branch = of_depth(depth_of(gindex), bootstrap.committee_branch)
    if branch_root(committee.root, branch, gindex) != header.state_root:
        raise CurrentCommitteeBranchInvalid
    known = {network.period(header.slot): committee.commitment}
    return SyncCommitteeClient(source, network, known, header.slot, timestamp), committee
