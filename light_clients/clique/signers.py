"""Sets of signers: who is one, and how many of them are a majority."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from light_clients.clique.errors import SignersEmpty, SignersTooMany, SignersUnsorted
from light_clients.crypto.keccak import keccak256
from light_clients.types import ZERO_ADDRESS, Address, Hash32

MAXIMUM = 256


@dataclass(frozen=True, slots=True)
class Signers:
    """Addresses in strictly ascending order; a list that breaks a rule cannot be constructed."""

    addresses: tuple[Address, ...]
    words: bytes = field(init=False, repr=False)
    """The addresses, concatenated."""
    hash: Hash32 = field(init=False)
    """What the contract keeps of the set."""

    def __post_init__(self) -> None:
        if not self.addresses:
            raise SignersEmpty
        if len(self.addresses) > MAXIMUM:
            raise SignersTooMany(len(self.addresses))
        before = ZERO_ADDRESS
        for index, address in enumerate(self.addresses):
            if address <= before:
                raise SignersUnsorted(index)
            before = address
        object.__setattr__(self, "words", b"".join(self.addresses))
        object.__setattr__(self, "hash", keccak256(self.words))

    @classmethod
    def of(cls, addresses: Iterable[Address]) -> Self:
        """The set of these addresses, in whatever order they come."""
        return cls(tuple(sorted(addresses)))

    @property
    def majority(self) -> int:
        """More than half; of so many consecutive blocks a signer may seal one."""
        return len(self.addresses) // 2 + 1
