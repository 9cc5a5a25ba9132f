"""The BFT client: a header is final when a quorum of its own validators sealed it, and enough of the trusted agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from light_clients.bft.errors import MixHashMismatch, OverlapNotReached, ValidatorsMismatch
from light_clients.bft.extra_data import ISTANBUL_DIGEST, Dialect, sealed
from light_clients.bft.seals import sealed_by, seals_of
from light_clients.bft.validators import Validators, one_honest, quorum
from light_clients.bft.wire import SEAL, SignedHeader, Step, encode_step, read_header, read_step
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import recover
from light_clients.errors import (
    EvidenceInvalid,
    HeaderFromFuture,
    HeaderIncomplete,
    QuorumNotReached,
    SignatureInvalid,
    SignatureMalformed,
    SignerMismatch,
    TrustExpired,
    UpdateMalformed,
)
from light_clients.evm.header import Header
from light_clients.types import ZERO_HASH, Address, ChainId, Hash32, TrustedHeader

CLOCK_DRIFT = 60
"""Seconds that the source's clock may be ahead."""

HALF = 16
"""Bytes of a block hash that the contract keeps: enough to tell headers apart."""


@dataclass(frozen=True, slots=True)
class Newest:
    """What the contract keeps of the highest header it trusts."""

    height: int
    timestamp: int
    half: bytes
    """The first 16 bytes of the block hash."""


