"""What a reorganisation leaves standing."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.types import Height
from relayer.domain.ids import BlockRef

BLOCKS_KEPT = 128
"""Blocks remembered per chain, final or not: a chain said to be final at once may still err."""


def extends(head: BlockRef, read: BlockRef) -> bool | None:
    """Whether the head builds on the block up to which the chain was read; None when it does not say."""
    if head.number == read.number:
        return head.hash == read.hash
    if head.number == read.number + 1:
        return head.parent_hash == read.hash
    return None


def forgotten(read: Sequence[BlockRef], final: Height) -> Height:
    """Blocks below this height need no longer be remembered: newer ones are final, and enough remain.

    Args:
        read: Remembered blocks, newest first.
        final: The chain's final height.
    """
    anchor = next((block.number for block in read if block.number <= final), Height(0))
    oldest_kept = read[BLOCKS_KEPT - 1].number if len(read) >= BLOCKS_KEPT else Height(0)
    return Height(min(anchor, oldest_kept))
