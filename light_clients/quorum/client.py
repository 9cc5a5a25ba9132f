"""The quorum client: a header is trusted when k of n light clients of its chain agree on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

from light_clients.errors import ClientFrozen, EvidenceInvalid, HeaderError
from light_clients.quorum.errors import (
    AgreementNotReached,
    ClientRepeated,
    ClientSourceMismatch,
    ClientsTooMany,
    ThresholdTooHigh,
    ThresholdTooLow,
)
from light_clients.quorum.wire import decode_parts, decode_update, encode_parts, encode_update
from light_clients.serving import Serving
from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader

MAXIMUM = 16

Served: TypeAlias = tuple[Hash32, Hash32, int]
"""What contracts compare: state root, receipts root, time. They keep no whole block hash."""


@dataclass(frozen=True, slots=True)
class Member:
    """One light-client contract among those that must agree."""

    address: Address
    serving: Serving


@dataclass(frozen=True, slots=True)
class QuorumClient:
    """What one QuorumLightClient contract knows: its members, and how many of them must agree."""

    source: ChainId
    threshold: int
    members: tuple[Member, ...]

    def __post_init__(self) -> None:
        n = len(self.members)
        if n > MAXIMUM:
            raise ClientsTooMany(n)
        if self.threshold > n:
            raise ThresholdTooHigh(self.threshold, n)
        if 2 * self.threshold <= n:
            raise ThresholdTooLow(self.threshold, n)
        for index, member in enumerate(self.members):
            if member.serving.source != self.source:
                raise ClientSourceMismatch(index, given=member.serving.source, expected=self.source)
            if any(member.address == other.address for other in self.members[:index]):
                raise ClientRepeated(index)

    @property
    def frozen(self) -> bool:
        """Whether too few members are left to agree on anything."""
        return sum(not member.serving.headers.frozen for member in self.members) < self.threshold

    @property
    def latest(self) -> Height:
        """The greatest height that as many unfrozen members have reached as must agree; 0 if they are too few."""
        headers = [member.serving.headers for member in self.members]
        heights = [Height(0) if held.frozen else held.latest for held in headers]
        return sorted(heights, reverse=True)[self.threshold - 1]

    def header(self, height: Height) -> TrustedHeader:
        """What the members agree on; the block hash is the first agreeing member's."""
        agreeing: dict[Served, list[TrustedHeader]] = {}
        for member in self.members:
            header = _served(member.serving, height)
            if header is not None:
                served = (header.state_root, header.receipts_root, header.timestamp)
                agreeing.setdefault(served, []).append(header)
        most = max(agreeing.values(), key=len, default=[])
        if len(most) >= self.threshold:
            return most[0]
        if self.frozen:
            raise ClientFrozen
        raise AgreementNotReached(len(most), self.threshold)

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:
        """The client with its members after their parts of the update, and the header that they then agree on."""
        height, parts = decode_update(update, len(self.members))
        members = tuple(_advanced(member, part, now) for member, part in zip(self.members, parts, strict=True))
        client = replace(self, members=members)
        return client, client.header(height)

    def verify_misbehaviour(self, evidence: bytes, now: int) -> tuple[TrustedHeader, TrustedHeader]:
        """The conflicting headers of the first member that the evidence is for; every part is verified."""
        parts = decode_parts(evidence, len(self.members))
        conflicts = [
            member.serving.client.verify_misbehaviour(part, now)
            for member, part in zip(self.members, parts, strict=True)
            if part and not member.serving.headers.frozen
        ]
        if not conflicts:
            raise EvidenceInvalid("for nobody who is not frozen already")
        return conflicts[0]

    def build_update(self, height: Height, updates: Mapping[Address, bytes], now: int) -> bytes:
        """The update of these members' updates, verified as the contract will."""
        update = encode_update(height, self._parts(updates))
        self.advance(update, now)
        return update

    def build_evidence(self, evidence: Mapping[Address, bytes], now: int) -> bytes:
        """Evidence for these members, verified as the contract will."""
        whole = encode_parts(self._parts(evidence))
        self.verify_misbehaviour(whole, now)
        return whole

    def _parts(self, of: Mapping[Address, bytes]) -> list[bytes]:
        strangers = of.keys() - {member.address for member in self.members}
        if strangers:
            raise ValueError(f"no members: {sorted(strangers)}")
        return [of.get(member.address, b"") for member in self.members]


def _advanced(member: Member, part: bytes, now: int) -> Member:
    if not part:
        return member
    serving, _ = member.serving.advance(part, now)
    return replace(member, serving=serving)


def _served(serving: Serving, height: Height) -> TrustedHeader | None:
    """What the member serves at this height: nothing if it is frozen, or never held or no longer holds it."""
    try:
        return serving.header(height)
    except HeaderError:
        return None
