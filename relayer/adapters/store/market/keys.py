"""What things are called in the tables; bytes that sort as what they mean."""

from __future__ import annotations

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.ids import Lane
from relayer.domain.market.views import ListingId, TokenId

LARGEST = (1 << 63) - 1
"""What a column of numbers takes."""


def token_key(chain: int, address: bytes) -> bytes:
    return chain.to_bytes(8, "big") + address


def token_of(key: bytes) -> TokenId:
    return TokenId(ChainId(int.from_bytes(key[:8], "big")), Address(key[8:28]))


def listing_key(id: ListingId) -> bytes:  # noqa: A002 the word is the domain's
    return id.chain.to_bytes(8, "big") + id.hash


def listing_of(key: bytes) -> ListingId:
    return ListingId(ChainId(int.from_bytes(key[:8], "big")), Hash32(key[8:]))


def lane_key(lane: Lane) -> bytes:
    return pair_key(lane.source, lane.destination)


def pair_key(source: int, destination: int) -> bytes:
    return source.to_bytes(8, "big") + destination.to_bytes(8, "big")


def word(value: int) -> bytes:
    return value.to_bytes(32, "big")


def half(value: int) -> bytes:
    """Numbers of 128 bits."""
    return value.to_bytes(16, "big")


def number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def column(value: int) -> int:
    """As much of a number as a column takes: times at the end of all days are one."""
    return min(value, LARGEST)


def item_subject(token: bytes, identifier: bytes) -> bytes:
    return b"i" + token + identifier


def purchase_subject(id: bytes) -> bytes:  # noqa: A002
    return b"p" + id


def listing_subject(key: bytes) -> bytes:
    return b"l" + key


def message_subject(id: bytes) -> bytes:  # noqa: A002
    return b"m" + id


def credit_subject(account: bytes, token: bytes) -> bytes:
    """What an account was ever credited of a token."""
    return b"r" + account + token
