"""Block headers as endpoints give them, believed only when they hash to their hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from light_clients.errors import HeaderHashMismatch, HeaderMalformed
from light_clients.evm.header import Header, check_announced
from light_clients.types import ChainId, Hash32, Height, TrustedHeader
from relayer.adapters.evm.faults import Contradiction
from relayer.adapters.evm.wire import Json
from relayer.domain.ids import BlockRef


def checked_header(block: Json) -> tuple[Header, Hash32]:
    """The header and its recomputed hash."""
    if not isinstance(block, Mapping):
        raise Contradiction("no block")
    try:
        return check_announced(block)
    except (HeaderMalformed, HeaderHashMismatch) as error:
        raise Contradiction(f"a block that is not what it says: {error}") from error


@dataclass(frozen=True, slots=True)
class Head:
    """A block as its endpoint announced it, after it hashed to its hash."""

    block: BlockRef
    header: TrustedHeader


def checked_head(chain: ChainId, block: Json) -> Head:
    header, block_hash = checked_header(block)
    return Head(reference(header, block_hash), header.trusted(chain, block_hash))


def reference(header: Header, block_hash: Hash32) -> BlockRef:
    return BlockRef(header.number, block_hash, header.parent_hash, header.timestamp)


def checked_block(block: Json, number: Height) -> tuple[Header, Hash32]:
    """A block that was asked for by its number."""
    header, block_hash = checked_header(block)
    if header.number != number:
        raise Contradiction(f"block {header.number} instead of {number}")
    return header, block_hash
