"""RLP in its one canonical encoding: whatever has a shorter form, a missing byte or a byte too many is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from light_clients.errors import RlpNonCanonical, RlpTrailingBytes, RlpTruncated, RlpUnexpectedKind

Rlp: TypeAlias = "bytes | list[Rlp]"
"""A decoded item: a string of bytes, or a list of items."""

Encodable: TypeAlias = "bytes | Sequence[Encodable]"

STRING, LONG_STRING, LIST, LONG_LIST = 0x80, 0xB7, 0xC0, 0xF7
"""First bytes: 0x80 … 0xb7 short string, … 0xbf long string, 0xc0 … 0xf7 short list, … 0xff long list."""


def encode(item: Encodable) -> bytes:
    """The canonical encoding."""
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < STRING:
            return bytes(item)
        return _prefix(len(item), STRING) + item
    body = b"".join(map(encode, item))
    return _prefix(len(body), LIST) + body


def encode_strings(strings: Sequence[bytes]) -> bytes:
    """A flat list of strings; the fast way to a header or an account."""
    body = b"".join(
        [s if len(s) == 1 and s[0] < STRING else _prefix(len(s), STRING) + s for s in strings],
    )
    return _prefix(len(body), LIST) + body


def wrap(payload: bytes) -> bytes:
    """The list whose items, encoded, are `payload`."""
    return _prefix(len(payload), LIST) + payload


def _prefix(length: int, kind: int) -> bytes:
    if length < 56:
        return bytes((kind + length,))
    size = integer_bytes(length)
    return bytes((kind + 55 + len(size),)) + size


def integer_bytes(value: int) -> bytes:
    """An integer as RLP has it: big-endian without leading zeros, so zero is empty."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def integer(item: Rlp) -> int:
    """The integer of a decoded string; a leading zero is not canonical."""
    if not isinstance(item, bytes):
        raise RlpUnexpectedKind(offset=0)
    if item[:1] == b"\0":
        raise RlpNonCanonical(offset=0)
    return int.from_bytes(item, "big")


def decode(data: bytes) -> Rlp:
    """The one item that all of `data` encodes."""
    end = item_end(data, 0)
    if end != len(data):
        raise RlpTrailingBytes(count=len(data) - end)
    return _items(data, 0, end)[0]


def decode_list(data: bytes) -> list[Rlp]:
    """The items of the one list that all of `data` encodes."""
    items = decode(data)
    if isinstance(items, bytes):
        raise RlpUnexpectedKind(offset=0)
    return items


def list_end(data: bytes, offset: int) -> int:
    """Where the list that starts at `offset` ends; lists delimit themselves, so they can just be concatenated."""
    end = item_end(data, offset)
    if data[offset] < LIST:
        raise RlpUnexpectedKind(offset)
    return end


def item_end(data: bytes, offset: int) -> int:
    """Where the item that starts at `offset` ends."""
    _, end = _span(data, offset, len(data))
    return end


def item_span(data: bytes, offset: int, limit: int) -> tuple[bool, int, int]:
    """Whether the item at `offset` is a list, and where its content starts and ends, which is not looked into."""
    start, end = _span(data, offset, limit)
    return data[offset] >= LIST, start, end


def _span(data: bytes, offset: int, limit: int) -> tuple[int, int]:
    """Where the content of the item at `offset` starts and ends."""
    if offset >= limit:
        raise RlpTruncated(offset)
    first = data[offset]
    if first < STRING:
        return offset, offset + 1
    if first <= LONG_STRING:
        start, length = offset + 1, first - STRING
    elif first < LIST:
        start, length = _long(data, offset, first - LONG_STRING, limit)
    elif first <= LONG_LIST:
        start, length = offset + 1, first - LIST
    else:
        start, length = _long(data, offset, first - LONG_LIST, limit)
    if start + length > limit:
        raise RlpTruncated(offset)
    if first == STRING + 1 and data[start] < STRING:
        raise RlpNonCanonical(offset)
    return start, start + length


def _long(data: bytes, offset: int, size: int, limit: int) -> tuple[int, int]:
    """Start and length of an item whose length takes `size` bytes."""
    start = offset + 1 + size
    if start > limit:
        raise RlpTruncated(offset)
    length = int.from_bytes(data[offset + 1 : start], "big")
    if length < 56 or data[offset + 1] == 0:
        raise RlpNonCanonical(offset)
    return start, length


def _items(data: bytes, offset: int, end: int) -> list[Rlp]:
    """The items that fill `data[offset:end]`; lists wait on a stack of ours, so depth cannot exhaust Python's."""
    top: list[Rlp] = []
    items, limit = top, end
    waiting: list[tuple[list[Rlp], int]] = []
    while True:
        while offset < limit:
            first = data[offset]
            if first < STRING:
                items.append(data[offset : offset + 1])
                offset += 1
            elif STRING + 1 < first <= LONG_STRING and (stop := offset + first - STRING + 1) <= limit:
                items.append(data[offset + 1 : stop])
                offset = stop
            else:
                start, stop = _span(data, offset, limit)
                if first < LIST:
                    items.append(data[start:stop])
                    offset = stop
                else:
                    child: list[Rlp] = []
                    items.append(child)
                    waiting.append((items, limit))
                    items, limit, offset = child, stop, start
        if not waiting:
            return top
        items, limit = waiting.pop()
