"""The sync-committee client: a block is final when two thirds of a sync committee signed a state that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from light_clients.crypto.bls import key_of, signature_of, verify
from light_clients.crypto.keccak import keccak256
from light_clients.errors import (
    ClientFrozen,
    EvidenceInvalid,
    HeaderFromFuture,
    HeaderIncomplete,
    QuorumNotReached,
    SignatureInvalid,
    TrustExpired,
)
from light_clients.evm.header import decode_header
from light_clients.ssz.containers import signing_root
from light_clients.ssz.merkle import branch_root
from light_clients.sync_committee.beacon import LightClientUpdate
from light_clients.sync_committee.build import assemble
from light_clients.sync_committee.committee import SyncCommittee
from light_clients.sync_committee.errors import (
    CommitteeMismatch,
    CommitteeUnknown,
    ExecutionBranchInvalid,
    FinalityBranchInvalid,
    HandoverMisplaced,
    NextCommitteeBranchInvalid,
    SlotsUnordered,
)
from light_clients.sync_committee.network import Network
from light_clients.sync_committee.wire import Update, absent, decode_update, join_evidence, split_evidence
from light_clients.types import ZERO_HASH, ChainId, Hash32, TrustedHeader

DRIFT = 60
"""Seconds that clocks may differ."""


@dataclass(frozen=True, slots=True)
class SyncCommitteeClient:
    """What one SyncCommitteeLightClient contract knows."""

    source: ChainId
    """The chain whose headers are verified."""
    network: Network
    committees: Mapping[int, Hash32]
    """The commitments of the newest period known, and of the one before if it was learnt."""
    slot: int
    """Of the newest finalized header."""
    timestamp: int
    """Of the newest execution header trusted, in Unix seconds; trust expires by it."""
    frozen: bool = False

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:
        """The client after `update`, and the header that it proves; frozen by a committee that contradicts its own."""
        if self.frozen:
            raise ClientFrozen
        read, header = self._verify(update, now)
        return self._after(read, header), header

    def verify_misbehaviour(self, evidence: bytes, now: int) -> tuple[TrustedHeader, TrustedHeader]:
        """The headers of two updates that both verify and cannot both be true."""
        (one, header_of_one), (other, header_of_other) = (self._verify(part, now) for part in split_evidence(evidence))
        same_height = header_of_one.height == header_of_other.height
        if not (
            (one.finalized.slot == other.finalized.slot and one.finalized != other.finalized)
            or (one.attested.slot == other.attested.slot and one.attested != other.attested)
            or (same_height and header_of_one.block_hash != header_of_other.block_hash)
            or self._hand_over_differently(one, other)
        ):
            raise EvidenceInvalid("no contradiction")
        return header_of_one, header_of_other

    def build_update(self, update: LightClientUpdate, committee: SyncCommittee, header: bytes, now: int) -> bytes:
        """The update of what a beacon node served and the RLP of the execution header, verified as the contract will.

        `committee` is the one that signed. The next committee is brought along when that is news.
        """
        read = assemble(update, committee, header, self.network)
        if read.handover is not None and not self._is_news(read):
            read = replace(read, handover=None)
        encoded = read.encode()
        self._verify(encoded, now)
        return encoded

    def build_evidence(self, update: bytes, conflicting: bytes, now: int) -> bytes:
        """Evidence that freezes the contract, verified as the contract will."""
        evidence = join_evidence(update, conflicting)
        self.verify_misbehaviour(evidence, now)
        return evidence

    def check(self, update: Update, block_hash: Hash32, now: int) -> None:
        """Every rule about the beacon chain, so that `block_hash` is that of a final execution block."""
        if now > self.timestamp + self.network.trusting_period:
            raise TrustExpired(self.timestamp, now)
        self._check_slots(update, now)
        self._check_committee(update)
        self._check_branches(update, block_hash)
        self._check_signature(update)

    def _verify(self, data: bytes, now: int) -> tuple[Update, TrustedHeader]:
        update = decode_update(data, self.network)
        block_hash = keccak256(update.execution_header)
        self.check(update, block_hash, now)
        header = decode_header(update.execution_header).trusted(self.source, block_hash)
        if not header.height or not header.timestamp or ZERO_HASH in (header.state_root, header.receipts_root):
            raise HeaderIncomplete
        return update, header

    def _check_slots(self, update: Update, now: int) -> None:
        signature, attested, finalized = update.signature_slot, update.attested.slot, update.finalized.slot
        if not signature > attested >= finalized:
            raise SlotsUnordered(signature, attested, finalized)
        if (timestamp := self.network.time(signature)) > now + DRIFT:
            raise HeaderFromFuture(timestamp, now)

    def _check_committee(self, update: Update) -> None:
        period = self.network.period(update.signature_slot)
        expected = self.committees.get(period)
        if expected is None:
            raise CommitteeUnknown(period)
        if (given := update.committee.commitment) != expected:
            raise CommitteeMismatch(given, expected)
        size = self.network.committee_size
        if 3 * update.signed < 2 * size:
            raise QuorumNotReached(signed=update.signed, needed=-(-2 * size // 3))

    def _check_branches(self, update: Update, block_hash: Hash32) -> None:
        attested, finalized = update.attested, update.finalized
        indices = self.network.fork(attested.slot).indices
        if branch_root(finalized.root(), update.finality_branch, indices.finality) != attested.state_root:
            raise FinalityBranchInvalid
        execution = self.network.fork(finalized.slot).indices.execution_block_hash
        if branch_root(block_hash, update.execution_branch, execution) != finalized.body_root:
            raise ExecutionBranchInvalid
        if (handover := update.handover) is None:
            return
        periods = self.network.period(finalized.slot), self.network.period(attested.slot)
        if periods[0] != periods[1]:
            raise HandoverMisplaced(*periods)
        key_of(handover.committee.aggregate)
        if branch_root(handover.committee.root, handover.branch, indices.next_committee) != attested.state_root:
            raise NextCommitteeBranchInvalid

    def _check_signature(self, update: Update) -> None:
        missing = list(zip(absent(update.bits), update.missing, strict=True))
        key = update.committee.without(missing, update.nodes, self.network.depth)
        message = signing_root(update.attested.root(), self.network.domain(update.signature_slot))
        if not verify(key, message, signature_of(update.signature)):
            raise SignatureInvalid(0)

    def _after(self, update: Update, header: TrustedHeader) -> Self:
        slot, timestamp = max(self.slot, update.finalized.slot), max(self.timestamp, header.timestamp)
        client = replace(self, slot=slot, timestamp=timestamp)
        if update.handover is None or not self._is_news(update):
            return client
        period = self.network.period(update.attested.slot) + 1
        if period in self.committees:
            return replace(client, frozen=True)
        kept = {period - 1: self.committees[period - 1]} if period - 1 in self.committees else {}
        return replace(client, committees=kept | {period: update.handover.committee.commitment})

    def _is_news(self, update: Update) -> bool:
        """Whether the committee handed over to is that of a period not known yet, or not the one known."""
        if update.handover is None:
            return False
        period = self.network.period(update.attested.slot) + 1
        known = self.committees.get(period)
        return period > max(self.committees) or known not in (None, update.handover.committee.commitment)

    def _hand_over_differently(self, one: Update, other: Update) -> bool:
        if one.handover is None or other.handover is None:
            return False
        one_period, other_period = self.network.period(one.attested.slot), self.network.period(other.attested.slot)
        return one_period == other_period and one.handover.committee != other.handover.committee
