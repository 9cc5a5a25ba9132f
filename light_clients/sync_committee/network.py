"""Beacon chains as data: presets, times and the fork table with its generalized indices."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.ssz.containers import sync_committee_domain
from light_clients.sync_committee.errors import ForkUnknown
from light_clients.types import Hash32


@dataclass(frozen=True, slots=True)
class Indices:
    """Where in state and body the light client's nodes stand, since a fork."""

    finality: int
    """The finalized checkpoint's root, in the state."""
    next_committee: int
    """In the state."""
    execution_block_hash: int
    """In the body."""

    @property
    def current_committee(self) -> int:
        """In the state, where it stands right before the next one."""
        return self.next_committee - 1


CAPELLA = Indices(finality=105, next_committee=55, execution_block_hash=412)
DENEB = Indices(finality=105, next_committee=55, execution_block_hash=812)
ELECTRA = Indices(finality=169, next_committee=87, execution_block_hash=812)
FULU = ELECTRA
GLOAS = Indices(finality=735, next_committee=2946, execution_block_hash=2856)
"""The body proves the hash of the parent's execution block."""


@dataclass(frozen=True, slots=True)
class Fork:
    """One row of the fork table."""

    epoch: int
    version: bytes
    indices: Indices


@dataclass(frozen=True, slots=True)
class Network:
    """One beacon chain."""

    genesis_validators_root: Hash32
    genesis_time: int
    forks: tuple[Fork, ...]
    """By ascending epoch, from Capella on."""
    seconds_per_slot: int = 12
    slots_per_epoch: int = 32
    epochs_per_period: int = 256
    committee_size: int = 512
    trusting_period: int = 10 * 24 * 3600
    """Seconds after the newest trusted header in which its committee is believed."""

    @property
    def depth(self) -> int:
        """Of the tree over a committee's keys."""
        return self.committee_size.bit_length() - 1

    def epoch(self, slot: int) -> int:
        return slot // self.slots_per_epoch

    def period(self, slot: int) -> int:
        """Of the sync committee that signs in the slot."""
        return slot // (self.slots_per_epoch * self.epochs_per_period)

    def time(self, slot: int) -> int:
        """When the slot begins, in Unix seconds."""
        return self.genesis_time + slot * self.seconds_per_slot

    def fork(self, slot: int) -> Fork:
        """The fork that rules in the slot."""
        epoch = self.epoch(slot)
        for fork in reversed(self.forks):
            if fork.epoch <= epoch:
                return fork
        raise ForkUnknown(epoch)

    def domain(self, signature_slot: int) -> bytes:
        """What sync committees sign under; the fork is that of the slot before."""
        fork = self.fork(max(signature_slot, 1) - 1)
        return sync_committee_domain(fork.version, self.genesis_validators_root)
