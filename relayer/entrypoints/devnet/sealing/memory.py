"""What a validator never forgets: the headers it sealed, and the consensus it had come to then."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson

from light_clients.types import Hash32
from relayer.entrypoints.devnet.folder import write_atomically

LARGEST = 1 << 20
"""Bytes after which the past is forgotten; a validator seals no height below that of its consensus."""


class Memory:
    """One line a seal; on disk before the seal leaves."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sealed: dict[tuple[int, int], Hash32] = {}
        self._last: Any = None
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
            if line.endswith(b"\n"):
                self._take(orjson.loads(line))
        self._rewrite()

    @property
    def consensus(self) -> Any:
        """As it was at the last seal; None before the first."""
        return self._last["consensus"] if self._last else None

    def sealed(self, height: int, slot: int) -> Hash32 | None:
        """The digest that was sealed there."""
        return self._sealed.get((height, slot))

    def keep(self, height: int, slot: int, digest: Hash32, consensus: Any) -> None:
        """Returns once it is kept for good."""
        entry = {"height": height, "slot": slot, "digest": str(digest), "consensus": consensus}
        self._file.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._take(entry)
        if self._file.tell() > LARGEST:
            self._file.close()
            self._rewrite()

    def close(self) -> None:
        self._file.close()

    def _take(self, entry: Any) -> None:
        self._last = entry
        height = entry["height"]
        self._sealed = {at: digest for at, digest in self._sealed.items() if at[0] >= height}
        self._sealed[height, entry["slot"]] = Hash32.from_hex(entry["digest"])

    def _rewrite(self) -> None:
        """Keep the seals of the last height alone; also drops a last line that was cut off."""
        kept = [
            {"height": height, "slot": slot, "digest": str(digest), "consensus": self.consensus}
            for (height, slot), digest in self._sealed.items()
        ]
        write_atomically(self._path, "".join(orjson.dumps(entry).decode() + "\n" for entry in kept))
        self._file = self._path.open("ab")
        os.fsync(self._file.fileno())
