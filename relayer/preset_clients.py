"""The Python light clients of preset chains: the preset's parameters, and the trust that only an operator can give."""

from __future__ import annotations

from collections.abc import Mapping

from light_clients.bft.client import BftClient, Newest
from light_clients.bft.extra_data import Dialect
from light_clients.bft.validators import Validators
from light_clients.clique.client import CliqueClient
from light_clients.clique.signers import Signers
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.network import Fork, Indices, Network
from light_clients.types import ChainId, Hash32, TrustedHeader
from relayer.chain_presets import BftPreset, CliquePreset, SyncCommitteePreset


def network(preset: SyncCommitteePreset) -> Network:
    """The beacon chain as the client takes it."""
    forks = [
        Fork(fork.epoch, fork.version, Indices(fork.finality, fork.next_committee, fork.execution_block_hash))
        for fork in preset.forks
    ]
    return Network(
        genesis_validators_root=preset.genesis_validators_root,
        genesis_time=preset.genesis_time,
        forks=tuple(forks),
        seconds_per_slot=preset.seconds_per_slot,
        slots_per_epoch=preset.slots_per_epoch,
        epochs_per_period=preset.epochs_per_period,
        committee_size=preset.committee_size,
        trusting_period=preset.trusting_seconds,
    )


def sync_committee_client(
    preset: SyncCommitteePreset, source: ChainId, slot: int, committees: Mapping[int, Hash32]
) -> SyncCommitteeClient:
    """The client that begins with the finalized block of this slot and the committees known there, by period."""
    chain = network(preset)
    return SyncCommitteeClient(source, chain, committees, slot, chain.time(slot))


def bft_client(preset: BftPreset, anchor: TrustedHeader, validators: Validators) -> BftClient:
    """The client that begins with this header and the validators it lists."""
    newest = Newest(anchor.height, anchor.timestamp, bytes(anchor.block_hash[:16]))
    dialect = Dialect[preset.kind.upper()]
    return BftClient(anchor.chain, dialect, validators, newest, preset.trusting_seconds, preset.one_third_overlap)


def clique_client(preset: CliquePreset, anchor: TrustedHeader, signers: Signers) -> CliqueClient:
    """The client that begins with this header and the signers of its epoch."""
    return CliqueClient(
        source=anchor.chain,
        signers=signers,
        signers_height=anchor.height,
        started=anchor.timestamp,
        epoch_length=preset.epoch_blocks,
        confirmations=preset.confirmations,
        trusting_period=preset.trusting_seconds,
    )
