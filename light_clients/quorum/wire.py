"""The bytes that the contract takes.

update    height u64 ‖ parts
evidence  parts

parts: for each member in order, length u32 ‖ update of (or evidence for) the member; length 0 leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.errors import UpdateMalformed
from light_clients.types import Height


def encode_update(height: Height, parts: Sequence[bytes]) -> bytes:
    return height.to_bytes(8, "big") + encode_parts(parts)


def encode_parts(parts: Sequence[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def decode_update(data: bytes, members: int) -> tuple[Height, tuple[bytes, ...]]:
    """The height and each member's part that all of `data` encodes."""
    height = Height(int.from_bytes(_take(data, 0, 8), "big"))
    return height, decode_parts(data, members, 8)


def decode_parts(data: bytes, members: int, offset: int = 0) -> tuple[bytes, ...]:
    """Each member's part that the rest of `data` encodes."""
    parts = []
    for _ in range(members):
        length = int.from_bytes(_take(data, offset, 4), "big")
        parts.append(_take(data, offset + 4, length))
        offset += 4 + length
    if offset != len(data):
        raise UpdateMalformed(length=len(data), expected=offset)
    return tuple(parts)


def _take(data: bytes, offset: int, length: int) -> bytes:
    if offset + length > len(data):
        raise UpdateMalformed(length=len(data), expected=offset + length)
    return data[offset : offset + length]