@dataclass(frozen=True, slots=True)
class BftClient:
    """What one QbftLightClient or Ibft2LightClient contract knows beside the headers it holds."""

    source: ChainId
    """The chain whose headers are verified."""
    dialect: Dialect
    validators: Validators
    """Who is trusted."""
    newest: Newest
    trusting_period: int
    """Seconds after the newest header's time for which its validators are believed."""
    one_third_overlap: bool = False
    """Whether one honest trusted validator is enough to skip to another list, instead of a quorum of them."""
    retired: Mapping[Hash32, int] = field(default_factory=dict)
    """When each former list was replaced."""

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:
        """The client after all steps, and the last one's header."""
        client, headers = self.verify(update, now)
        return client, headers[-1]

    def verify(self, update: bytes, now: int) -> tuple[Self, tuple[TrustedHeader, ...]]:
        """The client after all steps, and the header of each."""
        client, end = self, 0
        headers: list[TrustedHeader] = []
        while not headers or end < len(update):
            step, end = read_step(update, end, self.dialect)
            client, header = client._after(step, now)
            headers.append(header)
        return client, tuple(headers)

    def verify_misbehaviour(self, evidence: bytes, now: int) -> tuple[TrustedHeader, TrustedHeader]:
        """The two headers of one height that quorums of trusted or lately trusted validators have sealed."""
        one, middle = read_step(evidence, 0, self.dialect)
        other, end = read_step(evidence, middle, self.dialect)
        if end != len(evidence):
            raise UpdateMalformed(length=len(evidence), expected=end)
        self._check_unexpired(now)
        first, second = self._incriminating(one, now), self._incriminating(other, now)
        if first.height != second.height:
            raise EvidenceInvalid("two heights")
        if first.block_hash == second.block_hash:
            raise EvidenceInvalid("one block")
        return first, second

    def build_step(self, header: Header, trusted_validators: Validators | None = None) -> bytes:
        """The step to a header as nodes serve it, with the fewest seals that do."""
        trusted = trusted_validators or self.validators
        parts = sealed(header, self.dialect)
        listed = Validators.of(parts.extra.validators)
        seals = seals_of(parts, listed)
        data = parts.header.encode()
        needed = quorum(len(listed))
        known = frozenset(trusted.addresses)
        if listed != trusted:
            signed, _ = read_header(data, 0, self.dialect)
            needed = max(needed, self._overlap_needed(signed, trusted))
        by_trust = sorted(seals, key=lambda index: (listed.address(index) not in known, index))
        chosen = {index: seals[index] for index in by_trust[:needed]}
        return encode_step(data, chosen, b"" if listed == trusted else trusted.payload)

    def build_update(self, headers: Sequence[Header], now: int) -> bytes:
        """The update of headers as nodes serve them, each verified by the client after the one before."""
        client, update = self, b""
        for header in headers:
            step = client.build_step(header)
            client, _ = client.advance(step, now)
            update += step
        self.verify(update, now)
        return update

    def build_evidence(self, one: bytes, other: bytes, now: int) -> bytes:
        """Evidence of two steps of one height, verified as the contract will; trusted lists in them are dropped."""
        evidence = self._without_trusted(one) + self._without_trusted(other)
        self.verify_misbehaviour(evidence, now)
        return evidence

    def sealed_by(self, header: Header) -> tuple[Address, ...]:
        """Which validators of its own list have sealed a header as nodes serve it."""
        return sealed_by(header, self.dialect)

    def _after(self, step: Step, now: int) -> tuple[Self, TrustedHeader]:
        signed = step.header
        header = signed.trusted(self.source)
        _check_complete(header)
        _check_mix_hash(signed)
        self._check_unexpired(now)
        if header.timestamp > now + CLOCK_DRIFT:
            raise HeaderFromFuture(header.timestamp, now)
        listed = self.validators
        if signed.validators != listed.payload:
            listed = Validators(signed.validators)
        _check_quorum(step, listed)
        if listed is self.validators:
            if step.trusted:
                raise UpdateMalformed(length=len(step.trusted), expected=0)
        else:
            self._check_follows(step, listed)
        _check_seals(step, listed)
        return self._trusting(header, listed, now), header

    def _trusting(self, header: TrustedHeader, listed: Validators, now: int) -> Self:
        if header.height <= self.newest.height:
            return self
        newest = Newest(header.height, header.timestamp, header.block_hash[:HALF])
        if listed is self.validators:
            return replace(self, newest=newest)
        retired = {**self.retired, self.validators.hash: now}
        return replace(self, newest=newest, validators=listed, retired=retired)

    def _check_unexpired(self, now: int) -> None:
        if now > self.newest.timestamp + self.trusting_period:
            raise TrustExpired(self.newest.timestamp, now)

    def _check_follows(self, step: Step, listed: Validators) -> None:
        """That the trusted validators agree to another list."""
        trusted = self.validators
        if step.header.number <= self.newest.height:
            raise ValidatorsMismatch(listed.hash, trusted.hash)
        if step.trusted != trusted.payload:
            raise ValidatorsMismatch(keccak256(step.trusted), trusted.hash)
        known = frozenset(trusted.addresses)
        signed = sum(listed.address(index) in known for index in step.signers())
        needed = self._overlap_needed(step.header, trusted)
        if signed < needed:
            raise OverlapNotReached(signed, needed)

    def _overlap_needed(self, header: SignedHeader, trusted: Validators) -> int:
        is_child = header.number == self.newest.height + 1 and header.parent_hash[:HALF] == self.newest.half
        return (one_honest if is_child or self.one_third_overlap else quorum)(len(trusted))

    def _incriminating(self, step: Step, now: int) -> TrustedHeader:
        """The header of a step of evidence, which must stand on its own list."""
        if step.trusted:
            raise UpdateMalformed(length=len(step.trusted), expected=0)
        header = step.header.trusted(self.source)
        _check_complete(header)
        _check_mix_hash(step.header)
        if (given := keccak256(step.header.validators)) != self.validators.hash:
            replaced = self.retired.get(given)
            if replaced is None or now >= replaced + self.trusting_period:
                raise ValidatorsMismatch(given, self.validators.hash)
        listed = Validators(step.header.validators)
        _check_quorum(step, listed)
        _check_seals(step, listed)
        return header

    def _without_trusted(self, step: bytes) -> bytes:
        read, end = read_step(step, 0, self.dialect)
        return step[: end - len(read.trusted) - 2] + bytes(2)


def _check_complete(header: TrustedHeader) -> None:
    if not header.height or not header.timestamp or ZERO_HASH in (header.state_root, header.receipts_root):
        raise HeaderIncomplete


def _check_mix_hash(header: SignedHeader) -> None:
    if header.mix_hash != ISTANBUL_DIGEST:
        raise MixHashMismatch


def _check_quorum(step: Step, listed: Validators) -> None:
    if step.signed < (needed := quorum(len(listed))):
        raise QuorumNotReached(step.signed, needed)


def _check_seals(step: Step, listed: Validators) -> None:
    digest = step.header.digest
    for place, index in enumerate(step.signers()):
        try:
            signer = recover(digest, step.seals[SEAL * place : SEAL * (place + 1)])
        except SignatureMalformed as error:
            raise SignatureInvalid(index) from error
        if signer != (expected := listed.address(index)):
            raise SignerMismatch(index, recovered=signer, expected=expected)
