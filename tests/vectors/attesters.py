"""Attesters whose keys follow from their numbers, so that what they sign never changes (RFC 6979)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from coincurve import PrivateKey

from light_clients.committee.members import Committee, Member
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import address_of, compact
from light_clients.types import Address, Hash32


@dataclass(frozen=True)
class Attester:
    """One key."""

    number: int

    @cached_property
    def key(self) -> PrivateKey:
        return PrivateKey(keccak256(f"lockkeeper attester {self.number}".encode()))

    @cached_property
    def address(self) -> Address:
        return address_of(self.key.public_key.format(compressed=False))

    def sign(self, digest: Hash32) -> bytes:
        raw = self.key.sign_recoverable(digest, hasher=None)
        return compact(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big"), raw[64])


@cache
def attester(number: int) -> Attester:
    """The one of that number."""
    return Attester(number)


def attesters(count: int, first: int = 0) -> list[Attester]:
    """That many attesters in the order of their addresses."""
    return sorted((attester(first + number) for number in range(count)), key=lambda one: one.address)


def committee_of(signers: Iterable[Attester], weights: Iterable[int] | None = None) -> Committee:
    """Their committee; everybody weighs 1 unless told otherwise, in the order of addresses."""
    listed = list(signers)
    return Committee(
        tuple(Member(one.address, weight) for one, weight in zip(listed, weights or [1] * len(listed), strict=True))
    )
