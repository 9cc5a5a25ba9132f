"""Where the gateway keeps a lane's accumulator: the storage slot that is proven."""

from __future__ import annotations

from functools import lru_cache

from light_clients.crypto.keccak import keccak256
from light_clients.types import ChainId, Hash32


def _namespace(name: bytes) -> int:
    """ERC-7201: `keccak256(abi.encode(uint256(keccak256(name)) - 1)) & ~bytes32(uint256(0xff))`."""
    inner = int.from_bytes(keccak256(name), "big") - 1
    return int.from_bytes(keccak256(inner.to_bytes(32, "big")), "big") & ~0xFF


GATEWAY_STORAGE = _namespace(b"lockkeeper.storage.Gateway")


@lru_cache(maxsize=1024)
def sent_accumulator_slot(destination: ChainId) -> Hash32:
    """`lanes[destination].sentAccumulator` in the source gateway: the first word of the mapping's entry."""
    return keccak256(destination.to_bytes(32, "big") + GATEWAY_STORAGE.to_bytes(32, "big"))
