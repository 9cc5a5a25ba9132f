"""The listener that tells the bus what happens in the marketplace."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from light_clients.types import ChainId, Height
from relayer.adapters.mqtt.news import Announcer
from relayer.domain.errors import RelayerError
from relayer.domain.market.news import news
from relayer.domain.market.purchases import Activity


class MarketNews:
    """One message for each thing that happened, in order; QoS 1, so at least once."""

    def __init__(self, bus: Announcer) -> None:
        self._bus = bus

    def happened(self, activities: Sequence[Activity]) -> None:
        for activity in activities:
            for topic, told in news(activity):
                self._bus.announce(topic, orjson.dumps(told))

    def indexed(self, chain: ChainId, height: Height, head: Height, events: int) -> None: ...

    def reorganised(self, chain: ChainId, ancestor: Height) -> None: ...

    def trouble(self, worker: str, error: RelayerError) -> None: ...
