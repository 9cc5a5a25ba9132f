"""secp256k1 signatures that carry their signer: 64 bytes (EIP-2098), low s, through libsecp256k1.

coincurve binds the C library and has no slow fallback, so there is no backend to fall back to unnoticed.
"""

from __future__ import annotations

from coincurve import PublicKey

from light_clients.crypto.keccak import keccak256
from light_clients.errors import SignatureMalformed
from light_clients.types import Address, Hash32

ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
HIGHEST_S = ORDER // 2
"""The greater of the two s of every signature is refused, so that nobody can write one signature in two ways."""

PARITY_BIT = 1 << 255


def compact(r: int, s: int, y_parity: int) -> bytes:
    """The 64 bytes r ‖ yParityAndS (EIP-2098)."""
    _check(r, s, y_parity)
    return r.to_bytes(32, "big") + (s | y_parity << 255).to_bytes(32, "big")


def parse(signature: bytes) -> tuple[int, int, int]:
    """(r, s, y parity) of r ‖ yParityAndS."""
    if len(signature) != 64:
        raise SignatureMalformed(f"{len(signature)} bytes instead of 64")
    r = int.from_bytes(signature[:32], "big")
    parity_and_s = int.from_bytes(signature[32:], "big")
    y_parity, s = divmod(parity_and_s, PARITY_BIT)
    _check(r, s, y_parity)
    return r, s, y_parity


def recover(digest: Hash32, signature: bytes) -> Address:
    """Who signed the digest, by a signature of 64 bytes."""
    r, s, y_parity = parse(signature)
    recoverable = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes((y_parity,))
    try:
        key = PublicKey.from_signature_and_message(recoverable, digest, hasher=None)
    except ValueError as error:
        raise SignatureMalformed(str(error)) from error
    return address_of(key.format(compressed=False))


def address_of(public_key: bytes) -> Address:
    """The account of an uncompressed public key (0x04 ‖ x ‖ y)."""
    return Address(keccak256(public_key[1:])[12:])


def _check(r: int, s: int, y_parity: int) -> None:
    if not 0 < r < ORDER:
        raise SignatureMalformed("r out of range")
    if not 0 < s <= HIGHEST_S:
        raise SignatureMalformed("s out of range")
    if y_parity not in (0, 1):
        raise SignatureMalformed("y parity out of range")
