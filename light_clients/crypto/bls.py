"""BLS12-381 signatures as Ethereum's consensus has them: keys on G1, signatures on G2, proofs of possession assumed.

Points travel uncompressed, as the precompiles of EIP-2537 want them (without their padding), in big-endian
coordinates below the modulus; infinity is no key and no signature. Compressed forms are those of the consensus.
Sources: draft-irtf-cfrg-bls-signature; consensus-specs, phase0 (BLS signatures) and altair (bls.md).
"""

from __future__ import annotations

from collections.abc import Iterable

from py_arkworks_bls12381 import GT, G1Point, G2Point

from light_clients.errors import PointInvalid

MODULUS = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
DOMAIN_SEPARATION = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"

COORDINATE = 48
KEY = 2 * COORDINATE
SIGNATURE = 4 * COORDINATE

COMPRESSED, GREATER_Y = 0x80, 0x20
"""Bits of the first byte of a compressed point: that it is one, and which of the two y it has."""

_MINUS_ONE = -G1Point()


def key_of(xy: bytes) -> G1Point:
    """The key x ‖ y, on the curve; whether in the subgroup is for who put it into a committee."""
    _check_coordinates(xy, KEY)
    try:
        return G1Point.from_xy_bytes_unchecked_be(xy)
    except ValueError as error:
        raise PointInvalid(str(error)) from error


def key_of_compressed(compressed: bytes) -> G1Point:
    """The key of its 48 bytes, in the subgroup (`KeyValidate`)."""
    try:
        key = G1Point.from_compressed_bytes(compressed)
    except ValueError as error:
        raise PointInvalid(str(error)) from error
    if key == G1Point.identity():
        raise PointInvalid("infinity")
    return key


def compressed_key(xy: bytes) -> bytes:
    """The 48 bytes that the consensus has of the key x ‖ y."""
    y = int.from_bytes(xy[COORDINATE:], "big")
    flags = COMPRESSED | (GREATER_Y if 2 * y > MODULUS else 0)
    return bytes((xy[0] | flags,)) + xy[1:COORDINATE]


def uncompressed_key(key: G1Point) -> bytes:
    """The coordinates x ‖ y."""
    return key.to_xy_bytes_be()


def signature_of(xy: bytes) -> G2Point:
    """The signature x.c0 ‖ x.c1 ‖ y.c0 ‖ y.c1, on the curve and in the subgroup."""
    _check_coordinates(xy, SIGNATURE)
    try:
        return G2Point.from_xy_bytes_be(xy)
    except ValueError as error:
        raise PointInvalid(str(error)) from error


def uncompressed_signature(compressed: bytes) -> bytes:
    """x.c0 ‖ x.c1 ‖ y.c0 ‖ y.c1 of the 96 bytes that the consensus has."""
    try:
        xy = G2Point.from_compressed_bytes(compressed).to_xy_bytes_be()
    except ValueError as error:
        raise PointInvalid(str(error)) from error
    _check_coordinates(xy, SIGNATURE)
    return xy


def aggregate(keys: Iterable[G1Point]) -> G1Point:
    """The key that all of these sign with together."""
    total = G1Point.identity()
    for key in keys:
        total += key
    return total


def verify(key: G1Point, message: bytes, signature: G2Point) -> bool:
    """Whether the signature is that of the (aggregate) key; infinity is nobody's key."""
    if key == G1Point.identity():
        return False
    if not key.is_in_subgroup():
        raise PointInvalid("a key outside the subgroup")
    point = G2Point.hash_to_curve(message, DOMAIN_SEPARATION)
    return GT.pairing_check([key, _MINUS_ONE], [point, signature])


def _check_coordinates(xy: bytes, length: int) -> None:
    if len(xy) != length:
        raise PointInvalid(f"{len(xy)} bytes instead of {length}")
    starts = range(0, length, COORDINATE)
    if any(int.from_bytes(xy[at : at + COORDINATE], "big") >= MODULUS for at in starts):
        raise PointInvalid("a coordinate not below the modulus")
    if not any(xy):
        raise PointInvalid("infinity")
