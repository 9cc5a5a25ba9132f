"""The part that every derived update begins with; the reader's part, which follows, is the reader's to draw.

update    hub part ‖ source height u64 ‖ proof of the reader
hub part  hub height u64 ‖ length u32 ‖ update of the hub's client (empty when that client holds the header)
"""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.errors import UpdateMalformed
from light_clients.types import Height

HUB_PREFIX = 12


@dataclass(frozen=True, slots=True)
class HubPart:
    """Which of the hub's headers to read from, and how its client comes to hold it."""

    height: Height
    update: bytes = b""

    def encode(self) -> bytes:
        return self.height.to_bytes(8, "big") + len(self.update).to_bytes(4, "big") + self.update


def decode_hub_part(data: bytes, offset: int = 0) -> tuple[HubPart, int]:
    """The hub part that begins at `offset`, and where the reader's part begins."""
    start = offset + HUB_PREFIX
    check_length(data, start)
    end = start + int.from_bytes(data[offset + 8 : start], "big")
    check_length(data, end)
    return HubPart(Height(int.from_bytes(data[offset : offset + 8], "big")), data[start:end]), end


def decode_height(data: bytes, offset: int) -> tuple[Height, int]:
    """The source's height that the reader's part begins with, and where its proof begins."""
    check_length(data, offset + 8)
    return Height(int.from_bytes(data[offset : offset + 8], "big")), offset + 8


def check_length(data: bytes, expected: int) -> None:
    """Refuses data that ends before `expected`."""
    if len(data) < expected:
        raise UpdateMalformed(length=len(data), expected=expected)
