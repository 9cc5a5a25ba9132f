"""Whether somebody signed: by a key (64 or 65 bytes, low s), or as a contract says (EIP-1271)."""

from __future__ import annotations

from eth_abi.abi import encode

from light_clients.crypto.secp256k1 import compact, recover
from light_clients.errors import SignatureMalformed
from light_clients.types import Address, Hash32
from relayer.domain.market.form import Refused
from relayer.entrypoints.market.contracts import MarketChain, Question

MAGIC = bytes.fromhex("1626ba7e")
"""`isValidSignature(bytes32,bytes)`, and what it answers."""
SIGNATURE_GAS = 1_000_000


async def check_signature(chain: MarketChain, account: Address, digest: Hash32, signature: bytes) -> None:
    """Raises `Refused` unless the account stands by the digest. A contract is asked; a key cannot contradict it."""
    if await chain.has_code(account):
        if not await _contract_agrees(chain, account, digest, signature):
            raise Refused("signature-invalid", f"the contract {account} does not stand by the signature")
    elif recovered(digest, signature) != account:
        raise Refused("signature-invalid", f"it was not {account} who signed this")


def recovered(digest: Hash32, signature: bytes) -> Address:
    """Whose key signed."""
    match len(signature):
        case 64:
            parity_and_s = int.from_bytes(signature[32:], "big")
            parity, s = parity_and_s >> 255, parity_and_s & ((1 << 255) - 1)
        case 65:
            parity, s = signature[64] - 27, int.from_bytes(signature[32:64], "big")
        case length:
            raise Refused("signature-malformed", f"a signature has 65 or 64 bytes, not {length}")
    try:
        return recover(digest, compact(int.from_bytes(signature[:32], "big"), s, parity))
    except SignatureMalformed as error:
        raise Refused("signature-malformed", f"this is no signature: {error}") from None


async def _contract_agrees(chain: MarketChain, account: Address, digest: Hash32, signature: bytes) -> bool:
    data = MAGIC + encode(["bytes32", "bytes"], [digest, signature])
    return await chain.stranger(Question(account, data, gas=SIGNATURE_GAS)) == MAGIC.ljust(32, b"\0")
