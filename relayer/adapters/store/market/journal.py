"""The index's own memory: how far each chain was read, and everything it told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.store.market.connections import Reader, Writer
from relayer.adapters.store.market.feed import Feed, newest, since
from relayer.adapters.store.market.ingest import Ingest, keep_blocks
from relayer.adapters.store.market.keys import token_key
from relayer.domain.ids import BlockRef
from relayer.domain.market.events import Contracts, Placed
from relayer.domain.market.purchases import Activity
from relayer.ports.market import Chapter, Watched

BLOCKS_KEPT = 256
"""Blocks back to which a reorg is traced one by one; beyond stand all that held an event."""

PRUNE_EVERY = 1024

_BLOCKS = "SELECT block, hash, parent, timestamp FROM blocks WHERE chain = ? AND block <= ? ORDER BY block DESC LIMIT ?"


class SqlMarketJournal:
    """The `MarketJournal` port."""

    def __init__(self, writer: Writer, reader: Reader, feed: Feed, contracts: Mapping[ChainId, Contracts]) -> None:
        self._writer = writer
        self._reader = reader
        self._feed = feed
        self._contracts = contracts

    async def blocks(self, chain: ChainId) -> Sequence[BlockRef]:
        read = self._reader.one("SELECT block FROM chains WHERE chain = ?", chain)
        if read is None:
            return []
        rows = self._reader.all(_BLOCKS, chain, read[0], BLOCKS_KEPT)
        return [BlockRef(Height(n), Hash32(hash_), Hash32(parent), at) for n, hash_, parent, at in rows]

    async def watched(self, chain: ChainId) -> Watched:
        row = self._reader.one("SELECT block FROM chains WHERE chain = ?", chain)
        read = -1 if row is None else row[0]
        rows = self._reader.all(
            "SELECT token, read_to FROM tokens WHERE token BETWEEN ? AND ? AND standard > 1 ORDER BY token",
            *_of_chain(chain),
        )
        ours = _addresses(self._contracts.get(chain))
        there = [(Address(token[8:]), -1 if to is None else to) for token, to in rows if token[8:] not in ours]
        return Watched(
            [address for address, to in there if to == read],
            {address: Height(to) for address, to in there if to != read},
        )

    async def commit(self, chapter: Chapter, collections: Sequence[Address], *, live: bool) -> Sequence[Activity]:
        def work(connection: sqlite3.Connection) -> None:
            Ingest(connection, self._contracts).keep(chapter.chain, chapter.events, chapter.heights)
            keep_blocks(connection, chapter.chain, [chapter.end])
            _reach(connection, chapter.chain, chapter.end.number)
            _read_to(connection, chapter, collections)
            _prune(connection, chapter)

        return await self._told(work, live=live)

    async def commit_old(self, chapter: Chapter, collections: Sequence[Address]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            fresh = replace(chapter, events=_unkept(connection, chapter.events))
            Ingest(connection, self._contracts).keep(fresh.chain, fresh.events, fresh.heights)
            keep_blocks(connection, chapter.chain, [chapter.end])
            _read_to(connection, chapter, collections)

        await self._told(work, live=False)

    async def take_back(self, chain: ChainId, ancestor: BlockRef) -> Sequence[Activity]:
        def work(connection: sqlite3.Connection) -> None:
            Ingest(connection, self._contracts).forget(chain, ancestor.number)
            _reach(connection, chain, ancestor.number)
            connection.execute(
                "UPDATE tokens SET read_to = ? WHERE token BETWEEN ? AND ? AND read_to > ?",
                (ancestor.number, *_of_chain(chain), ancestor.number),
            )

        return await self._told(work, live=True)

    async def _told(self, work: Callable[[sqlite3.Connection], None], *, live: bool) -> Sequence[Activity]:
        def all_of_it(connection: sqlite3.Connection) -> tuple[bool, list[Activity]]:
            before = newest(connection)
            work(connection)
            return newest(connection) > before, since(connection, before) if live else []

        moved, told = await self._writer.run(all_of_it)
        if moved:
            self._feed.tell()
        return told


def _reach(connection: sqlite3.Connection, chain: ChainId, height: Height) -> None:
    connection.execute("INSERT OR REPLACE INTO chains VALUES (?, ?)", (chain, height))


def _prune(connection: sqlite3.Connection, chapter: Chapter) -> None:
    """Of old blocks only those matter that told something."""
    if chapter.end.number % PRUNE_EVERY == 0:
        connection.execute(
            "DELETE FROM blocks WHERE chain = ? AND block < ? AND NOT EXISTS"
            " (SELECT 1 FROM logs WHERE logs.chain = blocks.chain AND logs.block = blocks.block)",
            (chapter.chain, chapter.end.number - BLOCKS_KEPT),
        )


def _read_to(connection: sqlite3.Connection, chapter: Chapter, collections: Sequence[Address]) -> None:
    connection.executemany(
        "UPDATE tokens SET read_to = ? WHERE token = ?",
        [(chapter.end.number, token_key(chapter.chain, address)) for address in collections],
    )


def _unkept(connection: sqlite3.Connection, events: Sequence[Placed]) -> list[Placed]:
    """A collection may have been read in part before."""
    statement = "SELECT 1 FROM logs WHERE chain = ? AND block = ? AND log = ?"
    return [each for each in events if connection.execute(statement, each.place).fetchone() is None]


def _of_chain(chain: ChainId) -> tuple[bytes, bytes]:
    return token_key(chain, bytes(20)), token_key(chain, b"\xff" * 20)


def _addresses(contracts: Contracts | None) -> set[bytes]:
    return set() if contracts is None else {contracts.asset_gateway, contracts.marketplace, contracts.settlement}
