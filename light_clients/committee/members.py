"""Committees: who may sign, how much each weighs, and when enough have signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from light_clients.committee.errors import CommitteeEmpty, CommitteeTooLarge, MembersUnsorted, MemberZero, WeightZero
from light_clients.crypto.keccak import keccak256
from light_clients.errors import UpdateMalformed
from light_clients.types import ZERO_ADDRESS, Address, Hash32

MAXIMUM = 256
WORD = 32


@dataclass(frozen=True, slots=True)
class Member:
    """One attester."""

    address: Address
    weight: int = 1

    def word(self) -> bytes:
        """The address (20 bytes) ‖ the weight (12 bytes)."""
        return self.address + self.weight.to_bytes(12, "big")


@dataclass(frozen=True, slots=True)
class Committee:
    """Members in strictly ascending order of address; a list that breaks a rule cannot be constructed."""

    members: tuple[Member, ...]
    words: bytes = field(init=False, repr=False)
    """The members' words, concatenated."""
    hash: Hash32 = field(init=False)
    """What the contract keeps of the committee."""
    total: int = field(init=False)
    """The weight of all members together."""

    def __post_init__(self) -> None:
        if not self.members:
            raise CommitteeEmpty
        if len(self.members) > MAXIMUM:
            raise CommitteeTooLarge(len(self.members))
        before = b""
        for index, member in enumerate(self.members):
            if member.address == ZERO_ADDRESS:
                raise MemberZero(index)
            if member.address <= before:
                raise MembersUnsorted(index)
            if member.weight < 1:
                raise WeightZero(index)
            before = member.address
        object.__setattr__(self, "words", b"".join(member.word() for member in self.members))
        object.__setattr__(self, "hash", keccak256(self.words))
        object.__setattr__(self, "total", sum(member.weight for member in self.members))

    @classmethod
    def of(cls, members: Iterable[Member]) -> Self:
        """The committee of these members, in whatever order they come."""
        return cls(tuple(sorted(members, key=lambda member: member.address)))

    @classmethod
    def from_words(cls, words: bytes) -> Self:
        """The committee of concatenated words, in the order they come."""
        if len(words) % WORD:
            raise UpdateMalformed(length=len(words), expected=len(words) // WORD * WORD)
        starts = range(0, len(words), WORD)
        return cls(
            tuple(
                Member(Address(words[at : at + 20]), int.from_bytes(words[at + 20 : at + WORD], "big")) for at in starts
            )
        )

    @property
    def needed(self) -> int:
        """The least weight that is more than two thirds of the whole."""
        return self.total * 2 // 3 + 1

    def index(self, address: Address) -> int | None:
        """The member's place, None for a stranger."""
        for index, member in enumerate(self.members):
            if member.address == address:
                return index
        return None

    def weight_of(self, bitmap: int) -> int:
        """The weight of the members whose bits are set."""
        return sum(member.weight for index, member in enumerate(self.members) if bitmap >> index & 1)
