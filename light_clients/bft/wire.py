"""The bytes that the contract takes: updates and evidence.

update    step+
evidence  step ‖ step
step      header ‖ bitmap 32 ‖ seals 64 each ‖ t u16 ‖ trusted list 21·t

The header is RLP, its extra data in the form that the validators signed. Bit i of the bitmap, lowest first, is the i-th
validator of the header's own list; seals are EIP-2098 and stand in its order. The trusted list, 0x94 ‖ address each, is
there if the header's own is another one (t = 0 otherwise). Nothing is optional and nothing may follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from light_clients.bft.errors import ExtraDataMalformed
from light_clients.bft.extra_data import ROUND_BYTES, Dialect
from light_clients.bft.validators import ITEM, check_length
from light_clients.crypto.keccak import keccak256
from light_clients.errors import BitmapOutOfRange, HeaderMalformed, RlpUnexpectedKind, UpdateMalformed
from light_clients.evm.rlp import encode, item_span, wrap
from light_clients.types import ChainId, Hash32, Height, TrustedHeader

FIXED = 445
"""The length of the seven fields of fixed length: parent, ommers, beneficiary, three roots, bloom."""

FIXED_PREFIXES = ((0, 0xA0), (33, 0xA0), (66, 0x94), (87, 0xA0), (120, 0xA0), (153, 0xA0))
BLOOM_AT, BLOOM_PREFIX = 186, b"\xb9\x01\x00"
SEAL = 64
EMPTY_LIST = b"\xc0"
ZERO = b"\x80"


@dataclass(frozen=True)
class SignedHeader:
    """What is read of a header in the form that validators signed; later fields are under its hash, and not read."""

    data: bytes
    """The header's RLP."""
    dialect: Dialect
    start: int
    """Where the header's first field begins."""
    number: int
    timestamp: int
    extra_item: int
    """Where the extra data begins, its RLP prefix included."""
    extra: tuple[int, int, int]
    """Where its list of items begins, where the round's item begins in it, and where the extra data ends."""
    validators: bytes
    """The payload of the list."""
    mix_hash: bytes

    @property
    def parent_hash(self) -> bytes:
        return self.data[self.start + 1 : self.start + 33]

    @cached_property
    def digest(self) -> Hash32:
        """What each seal signs."""
        return keccak256(self.data)

    @cached_property
    def block_hash(self) -> Hash32:
        """The hash that the chain knows the block by."""
        first, round_, end = self.extra
        suffix = ZERO + EMPTY_LIST if self.dialect is Dialect.QBFT else b""
        if self.data[round_:end] == suffix:
            return self.digest
        extra = encode(wrap(self.data[first:round_] + suffix))
        return keccak256(wrap(self.data[self.start : self.extra_item] + extra + self.data[end:]))

    def trusted(self, chain: ChainId) -> TrustedHeader:
        """The part that light clients vouch for."""
        return TrustedHeader(
            chain,
            Height(self.number),
            self.block_hash,
            Hash32(self.data[self.start + 88 : self.start + 120]),
            Hash32(self.data[self.start + 154 : self.start + 186]),
            self.timestamp,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One header with those who sealed it."""

    header: SignedHeader
    bitmap: int
    seals: bytes
    """64 for each bit set, lowest bit first."""
    trusted: bytes
    """The payload of the trusted list; empty where the header's own is that."""

    @property
    def signed(self) -> int:
        """How many sealed it."""
        return len(self.seals) // SEAL

    def signers(self) -> list[int]:
        """Their places in the header's list."""
        return [index for index in range(self.bitmap.bit_length()) if self.bitmap >> index & 1]


def encode_step(header: bytes, seals: Mapping[int, bytes], trusted: bytes = b"") -> bytes:
    """The step of that header with the seals of the validators at these places."""
    bitmap = sum(1 << index for index in seals)
    in_order = b"".join(seals[index] for index in sorted(seals))
    return header + bitmap.to_bytes(32, "big") + in_order + (len(trusted) // ITEM).to_bytes(2, "big") + trusted


def read_steps(data: bytes, dialect: Dialect) -> list[tuple[Step, int]]:
    """The steps that all of `data` encodes, each with where it ends."""
    steps: list[tuple[Step, int]] = []
    end = 0
    while not steps or end < len(data):
        step, end = read_step(data, end, dialect)
        steps.append((step, end))
    return steps


def split_steps(update: bytes, dialect: Dialect) -> list[bytes]:
    """The update's steps, one by one."""
    ends = [0, *(end for _, end in read_steps(update, dialect))]
    return [update[start:end] for start, end in pairwise(ends)]


def read_step(data: bytes, offset: int, dialect: Dialect) -> tuple[Step, int]:
    """The step that begins at `offset`, and where it ends."""
    header, at = read_header(data, offset, dialect)
    check_length(header.validators)
    count = len(header.validators) // ITEM
    bitmap = int.from_bytes(_take(data, at, 32), "big")
    if bitmap >> count:
        raise BitmapOutOfRange(bitmap, count)
    seals = _take(data, at + 32, SEAL * bitmap.bit_count())
    at += 32 + len(seals)
    trusted = _take(data, at + 2, ITEM * int.from_bytes(_take(data, at, 2), "big"))
    return Step(header, bitmap, seals, trusted), at + 2 + len(trusted)


def read_header(data: bytes, offset: int, dialect: Dialect) -> tuple[SignedHeader, int]:
    """The header that begins at `offset`, and where it ends."""
    is_list, start, end = item_span(data, offset, len(data))
    if not is_list:
        raise RlpUnexpectedKind(offset)
    header, start, end = data[offset:end], start - offset, end - offset
    _check_fixed(header, start)
    _, at = _number(header, start + FIXED, end, 32, "difficulty")
    number, at = _number(header, at, end, 8, "number")
    _, at = _number(header, at, end, 8, "gas_limit")
    _, at = _number(header, at, end, 8, "gas_used")
    timestamp, extra_item = _number(header, at, end, 8, "timestamp")
    is_list, extra, at = item_span(header, extra_item, end)
    if is_list:
        raise HeaderMalformed("extra_data", "a list")
    if at + 42 > end or header[at] != 0xA0 or header[at + 33] != 0x88:
        raise HeaderMalformed("header", "no mix hash or no nonce")
    spans, validators = _read_extra(header, extra, at, dialect)
    mix_hash = header[at + 1 : at + 33]
    return (
        SignedHeader(header, dialect, start, number, timestamp, extra_item, spans, validators, mix_hash),
        offset + end,
    )


def _read_extra(data: bytes, offset: int, limit: int, dialect: Dialect) -> tuple[tuple[int, int, int], bytes]:
    """Where the parts of the extra data stand, and the payload of its list of validators."""
    is_list, first, end = item_span(data, offset, limit)
    if not is_list or end != limit:
        raise ExtraDataMalformed("not one list")
    is_list, _, at = item_span(data, first, end)
    if is_list:
        raise ExtraDataMalformed("the vanity is a list")
    is_list, validators, at = item_span(data, at, end)
    if not is_list:
        raise ExtraDataMalformed("the validators are no list")
    after = at
    _, _, round_ = item_span(data, after, end)
    is_list, start, at = item_span(data, round_, end)
    if is_list or at - start > ROUND_BYTES or (dialect is Dialect.IBFT2 and at - start != ROUND_BYTES):
        raise ExtraDataMalformed("the round is not a number of 4 bytes")
    if dialect is Dialect.QBFT and data[start:at][:1] == b"\0":
        raise ExtraDataMalformed("the round has a leading zero")
    if data[at:end] != (EMPTY_LIST if dialect is Dialect.QBFT else b""):
        raise ExtraDataMalformed("not in the form that validators sign")
    return (first, round_, end), data[validators:after]


def _check_fixed(header: bytes, start: int) -> None:
    if len(header) - start <= FIXED:
        raise HeaderMalformed("header", "too short")
    if any(header[start + place] != prefix for place, prefix in FIXED_PREFIXES):
        raise HeaderMalformed("header", "a field of the wrong length")
    if header[start + BLOOM_AT : start + BLOOM_AT + 3] != BLOOM_PREFIX:
        raise HeaderMalformed("logs_bloom", "not 256 bytes")


def _number(data: bytes, offset: int, limit: int, width: int, name: str) -> tuple[int, int]:
    is_list, start, end = item_span(data, offset, limit)
    if is_list or end - start > width:
        raise HeaderMalformed(name, f"not an integer of {width} bytes")
    if start < end and data[start] == 0:
        raise HeaderMalformed(name, "a leading zero")
    return int.from_bytes(data[start:end], "big"), end


def _take(data: bytes, offset: int, length: int) -> bytes:
    if offset + length > len(data):
        raise UpdateMalformed(length=len(data), expected=offset + length)
    return data[offset : offset + length]
