"""Who sealed a header: what the seal signs, and the extra data that holds it (EIP-225).

extra data   vanity 32 ‖ [signers 20 each, ascending, at an epoch only] ‖ seal 65
seal         r 32 ‖ s 32 ‖ v 1 (0 or 1), over the keccak-256 of the header's RLP without the seal

The header is covered whole, with whatever fields its fork has. Nodes take a high s too; here it is refused, as
everywhere: no signer's software makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from light_clients.clique.errors import ExtraDataMalformed, SealInvalid
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import compact, parse, recover
from light_clients.errors import SignatureMalformed
from light_clients.evm.header import Header
from light_clients.types import Address, Hash32

VANITY = 32
SEAL = 65
ADDRESS = 20

NO_SEAL = bytes(SEAL)
"""Stands where the seal will, and in the genesis for good."""


@dataclass(frozen=True, slots=True)
class ExtraData:
    """The parts of a Clique header's extra data."""

    vanity: bytes = bytes(VANITY)
    """32 bytes that mean nothing."""
    signers: tuple[Address, ...] = ()
    """The list at an epoch; elsewhere none."""
    seal: bytes = NO_SEAL

    def __post_init__(self) -> None:
        if len(self.vanity) != VANITY or len(self.seal) != SEAL:
            raise ExtraDataMalformed

    def encode(self) -> bytes:
        """The bytes that stand in the header."""
        return self.vanity + b"".join(self.signers) + self.seal

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The parts that all of `data` is; whether a list belongs here is for {read_extra}."""
        middle = data[VANITY:-SEAL]
        if len(data) < VANITY + SEAL or len(middle) % ADDRESS:
            raise ExtraDataMalformed
        listed = tuple(Address(middle[at : at + ADDRESS]) for at in range(0, len(middle), ADDRESS))
        return cls(data[:VANITY], listed, data[-SEAL:])


def is_epoch(header: Header, epoch_length: int) -> bool:
    """Whether the header must list the signers."""
    return header.number % epoch_length == 0


def read_extra(header: Header, epoch_length: int) -> ExtraData:
    """The header's extra data, which lists signers at an epoch and nowhere else."""
    extra = ExtraData.decode(header.extra_data)
    if bool(extra.signers) != is_epoch(header, epoch_length):
        raise ExtraDataMalformed
    return extra


def seal_hash(header: Header) -> Hash32:
    """What the signer signs: the header with everything but the last 65 bytes of its extra data."""
    if len(header.extra_data) < VANITY + SEAL:
        raise ExtraDataMalformed
    return keccak256(replace(header, extra_data=header.extra_data[:-SEAL]).encode())


def signer_of(header: Header, index: int = 0) -> Address:
    """Who sealed the header; `index` is what the error tells."""
    digest = seal_hash(header)
    seal = header.extra_data[-SEAL:]
    r, s, v = int.from_bytes(seal[:32], "big"), int.from_bytes(seal[32:64], "big"), seal[64]
    try:
        return recover(digest, compact(r, s, v))
    except SignatureMalformed as error:
        raise SealInvalid(index) from error


def unsealed(header: Header, vanity: bytes = bytes(VANITY), signers: Sequence[Address] = ()) -> Header:
    """The header ready to be sealed: its seal is zeros, and {seal_hash} is what to sign."""
    return replace(header, extra_data=ExtraData(vanity, tuple(signers)).encode())


def with_seal(header: Header, signature: bytes) -> Header:
    """The header under a signature (64 bytes, EIP-2098) of its {seal_hash}."""
    extra = ExtraData.decode(header.extra_data)
    r, s, v = parse(signature)
    seal = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes((v,))
    return replace(header, extra_data=replace(extra, seal=seal).encode())
