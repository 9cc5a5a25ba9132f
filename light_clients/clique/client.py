"""The Clique client: a header is trusted when a majority of the signers has built on it: deep, but never final."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from light_clients.clique.errors import (
    DepthNotReached,
    DifficultyInvalid,
    HeadersUnlinked,
    SignedRecently,
    SignersMismatch,
)
from light_clients.clique.seal import ExtraData, is_epoch, read_extra, signer_of
from light_clients.clique.signers import Signers
from light_clients.clique.wire import decode_update, encode_evidence, encode_update, split_evidence
from light_clients.crypto.keccak import keccak256
from light_clients.errors import EvidenceInvalid, HeaderFromFuture, HeaderIncomplete, QuorumNotReached, TrustExpired
from light_clients.evm.header import Header
from light_clients.types import ZERO_HASH, Address, ChainId, Height, TrustedHeader

CLOCK_DRIFT = 60
"""Seconds that a header's time may lie ahead."""

NONE = Height(0)


@dataclass(frozen=True, slots=True)
class CliqueClient:
    """What one CliqueLightClient contract knows; an update leads to the next client."""

    source: ChainId
    """The chain whose headers are verified."""
    signers: Signers
    signers_height: Height
    """Of the block that lists them."""
    started: int
    """Unix seconds of the block that the contract was started from."""
    epoch_length: int
    confirmations: int
    """The least number of headers on top of a target that trusted signers have sealed."""
    trusting_period: int
    """Seconds after the newest trusted header's time in which the signers are still believed."""
    height: Height = NONE
    """The greatest verified."""
    timestamp: int = 0
    """Of the header at that height."""

    def verify(self, update: bytes) -> TrustedHeader:
        """The header that the update proves, whatever the time is, or the rule it breaks."""
        words, headers = decode_update(update)
        return self._verify(words, headers)

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:
        """The client after the update, and the header that it proves."""
        words, headers = decode_update(update)
        self._check_time(headers, now)
        header = self._verify(words, headers)
        return self._after(headers[0], header), header

    def verify_misbehaviour(self, evidence: bytes, now: int) -> tuple[TrustedHeader, TrustedHeader]:
        """The two headers of one height that a majority of the signers has each built on."""
        one, other = (self.advance(update, now)[1] for update in split_evidence(evidence))
        return _contradicting(one, other)

    def build_update(self, headers: Sequence[Header]) -> bytes:
        """The update of the first of `headers` under as many of the rest as it takes.

        Verified as the contract will, but for the time.
        """
        update = encode_update(self.signers.words, self._enough(headers))
        self.verify(update)
        return update

    def build_evidence(self, update: bytes, conflicting: bytes) -> bytes:
        """Evidence that freezes the contract, verified as the contract will, but for the time."""
        _contradicting(self.verify(update), self.verify(conflicting))
        return encode_evidence(update, conflicting)

    def _check_time(self, headers: Sequence[Header], now: int) -> None:
        newest = max(self.started, self.timestamp)
        if now > newest + self.trusting_period:
            raise TrustExpired(trusted=newest, now=now)
        for header in headers:
            if header.timestamp > now + CLOCK_DRIFT:
                raise HeaderFromFuture(header.timestamp, now)

    def _verify(self, words: bytes, headers: Sequence[Header]) -> TrustedHeader:
        trusted = headers[0].trusted(self.source, headers[0].hash())
        if not trusted.height or not trusted.timestamp or ZERO_HASH in (trusted.state_root, trusted.receipts_root):
            raise HeaderIncomplete
        if words != self.signers.words:
            raise SignersMismatch(given=keccak256(words), expected=self.signers.hash)
        on_top = self._counted(self._check_segment(headers)[1:])
        if len(on_top) < self.confirmations:
            raise DepthNotReached(depth=len(on_top), needed=self.confirmations)
        if (signed := len(set(on_top))) < self.signers.majority:
            raise QuorumNotReached(signed=signed, needed=self.signers.majority)
        if is_epoch(headers[0], self.epoch_length):
            _listed(headers[0])
        return trusted

    def _check_segment(self, headers: Sequence[Header]) -> list[Address]:
        """Who sealed each header; every one stands on the one before."""
        sealers: list[Address] = []
        last: dict[Address, int] = {}
        for index, header in enumerate(headers):
            if header.difficulty not in (1, 2):
                raise DifficultyInvalid(index, header.difficulty)
            read_extra(header, self.epoch_length)
            if index and not _is_child(header, headers[index - 1]):
                raise HeadersUnlinked(index)
            signer = signer_of(header, index)
            if signer in self.signers.addresses:
                if signer in last and index - last[signer] < self.signers.majority:
                    raise SignedRecently(index, signer)
                last[signer] = index
            sealers.append(signer)
        return sealers

    def _counted(self, sealers: Sequence[Address]) -> list[Address]:
        """The trusted signers among them. Anybody can put headers on top, so strangers make no depth either."""
        return [signer for signer in sealers if signer in self.signers.addresses]

    def _enough(self, headers: Sequence[Header]) -> Sequence[Header]:
        """The shortest beginning of the segment that could do, or all of it."""
        sealers = [signer_of(header, index) for index, header in enumerate(headers)]
        for count in range(self.confirmations + 1, len(headers)):
            on_top = self._counted(sealers[1:count])
            if len(on_top) >= self.confirmations and len(set(on_top)) >= self.signers.majority:
                return headers[:count]
        return headers

    def _after(self, target: Header, trusted: TrustedHeader) -> Self:
        after = self
        if is_epoch(target, self.epoch_length) and trusted.height > self.signers_height:
            after = replace(after, signers=_listed(target), signers_height=trusted.height)
        if trusted.height > self.height:
            after = replace(after, height=trusted.height, timestamp=trusted.timestamp)
        return after


def _listed(header: Header) -> Signers:
    """The signers that an epoch's header lists."""
    return Signers(ExtraData.decode(header.extra_data).signers)


def _is_child(header: Header, parent: Header) -> bool:
    return header.number == parent.number + 1 and header.parent_hash == parent.hash()


def _contradicting(one: TrustedHeader, other: TrustedHeader) -> tuple[TrustedHeader, TrustedHeader]:
    if one.height != other.height:
        raise EvidenceInvalid("two heights")
    if one.block_hash == other.block_hash:
        raise EvidenceInvalid("one header")
    return one, other
