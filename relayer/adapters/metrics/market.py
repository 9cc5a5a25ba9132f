"""How the marketplace fares, as its index sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge

from light_clients.types import ChainId, Height
from relayer.domain.errors import RelayerError
from relayer.domain.market.purchases import Activity, ActivityKind, PurchaseState

PURCHASE = ("payment_chain", "item_chain")


class MarketMetrics:
    """Hears what happens, and is told how things stand. `now` is Unix time."""

    def __init__(self, registry: CollectorRegistry, now: Callable[[], float]) -> None:
        self._now = now
        self._open_since: float | None = None
        self._held_head: dict[ChainId, float] = {}
        self._purchases = Gauge(
            "lockkeeper_market_purchases",
            "Purchases by state: open, settled, refunded",
            [*PURCHASE, "state"],
            registry=registry,
        )
        self._listings = Gauge(
            "lockkeeper_market_listings_active", "Listings to be bought", ["chain"], registry=registry
        )
        Gauge(
            "lockkeeper_market_oldest_open_purchase_age_seconds",
            "Age of the oldest purchase that is neither settled nor refunded, 0 for none",
            registry=registry,
        ).set_function(self._age)
        self._refusals = Counter(
            "lockkeeper_market_breaker_refusals", "Purchases refused by the price breaker", ["chain"], registry=registry
        )
        self._activities = Counter(
            "lockkeeper_market_activities", "What has happened, by kind", ["chain", "kind"], registry=registry
        )
        self._index(registry)

    def _index(self, registry: CollectorRegistry) -> None:
        self._height = Gauge("lockkeeper_market_indexed_height", "Newest block indexed", ["chain"], registry=registry)
        self._lag = Gauge(
            "lockkeeper_market_index_lag_seconds",
            "Since the index last held the chain's head",
            ["chain"],
            registry=registry,
        )
        self._events = Counter("lockkeeper_market_events_indexed", "Events indexed", ["chain"], registry=registry)
        self._reorgs = Counter(
            "lockkeeper_market_reorgs", "Times that the index took blocks back", ["chain"], registry=registry
        )
        self._trouble = Counter(
            "lockkeeper_market_trouble", "Trouble that the index met", ["worker", "kind"], registry=registry
        )

    # how things stand

    def purchases(self, payment: ChainId, item: ChainId, *, still_open: int, settled: int, refunded: int) -> None:
        """How many there are now, paid on one chain for items of the other."""
        counts = {PurchaseState.OPEN: still_open, PurchaseState.SETTLED: settled, PurchaseState.REFUNDED: refunded}
        for state, count in counts.items():
            self._purchases.labels(payment, item, state.value).set(count)

    def oldest_open(self, since: float | None) -> None:
        """When the oldest open purchase was made; None when there is none."""
        self._open_since = since

    def listings(self, chain: ChainId, active: int) -> None:
        self._listings.labels(chain).set(active)

    # what happens

    def happened(self, activities: Sequence[Activity]) -> None:
        """What was committed. What a reorg takes back is not taken back here: counters only grow."""
        for each in activities:
            if not each.retracted:
                self._activities.labels(each.chain, each.kind.value).inc()

    def breaker_refused(self, chain: ChainId, count: int = 1) -> None:
        """Purchases of items of this chain were refused for their price."""
        self._refusals.labels(chain).inc(count)

    def indexed(self, chain: ChainId, height: Height, head: Height, events: int) -> None:
        """So many events more are kept, and the chain has been read up to this height."""
        if chain not in self._held_head:
            self._introduce(chain)
        if height >= head:
            self._held_head[chain] = self._now()
        self._height.labels(chain).set(height)
        self._events.labels(chain).inc(events)

    def reorganised(self, chain: ChainId, ancestor: Height) -> None:
        self._reorgs.labels(chain).inc()
        self._height.labels(chain).set(ancestor)

    def trouble(self, worker: str, error: RelayerError) -> None:
        self._trouble.labels(worker, type(error).__name__).inc()

    def _introduce(self, chain: ChainId) -> None:
        self._held_head[chain] = self._now()
        self._lag.labels(chain).set_function(lambda: max(0.0, self._now() - self._held_head[chain]))
        for figure in (self._refusals, self._reorgs):
            figure.labels(chain)
        for kind in ActivityKind:
            self._activities.labels(chain, kind.value)

    def _age(self) -> float:
        return 0.0 if self._open_since is None else max(0.0, self._now() - self._open_since)
