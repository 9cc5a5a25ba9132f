"""Watches what an account can still pay for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Never

from light_clients.types import Address
from relayer.domain.ids import Seconds, Wei
from relayer.ports import Clock, Transactions

EVERY = Seconds(60.0)


class Purse:
    """Tells an account's balance now and then."""

    def __init__(self, account: Address, transactions: Transactions, clock: Clock, told: Callable[[Wei], None]) -> None:
        self._account = account
        self._transactions = transactions
        self._clock = clock
        self._told = told

    async def run(self) -> Never:
        while True:
            self._told(await self._transactions.balance(self._account))
            await self._clock.sleep(EVERY)
