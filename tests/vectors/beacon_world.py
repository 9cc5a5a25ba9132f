"""A tiny beacon world: validators whose keys follow from their numbers, states that are but Merkle branches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from py_arkworks_bls12381 import G1Point, G2Point, Scalar

from light_clients.crypto.bls import DOMAIN_SEPARATION
from light_clients.crypto.keccak import keccak256
from light_clients.evm.header import Header
from light_clients.ssz.containers import BeaconHeader, signing_root
from light_clients.ssz.merkle import depth_of, pair
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.committee import SyncCommittee
from light_clients.sync_committee.network import CAPELLA, DENEB, ELECTRA, FULU, GLOAS, Fork, Network
from light_clients.sync_committee.presets import ETHEREUM
from light_clients.sync_committee.wire import Handover, Update, absent
from light_clients.types import Address, Bloom, ChainId, Hash32, Height

SOURCE = ChainId(31337)

MINIMAL = Network(
    genesis_validators_root=keccak256(b"lockkeeper beacon world"),
    genesis_time=1_700_000_000,
    forks=(
        Fork(1, bytes.fromhex("04000001"), CAPELLA),
        Fork(8, bytes.fromhex("05000001"), DENEB),
        Fork(16, bytes.fromhex("06000001"), ELECTRA),
        Fork(24, bytes.fromhex("07000001"), FULU),
        Fork(32, bytes.fromhex("08000001"), GLOAS),
    ),
    seconds_per_slot=6,
    slots_per_epoch=8,
    epochs_per_period=8,
    committee_size=32,
    trusting_period=7 * 24 * 3600,
)
"""Periods of 64 slots, a fork at the beginning of each of the first ones."""

MAINNET = replace(ETHEREUM, genesis_validators_root=MINIMAL.genesis_validators_root)
"""Ethereum's preset and forks, on a chain that is not Ethereum."""


@cache
def secret(number: int) -> Scalar:
    return Scalar.from_be_bytes_mod_order(keccak256(f"lockkeeper validator {number}".encode()))


@cache
def public_key(number: int) -> bytes:
    return (G1Point() * secret(number)).to_compressed_bytes()


@dataclass(frozen=True)
class Validators:
    """A sync committee with its secret keys."""

    numbers: tuple[int, ...]
    committee: SyncCommittee

    def sign(self, message: Hash32, who: Iterable[int]) -> G2Point:
        total = sum((secret(self.numbers[index]) for index in who), start=Scalar(0))
        return G2Point.hash_to_curve(message, DOMAIN_SEPARATION) * total


@cache
def validators(size: int = 32, first: int = 0) -> Validators:
    """The committee of these; its last key occurs twice, as keys may."""
    numbers = (*range(first, first + size - 1), first)
    return Validators(numbers, SyncCommittee.from_keys(map(public_key, numbers)))


def validators_of(period: int, size: int = 32) -> Validators:
    """The committee of a period."""
    return validators(size, 1000 * (period % 16))


def filler(text: str) -> Hash32:
    return keccak256(text.encode())


def node(leaves: Mapping[int, bytes], gindex: int = 1) -> bytes:
    """A node of the tree that has these leaves, and arbitrary ones wherever there are none."""
    if gindex in leaves:
        return leaves[gindex]
    depth = depth_of(gindex)
    if not any(leaf >> (depth_of(leaf) - depth) == gindex for leaf in leaves if depth_of(leaf) > depth):
        return filler(f"node {gindex}")
    return pair(node(leaves, 2 * gindex), node(leaves, 2 * gindex + 1))


def branch(leaves: Mapping[int, bytes], gindex: int) -> tuple[Hash32, ...]:
    return tuple(Hash32(node(leaves, gindex >> level ^ 1)) for level in range(depth_of(gindex)))


def execution_header(number: int, timestamp: int, text: str = "") -> Header:
    return Header(
        parent_hash=filler(f"execution parent {number}{text}"),
        ommers_hash=filler("no ommers"),
        beneficiary=Address(b"\x17" * 20),
        state_root=filler(f"execution state {number}{text}"),
        transactions_root=filler(f"transactions {number}{text}"),
        receipts_root=filler(f"receipts {number}{text}"),
        logs_bloom=Bloom(bytes(256)),
        difficulty=0,
        number=Height(number),
        gas_limit=60_000_000,
        gas_used=21_000_000,
        timestamp=timestamp,
        extra_data=b"lockkeeper",
        mix_hash=filler(f"randao {number}"),
        nonce=bytes(8),
        base_fee_per_gas=1_000_000_007,
        withdrawals_root=filler(f"withdrawals {number}"),
        blob_gas_used=786_432,
        excess_blob_gas=0,
        parent_beacon_block_root=filler(f"beacon parent {number}"),
        requests_hash=filler("no requests"),
    )


