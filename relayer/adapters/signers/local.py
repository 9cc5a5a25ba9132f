"""A secp256k1 key in this process's memory."""

from __future__ import annotations

import re

from coincurve import PrivateKey

from light_clients.crypto.secp256k1 import address_of
from light_clients.types import Address, Hash32
from relayer.domain.errors import Misconfigured
from relayer.ports import Signature

_KEY = re.compile(r"(0x)?[0-9a-fA-F]{64}")


class LocalSigner:
    """The `Signer` port; shows its address and nothing else."""

    __slots__ = ("_address", "_key")

    def __init__(self, secret: bytes) -> None:
        self._key = PrivateKey(secret)
        self._address = address_of(self._key.public_key.format(compressed=False))

    def __repr__(self) -> str:
        return f"LocalSigner({self._address})"

    def __reduce__(self) -> str:
        raise TypeError("a key is not to be copied out of its process")

    @property
    def address(self) -> Address:
        return self._address

    async def sign(self, digest: Hash32) -> Signature:
        # 30 µs, and libsecp256k1 gives low s: RFC 6979, canonical.
        raw = self._key.sign_recoverable(digest, hasher=None)
        return Signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big"), raw[64])


def signer_of_hex(text: str, key: str, source: str) -> LocalSigner:
    """The signer of a key in hex; `key` and `source` are what a mistake is blamed on. Never echoes the text."""
    if not _KEY.fullmatch(text.strip()):
        raise Misconfigured(key, f"{source} holds no key", "put 64 hex digits there")
    try:
        return LocalSigner(bytes.fromhex(text.strip().removeprefix("0x")))
    except ValueError:
        raise Misconfigured(key, f"{source} holds no key of secp256k1", "make one with `lockkeeper keys new`") from None
