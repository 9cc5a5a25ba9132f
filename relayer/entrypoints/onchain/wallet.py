"""An account at the command line: signs EIP-1559 transactions and counts its nonces."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coincurve import PrivateKey

from light_clients.crypto.keccak import keccak256
from light_clients.evm.rlp import Encodable, encode, integer_bytes
from light_clients.types import Address, ChainId, Hash32
from relayer.domain.errors import InsufficientFunds, Misconfigured, Rejected, Reverted
from relayer.entrypoints.onchain.node import Node

GAS_HEADROOM = 1.25


class Account:
    """A secp256k1 key held in memory for the length of one command."""

    def __init__(self, secret: bytes) -> None:
        self._key = PrivateKey(secret)
        self.address = Address(keccak256(self._key.public_key.format(compressed=False)[1:])[12:])

    @classmethod
    def from_file(cls, path: Path, password_file: Path | None = None) -> Account:
        """Read a key from a hex file or an encrypted keystore."""
        try:
            text = path.read_text().strip()
            password = password_file.read_text().rstrip("\r\n") if password_file else None
        except OSError as trouble:
            raise Misconfigured("key", f"{trouble.filename}: {trouble.strerror}", "name a readable key file") from None
        if text.startswith("{"):
            return cls(_decrypted(text, path, password))
        try:
            return cls(bytes.fromhex(text.removeprefix("0x")))
        except ValueError:
            raise Misconfigured("key", f"{path} holds no key", "it takes 64 hex digits or a keystore") from None

    def sign(self, numbers: Sequence[int], to: Address, value: int, data: bytes) -> bytes:
        """The raw EIP-1559 transaction; `numbers` are chain, nonce, priority fee, fee ceiling and gas limit."""
        fields: list[Encodable] = [*map(integer_bytes, numbers), bytes(to), integer_bytes(value), data, []]
        signature = self._key.sign_recoverable(keccak256(b"\x02" + encode(fields)), hasher=None)
        parity, r, s = signature[64], int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
        return b"\x02" + encode([*fields, *map(integer_bytes, (parity, r, s))])

    def sign_digest(self, digest: Hash32) -> bytes:
        """65 bytes r ‖ s ‖ v, as contracts take them."""
        signature = self._key.sign_recoverable(digest, hasher=None)
        return signature[:64] + bytes([27 + signature[64]])


def _decrypted(keystore: str, path: Path, password: str | None) -> bytes:
    if password is None:
        raise Misconfigured("key", f"{path} is an encrypted keystore", "add --password-file")
    from eth_account import Account as Keystore

    try:
        return bytes(Keystore.decrypt(keystore, password))
    except ValueError:
        raise Misconfigured("key", f"the password does not open {path}", "check --password-file") from None


class Wallet:
    """One account on one chain. Transactions leave in order; waiting for them is up to the caller."""

    def __init__(self, node: Node, account: Account, chain: ChainId) -> None:
        self.node = node
        self.account = account
        self.chain = chain
        self._nonce: int | None = None
        self._turn = asyncio.Lock()

    @property
    def address(self) -> Address:
        return self.account.address

    async def send(self, to: Address, data: bytes = b"", *, value: int = 0, gas: int | None = None) -> str:
        """Sign and broadcast; the transaction's hash. `gas` saves the estimate, for calls on a state yet to come."""
        limit = gas or int(await self.estimate(to, data, value=value) * GAS_HEADROOM)
        async with self._turn:
            head, tip, nonce = await self.node.batch(
                [
                    ("eth_getBlockByNumber", ["latest", False]),
                    ("eth_maxPriorityFeePerGas", []),
                    ("eth_getTransactionCount", [str(self.address), "pending"]),
                ]
            )
            self._nonce = int(nonce, 16) if self._nonce is None else self._nonce
            priority = int(tip, 16)
            ceiling = 2 * int(head["baseFeePerGas"], 16) + priority
            raw = self.account.sign((self.chain, self._nonce, priority, ceiling, limit), to, value, data)
            transaction = await self._broadcast(raw)
            self._nonce += 1
        return transaction

    async def estimate(self, to: Address, data: bytes, *, value: int = 0) -> int:
        call = {"from": str(self.address), "to": str(to), "data": "0x" + data.hex(), "value": hex(value)}
        return int(await self.node.rpc("eth_estimateGas", call), 16)

    async def settled(self, transaction: str) -> dict[str, Any]:
        """The receipt, once mined; `Reverted` when the transaction failed."""
        receipt = await self.node.receipt(transaction)
        if receipt["status"] != "0x1":
            raise Reverted(f"transaction {transaction} failed on chain {self.chain}")
        return receipt

    async def _broadcast(self, raw: bytes) -> str:
        try:
            return str(await self.node.rpc("eth_sendRawTransaction", "0x" + raw.hex()))
        except Rejected as refusal:
            if "insufficient funds" in str(refusal).lower():
                raise InsufficientFunds(
                    f"{self.address} cannot pay on chain {self.chain}: send it some ether and try again"
                ) from refusal
            raise
