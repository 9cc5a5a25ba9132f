"""Asks collections and currencies of one chain for their names, once."""

from __future__ import annotations

from typing import Never

from light_clients.types import ChainId
from relayer.domain.ids import Seconds
from relayer.ports import Clock
from relayer.ports.market import Register, TokenWords

LOOK = Seconds(2.0)
"""Between two looks for tokens that nobody has described."""


class Describer:
    """Names are for people: nothing waits for them."""

    def __init__(self, chain: ChainId, words: TokenWords, register: Register, clock: Clock) -> None:
        self._chain = chain
        self._words = words
        self._register = register
        self._clock = clock

    async def run(self) -> Never:
        while True:
            for token in await self._register.undescribed(self._chain):
                name, symbol = await self._words.name(token), await self._words.symbol(token)
                decimals = await self._words.decimals(token)
                await self._register.describe(self._chain, token, name, symbol, decimals)
            await self._clock.sleep(LOOK)
