"""The committee client: a header is final when members of more than two thirds of the weight have signed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from light_clients.committee.digests import Domain, attestation_digest, rotation_digest
from light_clients.committee.errors import CommitteeMismatch, EpochMismatch, SignerUnknown
from light_clients.committee.members import Committee
from light_clients.committee.wire import (
    Endorsement,
    decode_rotation,
    decode_update,
    encode_rotation,
    encode_update,
    split_evidence,
)
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import recover
from light_clients.errors import (
    EvidenceInvalid,
    HeaderIncomplete,
    QuorumNotReached,
    SignatureInvalid,
    SignatureMalformed,
    SignerMismatch,
)
from light_clients.types import ZERO_HASH, Address, ChainId, Hash32, TrustedHeader

FIRST_EPOCH = 1


@dataclass(frozen=True, slots=True)
class CommitteeClient:
    """What one CommitteeLightClient contract knows in one epoch; a rotation leads to the next client."""

    source: ChainId
    """The chain whose headers are verified."""
    domain: Domain
    """The contract itself, and the chain it stands on."""
    epoch: int
    committee: Committee

    def verify(self, update: bytes) -> TrustedHeader:
        """The header that the update proves, or the rule it breaks."""
        header, endorsement = decode_update(update, self.source)
        _check_complete(header)
        self._check_endorsed(self.attestation_digest(header), endorsement)
        return header

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:  # noqa: ARG002 signatures do not age
        """The same client, and the header that the update proves."""
        return self, self.verify(update)

    def verify_rotation(self, rotation: bytes) -> Self:
        """The client of the next epoch."""
        words, endorsement = decode_rotation(rotation)
        committee = Committee.from_words(words)
        self._check_endorsed(self.rotation_digest(committee), endorsement)
        return replace(self, epoch=self.epoch + 1, committee=committee)

    def verify_misbehaviour(self, evidence: bytes, now: int = 0) -> tuple[TrustedHeader, TrustedHeader]:  # noqa: ARG002
        """The two headers of one height that the committee has signed both."""
        one, other = map(self.verify, split_evidence(evidence, self.source))
        if one.height != other.height:
            raise EvidenceInvalid("two heights")
        if one == other:
            raise EvidenceInvalid("one header")
        return one, other

    def check_attestation(self, header: TrustedHeader, epoch: int, attester: Address, signature: bytes) -> None:
        """One attester's word, before it is counted on; anybody may have sent it."""
        if epoch != self.epoch:
            raise EpochMismatch(given=epoch, expected=self.epoch)
        _check_complete(header)
        index = self.committee.index(attester)
        if index is None:
            raise SignerUnknown(attester)
        self._check_signature(self.attestation_digest(header), index, signature)

    def build_update(self, header: TrustedHeader, signatures: Mapping[Address, bytes]) -> bytes:
        """The update of these signatures (no more of them than the quorum takes), verified as the contract will."""
        update = encode_update(header, self._endorsement(signatures))
        self.verify(update)
        return update

    def build_rotation(self, committee: Committee, signatures: Mapping[Address, bytes]) -> bytes:
        """The rotation to `committee`, verified as the contract will."""
        rotation = encode_rotation(committee.words, self._endorsement(signatures))
        self.verify_rotation(rotation)
        return rotation

    def build_evidence(self, update: bytes, conflicting: bytes) -> bytes:
        """Evidence that freezes the contract, verified as the contract will."""
        evidence = update + conflicting
        self.verify_misbehaviour(evidence)
        return evidence

    def attestation_digest(self, header: TrustedHeader) -> Hash32:
        """What a member of this epoch signs of the header."""
        if header.chain != self.source:
            raise ValueError(f"a header of chain {header.chain}, not of {self.source}")
        return attestation_digest(self.domain, self.epoch, header)

    def rotation_digest(self, committee: Committee) -> Hash32:
        """What a member of this epoch signs of the next epoch's committee."""
        return rotation_digest(self.domain, self.source, self.epoch + 1, committee.hash)

    def _check_endorsed(self, digest: Hash32, endorsement: Endorsement) -> None:
        if endorsement.words != self.committee.words:
            raise CommitteeMismatch(given=keccak256(endorsement.words), expected=self.committee.hash)
        signed = self.committee.weight_of(endorsement.bitmap)
        if signed < self.committee.needed:
            raise QuorumNotReached(signed=signed, needed=self.committee.needed)
        for index, signature in endorsement.signed():
            self._check_signature(digest, index, signature)

    def _check_signature(self, digest: Hash32, index: int, signature: bytes) -> None:
        try:
            signer = recover(digest, signature)
        except SignatureMalformed as error:
            raise SignatureInvalid(index) from error
        expected = self.committee.members[index].address
        if signer != expected:
            raise SignerMismatch(index, recovered=signer, expected=expected)

    def _endorsement(self, signatures: Mapping[Address, bytes]) -> Endorsement:
        """The heaviest signers that make a quorum, or all there are: each signature less is gas saved."""
        members = self.committee.members
        heaviest = sorted(range(len(members)), key=lambda index: -members[index].weight)
        chosen: list[int] = []
        signed = 0
        for index in heaviest:
            if signed < self.committee.needed and members[index].address in signatures:
                chosen.append(index)
                signed += members[index].weight
        bitmap = sum(1 << index for index in chosen)
        in_order = tuple(signatures[members[index].address] for index in sorted(chosen))
        return Endorsement(bitmap, self.committee.words, in_order)


def _check_complete(header: TrustedHeader) -> None:
    roots = (header.block_hash, header.state_root, header.receipts_root)
    if not header.height or not header.timestamp or ZERO_HASH in roots:
        raise HeaderIncomplete
