"""Block headers as endpoints give them, believed only when they hash to their hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from light_clients.errors import LightClientError
from light_clients.evm.header import Header, check_announced
from light_clients.types import ChainId, Hash32, Height, TrustedHeader
from relayer.adapters.evm.faults import Contradiction
from relayer.adapters.evm.wire import Json
from relayer.domain.ids import BlockRef

HashRule = Callable[[Header], Hash32]
"""How a chain hashes its headers: most hash them as they stand, the BFT family leaves the seals out."""


@dataclass(frozen=True, slots=True)
class Head:
    """A block as its endpoint announced it, after it hashed to its hash."""

    block: BlockRef
    header: TrustedHeader


@dataclass(frozen=True, slots=True)
class BlockReader:
    """Reads the blocks of one kind of chain."""

    hash_of: HashRule = Header.hash

    def header(self, block: Json) -> tuple[Header, Hash32]:
        """The header and its recomputed hash."""
        if not isinstance(block, Mapping):
            raise Contradiction("no block")
        try:
            return check_announced(block, self.hash_of)
        except LightClientError as error:
            raise Contradiction(f"a block that is not what it says: {error}") from error

    def block(self, block: Json, number: Height) -> tuple[Header, Hash32]:
        """A block that was asked for by its number."""
        header, block_hash = self.header(block)
        if header.number != number:
            raise Contradiction(f"block {header.number} instead of {number}")
        return header, block_hash

    def head(self, chain: ChainId, block: Json) -> Head:
        header, block_hash = self.header(block)
        return Head(reference(header, block_hash), header.trusted(chain, block_hash))

    def number(self, block: Json) -> Height:
        return self.header(block)[0].number

    def reference(self, block: Json) -> BlockRef:
        return reference(*self.header(block))


def reference(header: Header, block_hash: Hash32) -> BlockRef:
    return BlockRef(header.number, block_hash, header.parent_hash, header.timestamp)
