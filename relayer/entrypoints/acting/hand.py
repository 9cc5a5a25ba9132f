"""A key at the command line that calls contracts of configured chains, each call rehearsed first and seen mined."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId
from relayer.adapters.evm import codec
from relayer.adapters.signers.file import file_signer
from relayer.adapters.signers.keystore import keystore_signer
from relayer.domain.batching import with_headroom
from relayer.domain.errors import Reverted, Transient
from relayer.domain.fees import market
from relayer.domain.ids import Gas, Wei
from relayer.domain.transactions import NO_VALUE, Call, Receipt, Transaction
from relayer.ports import Signer, Transactions

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Key:
    """A file with the key of whoever pays for a call."""

    path: Path
    password_file: Path | None = None

    async def signer(self) -> Signer:
        """Of hex that only its owner may read, or of a keystore that the password opens."""
        if self.password_file is not None:
            return await keystore_signer(self.path, self.password_file, "--key")
        return file_signer(self.path, "--key")


@dataclass(frozen=True, slots=True)
class Hand:
    """One key on one chain; an `Errand` that is done when `send` returns."""

    chain: ChainId
    transactions: Transactions
    signer: Signer

    async def send(self, to: Address, data: bytes) -> None:
        await self.call(to, data)

    async def call(self, to: Address, data: bytes, value: Wei = NO_VALUE) -> Receipt:
        """The receipt of a call that succeeded; `Reverted` where it would not, or has not."""
        fees = await self.transactions.fees()
        trial = Call(to, data, Gas(fees.block_gas // 2), value)
        estimate = await self.transactions.estimate(self.signer.address, trial)
        call = Call(to, data, with_headroom(estimate), value)
        nonce = await self.transactions.account_nonce(self.signer.address)
        transaction = Transaction(self.chain, nonce, market(fees), call)
        signature = await self.signer.sign(keccak256(codec.encode_unsigned(transaction)))
        raw = codec.encode_signed(transaction, signature)
        await self.transactions.broadcast(raw)
        receipt = await self._mined(raw)
        if not receipt.succeeded:
            raise Reverted(f"transaction {receipt.transaction} failed on chain {self.chain}")
        return receipt

    async def _mined(self, raw: bytes) -> Receipt:
        transaction = keccak256(raw)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (receipt := await self.transactions.receipt(transaction)) is None:  # noqa: ASYNC110 a node tells nobody
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            raise Transient(f"{transaction} was not mined within {PATIENCE_SECONDS} s on chain {self.chain}") from None
        return receipt
