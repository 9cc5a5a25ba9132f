"""Commit seals as headers carry them: 65 bytes r ‖ s ‖ v, of whoever felt like it, and in either of their two forms."""

from __future__ import annotations

from light_clients.bft.extra_data import Dialect, Sealed, sealed
from light_clients.bft.validators import Validators
from light_clients.crypto.secp256k1 import HIGHEST_S, ORDER, compact, recover
from light_clients.errors import SignatureMalformed
from light_clients.evm.header import Header
from light_clients.types import Address

LENGTH = 65


def sealed_by(header: Header, dialect: Dialect) -> tuple[Address, ...]:
    """Which validators of its own list have sealed the header, in the order of the list."""
    parts = sealed(header, dialect)
    listed = Validators.of(parts.extra.validators)
    return tuple(listed.address(index) for index in sorted(seals_of(parts, listed)))


def seals_of(parts: Sealed, listed: Validators) -> dict[int, bytes]:
    """One seal of each validator that sealed, by its place in the list; seals of nobody on it are left out."""
    places = {address: index for index, address in enumerate(listed.addresses)}
    digest = parts.digest
    seals: dict[int, bytes] = {}
    for raw in parts.extra.seals:
        try:
            seal = normalised(raw)
            signer = recover(digest, seal)
        except SignatureMalformed:  # anybody may append one; what counts is how many are left
            continue
        if signer in places:
            seals.setdefault(places[signer], seal)
    return seals


def normalised(raw: bytes) -> bytes:
    """The seal as EIP-2098 with low s."""
    if len(raw) != LENGTH:
        raise SignatureMalformed(f"{len(raw)} bytes instead of {LENGTH}")
    r, s, v = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big"), raw[64]
    if s > HIGHEST_S:
        s, v = ORDER - s, v ^ 1
    return compact(r, s, v)
