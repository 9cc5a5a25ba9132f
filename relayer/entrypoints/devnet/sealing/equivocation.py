"""A second sealed header at a height, for tests of misbehaviour: what Byzantine validators make possible."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from light_clients.crypto.keccak import keccak256
from light_clients.evm.header import Header, decode_header
from light_clients.types import Hash32
from relayer.domain.errors import Transient
from relayer.entrypoints.devnet.sealing.blocks import SealedBlock
from relayer.entrypoints.devnet.sealing.consensus import Kind
from relayer.entrypoints.devnet.sealing.journal import Journal
from relayer.entrypoints.devnet.sealing.peers import Peers, Refused, hex_of


class Fork:
    """The chain with other headers at some heights. A {View}."""

    def __init__(self, journal: Journal, path: Path) -> None:
        self._journal = journal
        self._path = path
        self._blocks: dict[int, SealedBlock] = {}
        self._numbers: dict[str, int] = {}
        if journal.head < 0:
            path.unlink(missing_ok=True)  # of a chain that is no more
        for line in path.read_bytes().splitlines() if path.exists() else ():
            said = orjson.loads(line)
            header = decode_header(bytes.fromhex(said["header"][2:]))
            self._add(SealedBlock(header, Hash32.from_hex(said["hash"]), said["totalDifficulty"]))

    @property
    def head(self) -> int:
        return self._journal.head

    def block(self, number: int) -> SealedBlock:
        return self._blocks.get(number) or self._journal.block(number)

    def hash(self, number: int) -> str:
        return str(self._blocks[number].hash) if number in self._blocks else self._journal.hash(number)

    def number(self, block_hash: str) -> int | None:
        if block_hash.lower() in self._numbers:
            return self._numbers[block_hash.lower()]
        number = self._journal.number(block_hash)
        return None if number in self._blocks else number

    def put(self, block: SealedBlock) -> None:
        """Serve this block from now on, also after a restart."""
        line = {
            "hash": str(block.hash),
            "header": hex_of(block.header),
            "totalDifficulty": block.total_difficulty,
        }
        with self._path.open("ab") as lines:
            lines.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        self._add(block)

    def _add(self, block: SealedBlock) -> None:
        self._blocks[block.header.number] = block
        self._numbers[str(block.hash)] = block.header.number


class Equivocator:
    """Has other headers sealed by whoever is willing."""

    def __init__(self, kind: Kind, journal: Journal, fork: Fork, peers: Peers) -> None:
        self._kind = kind
        self._journal = journal
        self._fork = fork
        self._peers = peers

    async def equivocate(self, number: int, changes: Mapping[str, Any]) -> list[str]:
        """Seal other headers from `number` through `changes["through"]`, each the parent of the next; their hashes.

        `changes` may give `stateRoot` and `timestamp` of the first; without, it has another state root.
        """
        await self._peers.identify()
        hashes: list[str] = []
        for height in range(number, int(changes.get("through", number)) + 1):
            sealed = self._journal.block(height)
            other = replace(self._kind.bare(sealed.header), parent_hash=self._fork.block(height - 1).hash)
            if height == number:
                other = _changed(other, changes)
            header = await self._sealed(other, sealed.header)
            block = SealedBlock(header, self._kind.block_hash(header), sealed.total_difficulty)
            self._fork.put(block)
            hashes.append(str(block.hash))
        return hashes

    async def _sealed(self, other: Header, honest: Header) -> Header:
        """With as many seals as the honest header has."""
        wanted = len(self._kind.sealers(honest))
        parent = self._journal.block(other.number - 1).header
        seals: dict[Any, bytes] = {}
        refusals: list[str] = []
        for who in self._kind.eligible(honest):
            try:
                async with asyncio.timeout(2):
                    seals[who] = await self._peers.seal(who, parent, other)
            except (Refused, TimeoutError) as trouble:
                refusals.append(str(trouble))
            if len(seals) == wanted:
                return self._kind.assemble(other, seals)
        raise Transient(f"{len(seals)} of {wanted} would seal another block {other.number}: {'; '.join(refusals)}")


def _changed(header: Header, changes: Mapping[str, Any]) -> Header:
    state_root = changes.get("stateRoot")
    root = Hash32.from_hex(state_root) if state_root else keccak256(header.state_root)
    timestamp = int(changes["timestamp"], 16) if "timestamp" in changes else header.timestamp
    return replace(header, state_root=root, timestamp=timestamp)
