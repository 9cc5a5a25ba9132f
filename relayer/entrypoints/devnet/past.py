"""What was mined, as the files of a devnet have it: for an anvil that was killed and forgot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from light_clients.evm.header import decode_header
from relayer.entrypoints.devnet.folder import Folder

NUMBER = re.compile(rb'\{"number": ?(\d+),')


@dataclass(frozen=True, slots=True)
class Mined:
    """Enough of a block to mine it again."""

    number: int
    timestamp: int
    transactions: Sequence[str]


def past(folder: Folder, chain: str, above: int) -> Iterator[Mined]:
    """The blocks above that height: by the keeper, then by the node that serves sealed headers.

    Either may have some that the other lacks; no two of one number are different.
    """
    for line in _lines(folder.journal(chain), above):
        yield Mined(line["number"], line["timestamp"], line["transactions"])
        above = line["number"]
    for line in _lines(folder.memory(chain), above):
        header = decode_header(bytes.fromhex(line["header"][2:]))
        yield Mined(header.number, header.timestamp, line["transactions"])


def _lines(path: Path, above: int) -> Iterator[Any]:
    """What the file has above that height, but for a last line that was cut off."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n") and (found := NUMBER.match(line)) and int(found[1]) > above:
                yield orjson.loads(line)
