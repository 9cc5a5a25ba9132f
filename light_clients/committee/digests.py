"""What attesters sign: EIP-712 digests, bound to one contract on one destination chain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32, TrustedHeader

DOMAIN_TYPEHASH = keccak256(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
NAME_HASH = keccak256(b"Lockkeeper Committee")
VERSION_HASH = keccak256(b"1")

ATTESTATION_TYPEHASH = keccak256(
    b"Attestation(uint64 sourceChain,uint64 epoch,uint64 height,bytes32 blockHash,bytes32 stateRoot,"
    b"bytes32 receiptsRoot,uint64 timestamp)"
)
ROTATION_TYPEHASH = keccak256(b"CommitteeRotation(uint64 sourceChain,uint64 epoch,bytes32 committeeHash)")


@dataclass(frozen=True, slots=True)
class Domain:
    """The one contract that a signature is for."""

    destination: ChainId
    client: Address


@lru_cache(maxsize=1024)
def separator(domain: Domain) -> Hash32:
    """The EIP-712 domain separator."""
    return keccak256(
        DOMAIN_TYPEHASH + NAME_HASH + VERSION_HASH + _word(domain.destination) + domain.client.rjust(32, b"\0")
    )


def attestation_digest(domain: Domain, epoch: int, header: TrustedHeader) -> Hash32:
    """What each attester signs of a final header."""
    return _digest(
        domain,
        ATTESTATION_TYPEHASH
        + _word(header.chain)
        + _word(epoch)
        + _word(header.height)
        + header.block_hash
        + header.state_root
        + header.receipts_root
        + _word(header.timestamp),
    )


def rotation_digest(domain: Domain, source: ChainId, epoch: int, committee_hash: Hash32) -> Hash32:
    """What the members of the epoch before sign of the committee that is to follow them in `epoch`."""
    return _digest(domain, ROTATION_TYPEHASH + _word(source) + _word(epoch) + committee_hash)


def _digest(domain: Domain, struct: bytes) -> Hash32:
    return keccak256(b"\x19\x01" + separator(domain) + keccak256(struct))


def _word(value: int) -> bytes:
    return value.to_bytes(32, "big")
