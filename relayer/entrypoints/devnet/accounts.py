"""The accounts of a local chain: derived from the public test mnemonic, so known to everybody and worth nothing."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from coincurve import PrivateKey

from relayer.entrypoints.onchain.wallet import Account

MNEMONIC = "test test test test test test test test test test test junk"
HARDENED = 1 << 31
DEPLOYER, RELAYER, FIRST_ATTESTER, ALICE, BOB, CAROL = 0, 1, 2, 6, 7, 8
"""Places of our people among anvil's funded accounts."""
ATTESTERS = 4
FIRST_VALIDATOR = 20
"""Validators come after the funded accounts: they sign headers and pay for nothing."""


@lru_cache(maxsize=32)
def secret(index: int) -> bytes:
    """The private key at m/44'/60'/0'/0/index (BIP-32 over BIP-39)."""
    seed = hashlib.pbkdf2_hmac("sha512", MNEMONIC.encode(), b"mnemonic", 2048)
    key, chain_code = _split(hmac.digest(b"Bitcoin seed", seed, "sha512"))
    for step in (44 | HARDENED, 60 | HARDENED, 0 | HARDENED, 0, index):
        parent = PrivateKey(key)
        public = b"\0" + key if step & HARDENED else parent.public_key.format()
        offset, chain_code = _split(hmac.digest(chain_code, public + step.to_bytes(4, "big"), "sha512"))
        key = parent.add(offset).secret
    return key


def account(index: int) -> Account:
    return Account(secret(index))


def _split(digest: bytes) -> tuple[bytes, bytes]:
    return digest[:32], digest[32:]
