"""What beacon nodes serve to light clients, as values: headers, updates, bootstraps.

Source: consensus-specs, altair to gloas, `light-client/sync-protocol.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from light_clients.ssz.containers import BeaconHeader, PayloadHeader
from light_clients.ssz.merkle import depth_of
from light_clients.sync_committee.errors import BeaconJsonMalformed
from light_clients.sync_committee.network import Network
from light_clients.types import Hash32


@dataclass(frozen=True, slots=True)
class LightClientHeader:
    """A beacon header with the execution block in it."""

    beacon: BeaconHeader
    execution: PayloadHeader | Hash32
    """Until Fulu the payload's header; since Gloas the hash of an execution block."""
    execution_branch: tuple[Hash32, ...]
    """From `execution` to the body's root."""

    @property
    def block_hash(self) -> Hash32:
        """Of the execution block."""
        return self.execution if isinstance(self.execution, Hash32) else self.execution.block_hash

    def block_hash_branch(self, network: Network) -> tuple[Hash32, ...]:
        """From the execution block's hash to the body's root, as long as the fork says."""
        depth = depth_of(network.fork(self.beacon.slot).indices.execution_block_hash)
        payload = self.execution
        if isinstance(payload, Hash32):
            return of_depth(depth, self.execution_branch)
        for leaves in (payload, replace(payload, blob_gas_used=None, excess_blob_gas=None)):
            branch = leaves.block_hash_branch() + self.execution_branch
            if len(branch) == depth:
                return branch
        raise BeaconJsonMalformed("execution_branch", f"{len(self.execution_branch)} nodes")


@dataclass(frozen=True, slots=True)
class CommitteeKeys:
    """`SyncCommittee`: compressed keys, none of them decoded."""

    keys: tuple[bytes, ...]
    aggregate: bytes


@dataclass(frozen=True, slots=True)
class LightClientUpdate:
    """`LightClientUpdate`, and `LightClientFinalityUpdate`, which has no next committee."""

    attested: LightClientHeader
    finalized: LightClientHeader | None
    """None in an update without finality."""
    finality_branch: tuple[Hash32, ...]
    bits: bytes
    signature: bytes
    """Compressed, 96 bytes."""
    signature_slot: int
    next_committee: CommitteeKeys | None = None
    next_committee_branch: tuple[Hash32, ...] = ()

    @property
    def signed(self) -> int:
        """How many of the committee signed."""
        return int.from_bytes(self.bits, "big").bit_count()

    def finality_branch_at(self, network: Network) -> tuple[Hash32, ...]:
        """As long as the attested slot's fork says."""
        depth = depth_of(network.fork(self.attested.beacon.slot).indices.finality)
        return of_depth(depth, self.finality_branch)

    def next_committee_branch_at(self, network: Network) -> tuple[Hash32, ...]:
        """As long as the attested slot's fork says."""
        depth = depth_of(network.fork(self.attested.beacon.slot).indices.next_committee)
        return of_depth(depth, self.next_committee_branch)


@dataclass(frozen=True, slots=True)
class LightClientBootstrap:
    """`LightClientBootstrap`."""

    header: LightClientHeader
    committee: CommitteeKeys
    committee_branch: tuple[Hash32, ...]


def of_depth(depth: int, branch: Sequence[Hash32]) -> tuple[Hash32, ...]:
    """The branch without the zero nodes in front, by which old data is fitted into newer containers."""
    surplus = len(branch) - depth
    if surplus < 0 or any(map(any, branch[:surplus])):
        raise BeaconJsonMalformed("branch", f"{len(branch)} nodes where {depth} belong")
    return tuple(branch[surplus:])
