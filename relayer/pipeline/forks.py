"""Where a chain has forked from what was read of it."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.types import ZERO_HASH
from relayer.domain.ids import BlockRef
from relayer.domain.reorgs import extends
from relayer.ports import Chain


async def still_stands(chain: Chain, read: BlockRef, head: BlockRef) -> bool:
    """Whether the head builds on the newest block that was read; nothing was read where its hash is zero."""
    builds = read.hash == ZERO_HASH or extends(head, read)
    if builds is None:
        now = await chain.block(read.number)
        builds = now is not None and now.hash == read.hash
    return builds


async def newest_standing(chain: Chain, blocks: Sequence[BlockRef], head: BlockRef) -> BlockRef | None:
    """The first of these blocks, newest first, that the chain still has; None: none of them."""
    for block in blocks:
        now = head if block.number == head.number else await chain.block(block.number)
        if now is not None and now.hash == block.hash:
            return block
    return None
