"""Where the gateway keeps and says a lane's accumulator: the storage slot or the log's topics that are proven."""

from __future__ import annotations

from functools import lru_cache

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32


def _namespace(name: bytes) -> int:
    """ERC-7201: `keccak256(abi.encode(uint256(keccak256(name)) - 1)) & ~bytes32(uint256(0xff))`."""
    inner = int.from_bytes(keccak256(name), "big") - 1
    return int.from_bytes(keccak256(inner.to_bytes(32, "big")), "big") & ~0xFF


GATEWAY_STORAGE = _namespace(b"lockkeeper.storage.Gateway")


@lru_cache(maxsize=1024)
def sent_accumulator_slot(destination: ChainId) -> Hash32:
    """`lanes[destination].sentAccumulator` in the source gateway: the first word of the mapping's entry."""
    return keccak256(destination.to_bytes(32, "big") + GATEWAY_STORAGE.to_bytes(32, "big"))


@lru_cache(maxsize=1024)
def earned_slot(source: ChainId, relayer: Address) -> Hash32:
    """`earned[source][relayer]` in the destination's gateway: the struct's third member."""
    mapping = keccak256(source.to_bytes(32, "big") + (GATEWAY_STORAGE + 2).to_bytes(32, "big"))
    return keccak256(relayer.rjust(32, b"\0") + mapping)


MESSAGE_ACCUMULATED = keccak256(b"MessageAccumulated(uint64,uint64,bytes32,uint128,uint32,uint64,uint8)")
"""The event whose data begins with the accumulator."""


def accumulated_topics(destination: ChainId) -> tuple[Hash32, Hash32]:
    """The first two topics of the log with which the source gateway tells of a message to this destination."""
    return MESSAGE_ACCUMULATED, Hash32(destination.to_bytes(32, "big"))
