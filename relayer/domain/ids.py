"""Names of the things the relayer talks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from light_clients.types import Address, ChainId, Hash32, Height

Nonce = NewType("Nonce", int)
"""Place of a message in its lane; the first is 1, and 0 means none."""

Wei = NewType("Wei", int)
Seconds = NewType("Seconds", float)
Gas = NewType("Gas", int)


@dataclass(frozen=True, slots=True)
class Lane:
    """An ordered pair of gateways; messages of a lane are delivered in the order sent."""

    source: ChainId
    source_gateway: Address
    destination: ChainId
    destination_gateway: Address

    def __str__(self) -> str:
        return f"{self.source}-{self.destination}"


@dataclass(frozen=True, slots=True)
class BlockRef:
    """A block by its place and its identity."""

    number: Height
    hash: Hash32
    parent_hash: Hash32
    timestamp: int


@dataclass(frozen=True, slots=True)
class TxRef:
    """Where something happened: the transaction, and the block that includes it."""

    hash: Hash32
    block: BlockRef
