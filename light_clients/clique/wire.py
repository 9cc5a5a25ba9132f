"""The bytes that the contract takes: updates and evidence.

update    n u16 ‖ n signers, 20 bytes each ‖ header RLP, once or more
evidence  length of the first update u32 ‖ update ‖ update

The first header is the target, those after it are its confirmations. Nothing is optional and nothing may follow.
"""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.clique.seal import ADDRESS
from light_clients.errors import UpdateMalformed
from light_clients.evm.header import Header, decode_header
from light_clients.evm.rlp import list_end


def encode_update(words: bytes, headers: Sequence[Header]) -> bytes:
    """The update of the trusted signers' words and a segment of headers."""
    return (len(words) // ADDRESS).to_bytes(2, "big") + words + b"".join(header.encode() for header in headers)


def decode_update(data: bytes) -> tuple[bytes, list[Header]]:
    """The signers' words and the headers that all of `data` encodes; there is at least one header."""
    count = int.from_bytes(_take(data, 0, 2), "big")
    words = _take(data, 2, ADDRESS * count)
    offset = 2 + len(words)
    headers: list[Header] = []
    while offset != len(data) or not headers:
        end = list_end(data, offset)
        headers.append(decode_header(data[offset:end]))
        offset = end
    return words, headers


def encode_evidence(one: bytes, other: bytes) -> bytes:
    return len(one).to_bytes(4, "big") + one + other


def split_evidence(data: bytes) -> tuple[bytes, bytes]:
    """The two updates in `data`."""
    length = int.from_bytes(_take(data, 0, 4), "big")
    return _take(data, 4, length), data[4 + length :]


def _take(data: bytes, offset: int, length: int) -> bytes:
    if offset + length > len(data):
        raise UpdateMalformed(length=len(data), expected=offset + length)
    return data[offset : offset + length]
