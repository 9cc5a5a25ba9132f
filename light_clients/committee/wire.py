"""The bytes that the contract takes: updates, rotations, evidence.

update    height u64 ‖ timestamp u64 ‖ block hash ‖ state root ‖ receipts root ‖ endorsement
rotation  n' u16 ‖ n' new member words ‖ rotation endorsement
evidence  update ‖ update

endorsement: bitmap 32 (bit i, lowest first, is member i) ‖ n u16 ‖ n member words ‖ 64 bytes for each bit set,
in the order of the members. Nothing is optional and nothing may follow.
"""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.committee.members import WORD
from light_clients.errors import BitmapOutOfRange, UpdateMalformed
from light_clients.types import ChainId, Hash32, Height, TrustedHeader

HEADER = 112
SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class Endorsement:
    """Which members of which committee signed."""

    bitmap: int
    words: bytes
    """Of the whole committee."""
    signatures: tuple[bytes, ...]
    """One for each bit set, lowest bit first."""

    def encode(self) -> bytes:
        members = len(self.words) // WORD
        return self.bitmap.to_bytes(32, "big") + members.to_bytes(2, "big") + self.words + b"".join(self.signatures)

    def signed(self) -> list[tuple[int, bytes]]:
        """Each signer's index with its signature."""
        indices = (index for index in range(self.bitmap.bit_length()) if self.bitmap >> index & 1)
        return list(zip(indices, self.signatures, strict=True))


def encode_update(header: TrustedHeader, endorsement: Endorsement) -> bytes:
    return _header_bytes(header) + endorsement.encode()


def _header_bytes(header: TrustedHeader) -> bytes:
    return (
        header.height.to_bytes(8, "big")
        + header.timestamp.to_bytes(8, "big")
        + header.block_hash
        + header.state_root
        + header.receipts_root
    )


def decode_update(data: bytes, source: ChainId) -> tuple[TrustedHeader, Endorsement]:
    """The header and its endorsement that all of `data` encodes."""
    header, endorsement, end = _update(data, 0, source)
    _check_end(data, end)
    return header, endorsement


def decode_rotation(data: bytes) -> tuple[bytes, Endorsement]:
    """The next committee's words and the endorsement that all of `data` encodes."""
    words, offset = _words(data, 0)
    endorsement, end = _endorsement(data, offset)
    _check_end(data, end)
    return words, endorsement


def encode_rotation(words: bytes, endorsement: Endorsement) -> bytes:
    return (len(words) // WORD).to_bytes(2, "big") + words + endorsement.encode()


def split_evidence(data: bytes, source: ChainId) -> tuple[bytes, bytes]:
    """The first update in `data`, and what follows it: the second, if that is one."""
    _, _, middle = _update(data, 0, source)
    return data[:middle], data[middle:]


def _update(data: bytes, offset: int, source: ChainId) -> tuple[TrustedHeader, Endorsement, int]:
    head = _take(data, offset, HEADER)
    header = TrustedHeader(
        chain=source,
        height=Height(int.from_bytes(head[:8], "big")),
        timestamp=int.from_bytes(head[8:16], "big"),
        block_hash=Hash32(head[16:48]),
        state_root=Hash32(head[48:80]),
        receipts_root=Hash32(head[80:112]),
    )
    endorsement, end = _endorsement(data, offset + HEADER)
    return header, endorsement, end


def _endorsement(data: bytes, offset: int) -> tuple[Endorsement, int]:
    bitmap = int.from_bytes(_take(data, offset, 32), "big")
    words, offset = _words(data, offset + 32)
    members = len(words) // WORD
    if bitmap >> members:
        raise BitmapOutOfRange(bitmap, members)
    signatures = _take(data, offset, SIGNATURE * bitmap.bit_count())
    starts = range(0, len(signatures), SIGNATURE)
    parts = tuple(signatures[at : at + SIGNATURE] for at in starts)
    return Endorsement(bitmap, words, parts), offset + len(signatures)


def _words(data: bytes, offset: int) -> tuple[bytes, int]:
    members = int.from_bytes(_take(data, offset, 2), "big")
    words = _take(data, offset + 2, WORD * members)
    return words, offset + 2 + len(words)


def _take(data: bytes, offset: int, length: int) -> bytes:
    if offset + length > len(data):
        raise UpdateMalformed(length=len(data), expected=offset + length)
    return data[offset : offset + length]


def _check_end(data: bytes, end: int) -> None:
    if end != len(data):
        raise UpdateMalformed(length=len(data), expected=end)
