"""Follows one chain for the marketplace: every block, every collection, what a reorganisation took back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Never

from light_clients.types import ZERO_HASH, Address, Height
from relayer.domain.errors import Transient
from relayer.domain.ids import BlockRef
from relayer.domain.market.purchases import Activity
from relayer.pipeline.forks import newest_standing, still_stands
from relayer.pipeline.wake import Wake
from relayer.ports import Chain
from relayer.ports.market import Chapter, MarketJournal, MarketListener, MarketReader

LOOK_SECONDS = 1.0
"""How soon a collection is noticed that another chain, or somebody, has told of."""


class Follower:
    """Level-triggered: compares what was read with what is, and stops nowhere in between.

    Each chapter is kept with the height that it reaches, so that it may be killed at any moment.
    """

    def __init__(
        self,
        chain: Chain,
        start: Height,
        reader: MarketReader,
        journal: MarketJournal,
        listeners: Sequence[MarketListener],
    ) -> None:
        self._chain = chain
        self._reader = reader
        self._journal = journal
        self._listeners = listeners
        self._before_start = BlockRef(Height(max(start, 1) - 1), ZERO_HASH, ZERO_HASH, 0)
        self._head: BlockRef | None = None
        self._moved = Wake()

    async def run(self) -> Never:
        """Follow the heads, for ever; raises what keeps it from doing so."""
        heads = asyncio.create_task(self._watch_heads())
        try:
            while True:
                if heads.done():
                    await heads
                if self._head is not None:
                    await self.reach(self._head)
                try:
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._moved.wait()
                except TimeoutError:
                    continue
        finally:
            heads.cancel()

    async def reach(self, head: BlockRef) -> BlockRef:
        """Bring what was read up to this head, all collections with it; what was read then."""
        read = await self._read_so_far()
        if head.number < read.number:  # an endpoint behind, or a fork that has yet to grow
            return read
        read = await self._standing(read, head)
        known = (await self._journal.watched(self._chain.id)).read
        async with aclosing(self._chapters(read, head.number, known)) as chapters:
            async for chapter in chapters:
                live = chapter.end.number == head.number
                self._tell(chapter, head, await self._journal.commit(chapter, known, live=live))
                read = chapter.end
        await self._catch_up(read)
        return read

    async def _chapters(
        self, after: BlockRef, last: Height, collections: Sequence[Address], *, old: bool = False
    ) -> AsyncGenerator[Chapter, None]:
        """While one is kept, the next is read."""
        upcoming: asyncio.Task[Chapter] | None = None
        try:
            while after.number < last:
                reading = self._reader.read(after, last, collections, old=old) if upcoming is None else upcoming
                chapter = await reading
                after = chapter.end
                upcoming = None
                if after.number < last:
                    upcoming = asyncio.create_task(self._reader.read(after, last, collections, old=old))
                yield chapter
        finally:
            if upcoming is not None:
                upcoming.cancel()
                await asyncio.gather(upcoming, return_exceptions=True)

    async def _catch_up(self, read: BlockRef) -> None:
        """Bring collections that have become known up to what was read of their chain."""
        while behind := (await self._journal.watched(self._chain.id)).behind:
            since = min(behind.values())
            together = [address for address, height in behind.items() if height == since]
            await self._catch_up_together(together, since, read)

    async def _catch_up_together(self, collections: Sequence[Address], since: Height, read: BlockRef) -> None:
        begin = max(since, self._before_start.number)
        after = self._before_start if begin == self._before_start.number else await self._block(Height(begin))
        async with aclosing(self._chapters(after, read.number, collections, old=True)) as chapters:
            async for chapter in chapters:
                if chapter.end.number == read.number and chapter.end.hash != read.hash:
                    raise Transient(f"chain {self._chain.id}: block {read.number} was replaced while it was read")
                await self._journal.commit_old(chapter, collections)
                self._tell(chapter, read, ())
        if begin >= read.number:
            await self._journal.commit_old(Chapter(self._chain.id, (), {}, read), collections)

    async def _watch_heads(self) -> None:
        async for head in self._chain.heads():
            self._head = head
            self._moved.ring()
        raise Transient(f"chain {self._chain.id} announces no more heads")

    async def _read_so_far(self) -> BlockRef:
        blocks = await self._journal.blocks(self._chain.id)
        return blocks[0] if blocks else self._before_start

    async def _standing(self, read: BlockRef, head: BlockRef) -> BlockRef:
        """The newest block that was read and that the head builds on."""
        if await still_stands(self._chain, read, head):
            return read
        ancestor = await self._ancestor(head)
        told = await self._journal.take_back(self._chain.id, ancestor)
        for listener in self._listeners:
            listener.reorganised(self._chain.id, ancestor.number)
            listener.happened(told)
        return ancestor

    async def _ancestor(self, head: BlockRef) -> BlockRef:
        blocks = await self._journal.blocks(self._chain.id)
        return await newest_standing(self._chain, blocks, head) or self._before_start

    async def _block(self, number: Height) -> BlockRef:
        block = await self._chain.block(number)
        if block is None:
            raise Transient(f"chain {self._chain.id} has no block {number} yet")
        return block

    def _tell(self, chapter: Chapter, head: BlockRef, told: Sequence[Activity]) -> None:
        for listener in self._listeners:
            listener.indexed(self._chain.id, chapter.end.number, head.number, len(chapter.events))
            listener.happened(told)
