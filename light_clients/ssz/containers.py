"""The few containers of the beacon chain that a light client needs, with their hash tree roots.

Sources: consensus-specs, phase0, altair, capella and deneb (`beacon-chain.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from light_clients.ssz.merkle import branch_of, layers, merkle_root, pair
from light_clients.types import Address, Bloom, Hash32, Height

DOMAIN_SYNC_COMMITTEE = b"\x07\0\0\0"
BLOCK_HASH = 12
"""The place of the block hash among the fields of an execution payload's header."""


def chunk(value: bytes | int) -> bytes:
    """A basic value of at most 32 bytes as a leaf; integers are little-endian."""
    if isinstance(value, int):
        return value.to_bytes(32, "little")
    return value.ljust(32, b"\0")


@dataclass(frozen=True, slots=True)
class BeaconHeader:
    """`BeaconBlockHeader`."""

    slot: int
    proposer_index: int
    parent_root: Hash32
    state_root: Hash32
    body_root: Hash32

    def root(self) -> Hash32:
        """The hash tree root, which is the root of the block too."""
        return merkle_root(
            (chunk(self.slot), chunk(self.proposer_index), self.parent_root, self.state_root, self.body_root)
        )


@dataclass(frozen=True, slots=True)
class PayloadHeader:
    """`ExecutionPayloadHeader` of Capella (without blob gas) and of Deneb to Fulu."""

    parent_hash: Hash32
    fee_recipient: Address
    state_root: Hash32
    receipts_root: Hash32
    logs_bloom: Bloom
    prev_randao: Hash32
    block_number: Height
    gas_limit: int
    gas_used: int
    timestamp: int
    extra_data: bytes
    """At most 32 bytes."""
    base_fee_per_gas: int
    block_hash: Hash32
    transactions_root: Hash32
    """An SSZ root, unlike that of the execution header."""
    withdrawals_root: Hash32
    """An SSZ root, unlike that of the execution header."""
    blob_gas_used: int | None = None
    excess_blob_gas: int | None = None

    def root(self) -> Hash32:
        """The hash tree root."""
        return merkle_root(self._leaves())

    def block_hash_branch(self) -> tuple[Hash32, ...]:
        """The siblings of the block hash, from the bottom up."""
        return branch_of(self._leaves(), BLOCK_HASH)

    def _leaves(self) -> list[bytes]:
        extra_data = pair(chunk(self.extra_data), chunk(len(self.extra_data)))
        leaves = [
            self.parent_hash,
            chunk(self.fee_recipient),
            self.state_root,
            self.receipts_root,
            merkle_root([self.logs_bloom[at : at + 32] for at in range(0, Bloom.LENGTH, 32)]),
            self.prev_randao,
            *map(chunk, (self.block_number, self.gas_limit, self.gas_used, self.timestamp)),
            extra_data,
            chunk(self.base_fee_per_gas),
            self.block_hash,
            self.transactions_root,
            self.withdrawals_root,
        ]
        if self.blob_gas_used is not None and self.excess_blob_gas is not None:
            leaves += [chunk(self.blob_gas_used), chunk(self.excess_blob_gas)]
        return leaves


def key_leaf(compressed: bytes) -> bytes:
    """The root of a public key of 48 bytes."""
    return sha256(compressed + bytes(16)).digest()


def key_tree(keys: Sequence[bytes]) -> list[list[bytes]]:
    """Every layer of the tree over compressed keys; the last is the root of `SyncCommittee.pubkeys`."""
    return layers([key_leaf(key) for key in keys])


def committee_root(keys_root: bytes, aggregate: bytes) -> Hash32:
    """The root of a `SyncCommittee`, by the root of its keys and its compressed aggregate."""
    return Hash32(pair(keys_root, key_leaf(aggregate)))


@lru_cache(maxsize=64)
def sync_committee_domain(version: bytes, genesis_validators_root: Hash32) -> bytes:
    """`compute_domain(DOMAIN_SYNC_COMMITTEE, …)`."""
    return DOMAIN_SYNC_COMMITTEE + pair(chunk(version), genesis_validators_root)[:28]


def signing_root(root: bytes, domain: bytes) -> Hash32:
    """`compute_signing_root` of something with that root."""
    return Hash32(pair(root, domain))
