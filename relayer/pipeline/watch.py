"""Reads one chain: every block, every message of its lanes, what a reorganisation took back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Never

from light_clients.types import ZERO_HASH, Height
from relayer.domain.errors import Transient
from relayer.domain.facts import ChainReorged, DestinationReorged, Fact, HeadReached, Mark, SourceReorged
from relayer.domain.ids import BlockRef, Lane
from relayer.pipeline.engine import Engine
from relayer.pipeline.forks import newest_standing, still_stands
from relayer.pipeline.reading import Hole, Reading, Watched
from relayer.ports import Chain, History, Journal

RANGE = 2_000
"""Blocks asked for at a time while catching up."""
AUDIT_EVERY = 8
"""Blocks after which what the logs told is compared with what the gateway's storage says."""


class Watcher:
    """Level-triggered: whatever it misses it finds again, because it compares what is with what was read."""

    def __init__(self, watched: Watched, engine: Engine, journal: Journal, history: History) -> None:
        self._watched = watched
        self._chain: Chain = watched.chain
        self._engine = engine
        self._journal = journal
        self._history = history
        self._audited = -AUDIT_EVERY

    async def run(self) -> Never:
        blocks = await self._journal.blocks(self._chain.id)
        read = blocks[0] if blocks else self._before_start()
        self._audited = -AUDIT_EVERY
        async for head in self._chain.heads():
            if head.number >= read.number:  # a head behind us is an endpoint behind, or a fork that has yet to grow
                read = await self._follow(read, head)
        raise Transient(f"chain {self._chain.id} announces no more heads")

    async def _follow(self, read: BlockRef, head: BlockRef) -> BlockRef:
        """Bring what was read up to this head."""
        read = await self._standing(read, head)
        while read.number < head.number:
            last = Height(min(head.number, read.number + RANGE))
            end = head if last == head.number else await self._block(last)
            read = await self._read(Height(read.number + 1), end)
        if self._engine.chain(self._chain.id) is None:
            read = await self._read(Height(read.number + 1), read)
        if read.number >= self._audited + AUDIT_EVERY:
            await self._audit(read)
        return read

    async def _read(self, first: Height, end: BlockRef) -> BlockRef:
        """Read a range of blocks that ends with this one, and a hole that it reveals once more from its beginning."""
        try:
            await self._take(first, end)
        except Hole as hole:
            await self._take(Height(max(hole.since, self._watched.start)), end)
        return end

    async def _take(self, first: Height, end: BlockRef) -> None:
        """What the range told and how far it went are committed together."""
        reading = Reading(self._watched, self._engine, self._history)
        if first <= end.number:
            await reading.take(await self._chain.events(first, end.number), end)
        final = Height(min(await self._chain.final_height(), end.number))
        await self._engine.post(*await reading.facts(final), HeadReached(self._chain.id, end, final))

    async def _standing(self, read: BlockRef, head: BlockRef) -> BlockRef:
        """The newest block that was read and that the head builds on."""
        if await still_stands(self._chain, read, head):
            return read
        ancestor = await self._ancestor(head)
        await self._engine.post(*await self._taken_back(ancestor), ChainReorged(self._chain.id, ancestor))
        return ancestor

    async def _ancestor(self, head: BlockRef) -> BlockRef:
        blocks = await self._journal.blocks(self._chain.id)
        return await newest_standing(self._chain, blocks, head) or self._before_start()

    async def _taken_back(self, ancestor: BlockRef) -> Sequence[Fact]:
        number = ancestor.number
        facts: list[Fact] = [
            SourceReorged(lane, await self._history.sent_at(lane, number)) for lane in self._watched.outbound
        ]
        for lane in self._watched.inbound:
            standing = await self._history.delivered_at(lane, number)
            facts.append(DestinationReorged(lane, standing, number))
        return facts

    async def _audit(self, read: BlockRef) -> None:
        """Logs may be left out silently; the gateway's storage says how many there must have been."""
        for lane in self._watched.outbound:
            accumulator, nonce = await self._chain.sent(lane, read.number)
            stored = Mark(nonce, accumulator, read.number)
            await self._mend(self._engine.lane(lane).seen, stored, read)
            _check(lane, self._engine.lane(lane).seen, stored)
        for lane in self._watched.inbound:
            accumulator, nonce = await self._chain.delivered(lane, read.number)
            stored = Mark(nonce, accumulator, read.number)
            await self._mend(self._engine.lane(lane).included, stored, read)
            _check(lane, self._engine.lane(lane).included, stored)
        self._audited = read.number

    async def _mend(self, told: Mark, stored: Mark, read: BlockRef) -> None:
        """Whatever was left out came after the last that was told: read from there again."""
        if stored.nonce > told.nonce:
            await self._read(Height(max(told.height, self._watched.start)), read)

    async def _block(self, number: Height) -> BlockRef:
        block = await self._chain.block(number)
        if block is None:
            raise Transient(f"chain {self._chain.id} has no block {number} yet")
        return block

    def _before_start(self) -> BlockRef:
        """The place of a reader who has read nothing."""
        return BlockRef(Height(max(self._watched.start, 1) - 1), ZERO_HASH, ZERO_HASH, 0)


def _check(lane: Lane, told: Mark, stored: Mark) -> None:
    if stored.nonce > told.nonce:
        raise Transient(f"lane {lane}: logs end with message {told.nonce}, the gateway says {stored.nonce}")
    if stored.nonce == told.nonce > 0 and stored.accumulator != told.accumulator:
        raise Transient(f"lane {lane}: logs and gateway disagree about message {told.nonce}")
