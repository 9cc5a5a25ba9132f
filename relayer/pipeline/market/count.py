"""Shows how the market stands, every few seconds."""

from __future__ import annotations

from typing import Never

from light_clients.types import ChainId
from relayer.domain.ids import Seconds
from relayer.domain.market.purchases import PurchaseState
from relayer.ports import Clock
from relayer.ports.market import Counting, MarketGauges

EVERY = Seconds(5.0)


class Counter:
    """Counts all there is: what happened while nobody counted is counted too."""

    def __init__(self, memory: Counting, gauges: MarketGauges, clock: Clock) -> None:
        self._memory = memory
        self._gauges = gauges
        self._clock = clock
        self._listed: set[ChainId] = set()
        self._refused: dict[ChainId, int] = {}
        self._counted = False

    async def run(self) -> Never:
        while True:
            await self.count()
            await self._clock.sleep(EVERY)

    async def count(self) -> None:
        census = await self._memory.census(int(self._clock.now()))
        for (payment, item), states in census.purchases.items():
            self._gauges.purchases(
                payment,
                item,
                still_open=states.get(PurchaseState.OPEN, 0),
                settled=states.get(PurchaseState.SETTLED, 0),
                refunded=states.get(PurchaseState.REFUNDED, 0),
            )
        self._gauges.oldest_open(census.oldest_open)
        for chain in {*self._listed, *census.listings}:
            self._gauges.listings(chain, census.listings.get(chain, 0))
        self._listed = set(census.listings)
        for chain, refused in census.refused.items():
            more = refused - self._refused.get(chain, 0 if self._counted else refused)
            if more > 0:
                self._gauges.breaker_refused(chain, more)
            self._refused[chain] = refused
        self._counted = True
