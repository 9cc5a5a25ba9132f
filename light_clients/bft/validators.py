"""Lists of validators as headers carry them, and how many of one are enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from light_clients.bft.errors import ExtraDataMalformed, ValidatorsEmpty, ValidatorsTooMany, ValidatorsUnsorted
from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, Hash32

MAXIMUM = 256
ITEM = 21
"""0x94 ‖ address: what RLP makes of one validator."""

PREFIX = 0x94


def quorum(count: int) -> int:
    """How many of `count` must seal a block: ⌈2n / 3⌉ (Besu `BftHelpers.calculateRequiredValidatorQuorum`)."""
    return (2 * count + 2) // 3


def one_honest(count: int) -> int:
    """How many of `count` include an honest one, one more than may be Byzantine: ⌊(n - 1) / 3⌋ + 1."""
    return (count - 1) // 3 + 1


@dataclass(frozen=True, slots=True)
class Validators:
    """Validators in strictly ascending order of address; a list that breaks a rule cannot be constructed."""

    payload: bytes
    """Of the RLP list: 0x94 ‖ address, each."""
    hash: Hash32 = field(init=False)
    """What the contract keeps of the list."""

    def __post_init__(self) -> None:
        check_length(self.payload)
        before = b"\0" * Address.LENGTH
        for index in range(len(self)):
            at = ITEM * index
            if self.payload[at] != PREFIX:
                raise ExtraDataMalformed("a validator that is not 20 bytes")
            address = self.payload[at + 1 : at + ITEM]
            if address <= before:
                raise ValidatorsUnsorted(index)
            before = address
        object.__setattr__(self, "hash", keccak256(self.payload))

    @classmethod
    def of(cls, addresses: Iterable[Address]) -> Self:
        """The list of these, in the order they come."""
        return cls(b"".join(bytes((PREFIX,)) + address for address in addresses))

    def __len__(self) -> int:
        return len(self.payload) // ITEM

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Who is on the list."""
        return tuple(self.address(index) for index in range(len(self)))

    def address(self, index: int) -> Address:
        """The validator at that place."""
        return Address(self.payload[ITEM * index + 1 : ITEM * index + ITEM])


def check_length(payload: bytes) -> None:
    """That a list has 1 to 256 entries, whatever they are."""
    count, rest = divmod(len(payload), ITEM)
    if rest:
        raise ExtraDataMalformed("a validator that is not 20 bytes")
    if not count:
        raise ValidatorsEmpty
    if count > MAXIMUM:
        raise ValidatorsTooMany(count)
