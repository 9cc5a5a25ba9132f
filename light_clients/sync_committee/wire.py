"""The bytes that the contract takes: updates and evidence.

update    signatureSlot u64 ‖ attested beacon header ‖ finalized beacon header ‖ finality branch ‖ execution branch
          ‖ RLP of the execution header ‖ sync bits ‖ signature 192 ‖ keys root 32 ‖ aggregate 96
          ‖ 96 for each key that did not sign, ascending ‖ nodes of their multiproof, 32 each
          ‖ 0, or 1 ‖ next keys root 32 ‖ next aggregate 96 ‖ next committee branch
evidence  length of the first update u32 ‖ update ‖ update

beacon header: slot u64 ‖ proposer u64 ‖ parent root ‖ state root ‖ body root. Integers are big-endian.
The attested slot's fork says how long finality and next committee branch are, the finalized slot's fork how long the
execution branch is; sync bits are in SSZ order. Nothing may follow.
"""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.crypto.bls import KEY, SIGNATURE
from light_clients.errors import UpdateMalformed
from light_clients.evm.rlp import list_end
from light_clients.ssz.containers import BeaconHeader
from light_clients.ssz.merkle import depth_of, multiproof_places
from light_clients.sync_committee.committee import CommitteeSum
from light_clients.sync_committee.network import Network
from light_clients.types import Hash32


@dataclass(frozen=True, slots=True)
class Handover:
    """The committee of the next period, as the attested state has it."""

    committee: CommitteeSum
    branch: tuple[Hash32, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """An update, read and not yet verified."""

    signature_slot: int
    attested: BeaconHeader
    finalized: BeaconHeader
    finality_branch: tuple[Hash32, ...]
    execution_branch: tuple[Hash32, ...]
    execution_header: bytes
    """RLP."""
    bits: bytes
    signature: bytes
    committee: CommitteeSum
    missing: tuple[bytes, ...]
    nodes: tuple[Hash32, ...]
    handover: Handover | None = None

    @property
    def signed(self) -> int:
        """How many of the committee signed."""
        return int.from_bytes(self.bits, "big").bit_count()

    def encode(self) -> bytes:
        parts = [
            self.signature_slot.to_bytes(8, "big"),
            _beacon_bytes(self.attested),
            _beacon_bytes(self.finalized),
            *self.finality_branch,
            *self.execution_branch,
            self.execution_header,
            self.bits,
            self.signature,
            self.committee.keys_root,
            self.committee.aggregate,
            *self.missing,
            *self.nodes,
        ]
        if self.handover is None:
            return b"".join([*parts, b"\0"])
        following = self.handover.committee
        return b"".join([*parts, b"\1", following.keys_root, following.aggregate, *self.handover.branch])


def absent(bits: bytes) -> list[int]:
    """The places in the committee whose bits are not set."""
    unset = ~int.from_bytes(bits, "little") & ((1 << 8 * len(bits)) - 1)
    places = []
    while unset:
        lowest = unset & -unset
        places.append(lowest.bit_length() - 1)
        unset ^= lowest
    return places


def decode_update(data: bytes, network: Network) -> Update:
    """The update that all of `data` encodes."""
    read = _Reader(data)
    signature_slot = read.integer(8)
    attested, finalized = read.beacon(), read.beacon()
    indices = network.fork(attested.slot).indices
    finality_branch = read.nodes(depth_of(indices.finality))
    execution_branch = read.nodes(depth_of(network.fork(finalized.slot).indices.execution_block_hash))
    execution_header = read.rlp_list()
    bits = read.take(network.committee_size // 8)
    signature = read.take(SIGNATURE)
    committee = read.committee()
    places = absent(bits)
    missing = tuple(read.take(KEY) for _ in places)
    nodes = read.nodes(len(multiproof_places(places, network.depth)))
    handover = Handover(read.committee(), read.nodes(depth_of(indices.next_committee))) if read.flag() else None
    read.end()
    return Update(
        signature_slot,
        attested,
        finalized,
        finality_branch,
        execution_branch,
        execution_header,
        bits,
        signature,
        committee,
        missing,
        nodes,
        handover,
    )


def split_evidence(data: bytes) -> tuple[bytes, bytes]:
    """The two updates."""
    read = _Reader(data)
    one = read.take(read.integer(4))
    return one, data[4 + len(one) :]


def join_evidence(update: bytes, conflicting: bytes) -> bytes:
    return len(update).to_bytes(4, "big") + update + conflicting


def _beacon_bytes(header: BeaconHeader) -> bytes:
    numbers = header.slot.to_bytes(8, "big") + header.proposer_index.to_bytes(8, "big")
    return numbers + header.parent_root + header.state_root + header.body_root


class _Reader:
    """Takes an update apart from front to back."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        end = self._at + length
        if end > len(self._data):
            raise UpdateMalformed(length=len(self._data), expected=end)
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def integer(self, length: int) -> int:
        return int.from_bytes(self.take(length), "big")

    def hash(self) -> Hash32:
        return Hash32(self.take(32))

    def nodes(self, count: int) -> tuple[Hash32, ...]:
        return tuple(self.hash() for _ in range(count))

    def beacon(self) -> BeaconHeader:
        return BeaconHeader(self.integer(8), self.integer(8), self.hash(), self.hash(), self.hash())

    def committee(self) -> CommitteeSum:
        return CommitteeSum(self.hash(), self.take(KEY))

    def rlp_list(self) -> bytes:
        return self.take(list_end(self._data, self._at) - self._at)

    def flag(self) -> bool:
        value = self.integer(1)
        if value > 1:
            raise UpdateMalformed(length=len(self._data), expected=self._at)
        return value == 1

    def end(self) -> None:
        if self._at != len(self._data):
            raise UpdateMalformed(length=len(self._data), expected=self._at)
