"""One attester's word on a final header, as it travels; whoever reads it checks the signature."""

from __future__ import annotations

import json
from dataclasses import dataclass

from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader

VERSION = 1
LONGEST = 2048
"""Bytes; the real ones are half of it."""


class AttestationMalformed(ValueError):
    """Not an attestation of this version."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """Signed for one light client of one destination."""

    header: TrustedHeader
    destination: ChainId
    client: Address
    epoch: int
    attester: Address
    signature: bytes
    """64 bytes (EIP-2098)."""

    def to_json(self) -> bytes:
        fields = {
            "v": VERSION,
            "chain": self.header.chain,
            "destination": self.destination,
            "client": str(self.client),
            "epoch": self.epoch,
            "height": self.header.height,
            "block_hash": str(self.header.block_hash),
            "state_root": str(self.header.state_root),
            "receipts_root": str(self.header.receipts_root),
            "timestamp": self.header.timestamp,
            "attester": str(self.attester),
            "signature": "0x" + self.signature.hex(),
        }
        return json.dumps(fields, separators=(",", ":")).encode()


def attestation_from_json(data: bytes) -> Attestation:
    """Raises `AttestationMalformed` for anything else."""
    if len(data) > LONGEST:
        raise AttestationMalformed("too long")
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        raise AttestationMalformed("no JSON") from None
    if not isinstance(fields, dict) or fields.get("v") != VERSION:
        raise AttestationMalformed("no attestation of this version")
    header = TrustedHeader(
        chain=ChainId(_number(fields, "chain")),
        height=Height(_number(fields, "height")),
        block_hash=Hash32(_octets(fields, "block_hash", 32)),
        state_root=Hash32(_octets(fields, "state_root", 32)),
        receipts_root=Hash32(_octets(fields, "receipts_root", 32)),
        timestamp=_number(fields, "timestamp"),
    )
    return Attestation(
        header=header,
        destination=ChainId(_number(fields, "destination")),
        client=Address(_octets(fields, "client", 20)),
        epoch=_number(fields, "epoch"),
        attester=Address(_octets(fields, "attester", 20)),
        signature=_octets(fields, "signature", 64),
    )


def _number(fields: dict[str, object], name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 64:
        raise AttestationMalformed(f"{name} is no number of 64 bits")
    return value


def _octets(fields: dict[str, object], name: str, length: int) -> bytes:
    value = fields.get(name)
    if not isinstance(value, str) or len(value) != 2 + 2 * length or not value.startswith("0x"):
        raise AttestationMalformed(f"{name} is not {length} bytes in hex")
    try:
        return bytes.fromhex(value[2:])
    except ValueError:
        raise AttestationMalformed(f"{name} is not {length} bytes in hex") from None
