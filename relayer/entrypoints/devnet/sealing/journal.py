"""The chain of sealed headers in a file: a header is served only once it is in there for good."""

from __future__ import annotations

import os
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from light_clients.evm.header import decode_header
from light_clients.types import Hash32
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.devnet.sealing.blocks import SealedBlock

REMEMBERED = 2048


class Journal:
    """One line a block, in order; a last line that was cut off never happened. A {View}."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        self._offsets = array("Q")
        self._hashes: list[str] = []
        self._numbers: dict[str, int] = {}
        self._recent: OrderedDict[int, SealedBlock] = OrderedDict()
        self._end = 0
        self.state: Any = None
        """What the consensus had come to at the head."""
        self._index()

    def close(self) -> None:
        os.close(self._descriptor)

    @property
    def head(self) -> int:
        """-1 before the genesis block."""
        return len(self._hashes) - 1

    def hash(self, number: int) -> str:
        return self._hashes[number]

    def number(self, block_hash: str) -> int | None:
        return self._numbers.get(block_hash.lower())

    def block(self, number: int) -> SealedBlock:
        if number in self._recent:
            return self._recent[number]
        line = self._line(number)
        header = decode_header(bytes.fromhex(line["header"][2:]))
        return self._remember(SealedBlock(header, Hash32.from_hex(line["hash"]), line["totalDifficulty"]))

    def transactions(self, number: int) -> Sequence[str]:
        """The raw transactions of a block, for a node that lost them."""
        found: list[str] = self._line(number)["transactions"]
        return found

    def state_at(self, number: int) -> Any:
        """What the consensus had come to after that block."""
        return self._line(number)["state"]

    def append(self, block: SealedBlock, state: Any, transactions: Sequence[str]) -> None:
        """Returns once the block will outlive a crash."""
        line = {
            "number": block.header.number,
            "hash": str(block.hash),
            "header": "0x" + block.header.encode().hex(),
            "totalDifficulty": block.total_difficulty,
            "state": state,
            "transactions": transactions,
        }
        data = orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
        written = os.pwrite(self._descriptor, data, self._end)
        while written < len(data):
            written += os.pwrite(self._descriptor, data[written:], self._end + written)
        os.fsync(self._descriptor)
        self._add(line["hash"], len(data))
        self.state = state
        self._remember(block)

    def _index(self) -> None:
        line: dict[str, Any] = {}
        with self._path.open("rb") as lines:
            for raw in lines:
                if not raw.endswith(b"\n"):
                    break
                try:
                    line = orjson.loads(raw)
                except orjson.JSONDecodeError as trouble:
                    raise self._damaged(f"line {self.head + 2}: {trouble}") from trouble
                if line["number"] != self.head + 1:
                    raise self._damaged(f"block {line['number']} follows block {self.head}")
                self._add(line["hash"], len(raw))
        os.ftruncate(self._descriptor, self._end)
        self.state = line.get("state")

    def _damaged(self, reason: str) -> Misconfigured:
        return Misconfigured("--journal", f"{self._path} is damaged: {reason}", "begin a new chain in a new file")

    def _add(self, block_hash: str, length: int) -> None:
        self._numbers[block_hash] = len(self._hashes)
        self._hashes.append(block_hash)
        self._offsets.append(self._end)
        self._end += length

    def _line(self, number: int) -> dict[str, Any]:
        start = self._offsets[number]
        end = self._offsets[number + 1] if number < self.head else self._end
        line: dict[str, Any] = orjson.loads(os.pread(self._descriptor, end - start, start))
        return line

    def _remember(self, block: SealedBlock) -> SealedBlock:
        self._recent[block.header.number] = block
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        return block