@dataclass(frozen=True)
class Scene:
    """One update in the making; what is not named follows from the slots."""

    network: Network = MINIMAL
    finalized_slot: int = 208
    attested_slot: int = 226
    signature_slot: int = 227
    who: Sequence[int] | None = None
    """Who signs; everybody when None."""
    signers: Validators | None = None
    """The committee; that of the signature's period when None."""
    following: Validators | None = None
    """Next committee of the attested state; that of the next period when None."""
    hands_over: bool = False
    signed_as: Network | None = None
    """The network that the signers believe they sign for."""
    text: str = ""
    """Tells blocks of one slot apart."""
    attested_text: str = ""
    header_changes: Mapping[str, object] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.network.committee_size

    @property
    def committee(self) -> Validators:
        return self.signers or validators_of(self.network.period(self.signature_slot), self.size)

    @property
    def next(self) -> Validators:
        return self.following or validators_of(self.network.period(self.attested_slot) + 1, self.size)

    @property
    def header(self) -> Header:
        """Of the execution block."""
        time = self.network.time(self.finalized_slot)
        header = execution_header(self.finalized_slot + 1000, time, self.text)
        return replace(header, **self.header_changes)  # type: ignore[arg-type]

    @property
    def body(self) -> dict[int, bytes]:
        return {self.network.fork(self.finalized_slot).indices.execution_block_hash: self.header.hash()}

    @property
    def finalized(self) -> BeaconHeader:
        root = filler(f"parent {self.finalized_slot}{self.text}")
        return BeaconHeader(self.finalized_slot, 7, root, filler("finalized state"), Hash32(node(self.body)))

    @property
    def state(self) -> dict[int, bytes]:
        indices = self.network.fork(self.attested_slot).indices
        current = validators_of(self.network.period(self.attested_slot), self.size)
        return {
            indices.finality: self.finalized.root(),
            indices.next_committee: self.next.committee.root,
            indices.current_committee: current.committee.root,
        }

    @property
    def attested(self) -> BeaconHeader:
        root = filler(f"parent {self.attested_slot}{self.attested_text}")
        return BeaconHeader(self.attested_slot, 11, root, Hash32(node(self.state)), filler("attested body"))

    @property
    def update(self) -> Update:
        """The update, signed, right or wrong."""
        who = range(self.size) if self.who is None else self.who
        bits = sum(1 << index for index in who).to_bytes(self.size // 8, "little")
        places = absent(bits)
        domain = (self.signed_as or self.network).domain(self.signature_slot)
        signature = self.committee.sign(signing_root(self.attested.root(), domain), who)
        indices = self.network.fork(self.attested_slot).indices
        execution = self.network.fork(self.finalized_slot).indices.execution_block_hash
        keys = self.committee.committee
        following = Handover(self.next.committee.sum, branch(self.state, indices.next_committee))
        return Update(
            signature_slot=self.signature_slot,
            attested=self.attested,
            finalized=self.finalized,
            finality_branch=branch(self.state, indices.finality),
            execution_branch=branch(self.body, execution),
            execution_header=self.header.encode(),
            bits=bits,
            signature=signature.to_xy_bytes_be(),
            committee=keys.sum,
            missing=tuple(map(keys.key, places)),
            nodes=keys.proof(places),
            handover=following if self.hands_over else None,
        )

    @property
    def client(self) -> SyncCommitteeClient:
        """One that trusts the committee of the finalized period, from 64 slots before the finalized header."""
        period = self.network.period(self.finalized_slot)
        slot = max(self.finalized_slot - 64, 0)
        trusted = {period: validators_of(period, self.size).committee.commitment}
        return SyncCommitteeClient(SOURCE, self.network, trusted, slot, self.network.time(slot))

    @property
    def now(self) -> int:
        """When the signature slot has begun."""
        return self.network.time(self.signature_slot)
