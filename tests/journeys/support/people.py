"""Who sends: a person with one key, and a wallet on every chain."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from light_clients.types import Address
from relayer.entrypoints.onchain.wallet import Account, Wallet
from relayer.entrypoints.sending.assets import Attributes, send_message
from relayer.entrypoints.sending.travel import Arrival, Sent, arrival, sent_by
from tests.journeys.support.chain import LocalChain, address_of
from tests.journeys.support.goods import Goods
from tests.journeys.support.waiting import PATIENCE

SEND_GAS = 1_500_000
"""Enough for a first send, which describes the token too; an estimate would need the block that approves."""


@dataclass(frozen=True, slots=True)
class Person:
    """One account of the devnet."""

    account: Account
    _wallets: dict[str, Wallet] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        return self.account.address

    def wallet(self, chain: LocalChain) -> Wallet:
        return self._wallets.setdefault(chain.name, Wallet(chain.node, self.account, chain.id))

    async def call(self, chain: LocalChain, contract: Address, data: bytes = b"", *, gas: int | None = None) -> Any:
        """The receipt of a transaction that succeeded."""
        wallet = self.wallet(chain)
        return await wallet.settled(await wallet.send(contract, data, gas=gas))

    async def send(self, goods: Goods, *, to: Person | Address, on: LocalChain) -> Sent:
        """Send goods from where they are; what carries them, once it is mined."""
        call = goods.sending(on.id, address_of(to))
        receipt = await self.call(goods.chain, goods.chain.asset_gateway, call, gas=SEND_GAS)
        return _last_sent(receipt, goods.chain)

    async def write(
        self, payload: bytes, *, from_: LocalChain, to: Person | Address, on: LocalChain, gas_limit: int | None = None
    ) -> Sent:
        """Send an arbitrary message; it, once it is mined."""
        call = send_message(on.id, address_of(to), payload, Attributes(gas_limit))
        return _last_sent(await self.call(from_, from_.gateway, call), from_)


async def delivery(sent: Sent, chain: LocalChain, *, within: float = PATIENCE) -> Arrival:
    """Wait until the message was delivered and executed."""
    return await arrival(sent, chain.place, since=time.monotonic(), patience=within)


def _last_sent(receipt: Mapping[str, Any], chain: LocalChain) -> Sent:
    *_, sent = sent_by(receipt, chain.place)
    return sent
