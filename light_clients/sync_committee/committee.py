"""Sync committees: as 512 keys for whoever builds updates, as one commitment for whoever verifies them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from py_arkworks_bls12381 import G1Point

from light_clients.crypto.bls import (
    aggregate,
    compressed_key,
    key_of,
    key_of_compressed,
    uncompressed_key,
)
from light_clients.crypto.keccak import keccak256
from light_clients.ssz.containers import committee_root, key_leaf, key_tree
from light_clients.ssz.merkle import multiproof, multiproof_root
from light_clients.sync_committee.errors import AggregateMismatch, KeysProofInvalid
from light_clients.types import Hash32


@dataclass(frozen=True, slots=True)
class CommitteeSum:
    """What a verifier needs of a committee: the root of its keys and their sum."""

    keys_root: Hash32
    aggregate: bytes
    """x ‖ y."""

    @property
    def commitment(self) -> Hash32:
        """What the contract keeps of the committee."""
        return keccak256(self.keys_root + self.aggregate)

    @property
    def root(self) -> Hash32:
        """The hash tree root, as the beacon state has it."""
        return committee_root(self.keys_root, compressed_key(self.aggregate))

    def without(self, missing: Sequence[tuple[int, bytes]], nodes: Sequence[bytes], depth: int) -> G1Point:
        """The key of those who signed: the sum without the (index, x ‖ y) of those who did not."""
        total = key_of(self.aggregate)
        if not missing:
            return total
        leaves = {}
        for index, xy in missing:
            total -= key_of(xy)
            leaves[index] = key_leaf(compressed_key(xy))
        if multiproof_root(leaves, nodes, depth) != self.keys_root:
            raise KeysProofInvalid
        return total


@dataclass(frozen=True)
class SyncCommittee:
    """All keys of a committee, decoded once."""

    keys: tuple[bytes, ...]
    """Compressed, in the order of the beacon state; a key may occur more than once."""
    points: tuple[G1Point, ...]

    @classmethod
    def from_keys(cls, keys: Iterable[bytes], expected: bytes | None = None) -> Self:
        """Decodes the compressed keys; `expected` is the compressed aggregate that the beacon state has of them."""
        listed = tuple(keys)
        committee = cls(listed, tuple(key_of_compressed(key) for key in listed))
        if expected is not None and compressed_key(committee.sum.aggregate) != expected:
            raise AggregateMismatch
        return committee

    @cached_property
    def sum(self) -> CommitteeSum:
        """What a verifier keeps of it."""
        return CommitteeSum(Hash32(self._tree[-1][0]), uncompressed_key(aggregate(self.points)))

    @property
    def commitment(self) -> Hash32:
        """What the contract keeps of it."""
        return self.sum.commitment

    @property
    def root(self) -> Hash32:
        """The hash tree root."""
        return self.sum.root

    def key(self, index: int) -> bytes:
        """One key as x ‖ y."""
        return uncompressed_key(self.points[index])

    def proof(self, indices: Iterable[int]) -> tuple[Hash32, ...]:
        """The multiproof of the keys at these indices; nothing when there are none."""
        return multiproof(self._tree, indices)

    @cached_property
    def _tree(self) -> list[list[bytes]]:
        return key_tree(self.keys)
