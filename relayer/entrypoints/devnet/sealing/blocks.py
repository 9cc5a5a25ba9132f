"""Blocks as JSON-RPC shows them, with the header that was sealed in the place of the one that was mined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from light_clients.evm.header import FIELDS, Header
from light_clients.types import Hash32

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SealedBlock:
    """A sealed header and what is known of it."""

    header: Header
    hash: Hash32
    total_difficulty: int


class View(Protocol):
    """A sealed chain, by number and by hash."""

    @property
    def head(self) -> int: ...

    def block(self, number: int) -> SealedBlock: ...

    def hash(self, number: int) -> str:
        """0x-prefixed."""
        ...

    def number(self, block_hash: str) -> int | None: ...


def header_json(block: SealedBlock) -> Object:
    """The fields of a header and its hash, as JSON-RPC writes them."""
    values: Object = {"hash": str(block.hash)}
    for field in FIELDS:
        value = getattr(block.header, field.name)
        if value is not None:
            values[field.json] = hex(value) if isinstance(value, int) else "0x" + value.hex()
    return values


def with_header(mined: Mapping[str, Any], block: SealedBlock, mined_header: Header) -> Object:
    """The mined block under its sealed header; transactions stand as they were."""
    grown = len(block.header.encode()) - len(mined_header.encode())
    whole = {**mined, **header_json(block), "totalDifficulty": hex(block.total_difficulty)}
    if "size" in mined:
        whole["size"] = hex(int(mined["size"], 16) + grown)
    return whole
