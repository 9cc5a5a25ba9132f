"""The light clients of a deployment: which contract verifies a chain, and the trust it starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from light_clients.committee.members import Member
from light_clients.sync_committee.network import Network
from light_clients.types import ZERO_HASH, Address, ChainId, Hash32
from relayer.domain.errors import Misconfigured

DAY = 86_400
EPOCH_LENGTH = 30_000
"""Blocks between two lists of signers, where a Clique chain's genesis says nothing else (EIP-225)."""
TRUSTING_PERIOD = 14 * DAY
"""Seconds. Validators who have left can sign falsely at no cost: a client without a newer header believes nobody."""


@dataclass(frozen=True, slots=True)
class CommitteeStart:
    """The committee of the first epoch."""

    members: tuple[Member, ...]
    accept_single_signer: bool = False

    def __post_init__(self) -> None:
        if not self.members:
            raise Misconfigured("--member", "a committee needs attesters", "name each by --member ADDRESS")
        if len(self.members) == 1 and not self.accept_single_signer:
            raise Misconfigured(
                "--member",
                "a committee of one: whoever has that key can forge every message",
                "name more attesters, or accept it in writing with --accept-single-signer",
            )

    @property
    def contract(self) -> str:
        return "CommitteeLightClient"

    def arguments(self, source: ChainId) -> tuple[object, ...]:
        words = [member.word() for member in sorted(self.members, key=lambda member: member.address)]
        return source, words


@dataclass(frozen=True, slots=True)
class BftStart:
    """A header of a QBFT or IBFT 2.0 chain that whoever deploys vouches for, and the validators it lists."""

    contract: str
    """`QbftLightClient` or `Ibft2LightClient`."""
    validators: tuple[Address, ...]
    height: int = 0
    timestamp: int = 0
    block_hash: Hash32 = ZERO_HASH
    trusting_period: int = TRUSTING_PERIOD
    one_third_overlap: bool = False
    """Whether a third of the trusted validators may vouch for a new set, as the protocol itself allows."""

    def arguments(self, source: ChainId) -> tuple[object, ...]:
        payload = b"".join(b"\x94" + validator for validator in self.validators)
        start = source, self.height, self.timestamp, self.block_hash, payload
        return *start, self.trusting_period, self.one_third_overlap


@dataclass(frozen=True, slots=True)
class CliqueStart:
    """A Clique chain's header that begins an epoch, which whoever deploys vouches for, and the signers it lists."""

    signers: tuple[Address, ...]
    height: int = 0
    timestamp: int = 0
    epoch_length: int = EPOCH_LENGTH
    confirmations: int = 0
    """Headers that must stand on one that is believed; 0: as few as the majority of signers makes."""
    trusting_period: int = TRUSTING_PERIOD

    @property
    def contract(self) -> str:
        return "CliqueLightClient"

    def arguments(self, source: ChainId) -> tuple[object, ...]:
        signers = [str(signer) for signer in sorted(self.signers)]
        majority = len(signers) // 2 + 1
        confirmations = max(self.confirmations, majority)
        return source, self.height, self.timestamp, signers, self.epoch_length, confirmations, self.trusting_period


@dataclass(frozen=True, slots=True)
class SyncCommitteeStart:
    """A finalized beacon block that whoever deploys vouches for, and the committees known there."""

    network: Network
    timestamp: int
    """Of the block, in Unix seconds."""
    committees: Mapping[int, Hash32]
    """Commitments by period: that of the block, and the next if it is known."""

    @property
    def contract(self) -> str:
        return "SyncCommitteeLightClient"

    def arguments(self, source: ChainId) -> tuple[object, ...]:
        chain = self.network
        times = chain.genesis_time, chain.seconds_per_slot, chain.slots_per_epoch, chain.epochs_per_period
        network = (chain.genesis_validators_root, *times, chain.committee_size)
        forks = [
            (fork.epoch, fork.version, at.finality, at.next_committee, at.execution_block_hash)
            for fork in chain.forks
            for at in (fork.indices,)
        ]
        first = min(self.committees)
        commitments = [self.committees[period] for period in sorted(self.committees)]
        return source, (network, forks, chain.trusting_period, self.timestamp, first, commitments)


ClientStart: TypeAlias = CommitteeStart | BftStart | CliqueStart | SyncCommitteeStart
"""What a light client is deployed with: `contract` names it, `arguments` are its constructor's."""
