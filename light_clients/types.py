"""The values that every light client speaks: hashes, addresses and the header it vouches for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NewType, Self

ChainId = NewType("ChainId", int)
"""EIP-155 chain id."""

Height = NewType("Height", int)
"""Block number."""


class FixedBytes(bytes):
    """Bytes of one fixed length; the wrong length cannot be constructed. Prints as 0x-prefixed hex."""

    LENGTH: ClassVar[int]

    def __new__(cls, value: bytes) -> Self:
        if len(value) != cls.LENGTH:
            raise ValueError(f"{cls.__name__} takes {cls.LENGTH} bytes, got {len(value)}")
        return super().__new__(cls, value)

    @classmethod
    def from_hex(cls, text: str) -> Self:
        """Parse hex, with or without 0x."""
        return cls(bytes.fromhex(text.removeprefix("0x")))

    def __str__(self) -> str:
        return "0x" + self.hex()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


class Hash32(FixedBytes):
    """A 32-byte hash or root."""

    LENGTH = 32


class Address(FixedBytes):
    """A 20-byte account address."""

    LENGTH = 20


class Bloom(FixedBytes):
    """The 2,048-bit filter over addresses and topics of logs."""

    LENGTH = 256


ZERO_HASH = Hash32(bytes(32))
ZERO_ADDRESS = Address(bytes(20))


@dataclass(frozen=True, slots=True)
class TrustedHeader:
    """What a light client vouches for: the roots of one block of one chain."""

    chain: ChainId
    height: Height
    block_hash: Hash32
    state_root: Hash32
    receipts_root: Hash32
    timestamp: int
    """Unix seconds."""
