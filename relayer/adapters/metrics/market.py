"""How the marketplace fares, as its index sees it."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge

from light_clients.types import ChainId

PURCHASE = ("payment_chain", "item_chain")
STATES = ("open", "settled", "refunded")


class MarketMetrics:
    """Is told by the index. `now` is Unix time; ages are told as the time that they count from."""

    def __init__(self, registry: CollectorRegistry, now: Callable[[], float]) -> None:
        self._purchases = Gauge(
            "lockkeeper_market_purchases",
            "Purchases by state: open, settled, refunded",
            [*PURCHASE, "state"],
            registry=registry,
        )
        self._oldest = Gauge(
            "lockkeeper_market_oldest_open_purchase_age_seconds",
            "Age of the oldest purchase that is neither settled nor refunded, 0 for none",
            registry=registry,
        )
        self._listings = Gauge(
            "lockkeeper_market_listings_active", "Listings to be bought", ["chain"], registry=registry
        )
        self._height = Gauge("lockkeeper_market_indexed_height", "Newest block indexed", ["chain"], registry=registry)
        self._lag = Gauge(
            "lockkeeper_market_index_lag_seconds", "Age of the newest block indexed", ["chain"], registry=registry
        )
        self._events = Counter("lockkeeper_market_events_indexed", "Events indexed", ["chain"], registry=registry)
        self._refusals = Counter(
            "lockkeeper_market_breaker_refusals", "Purchases refused by the price breaker", ["chain"], registry=registry
        )
        self._now = now
        self._open_since: float | None = None
        self._oldest.set_function(self._age)

    def purchases(self, payment: ChainId, item: ChainId, *, still_open: int, settled: int, refunded: int) -> None:
        """How many there are now, paid on one chain for items of the other."""
        for state, count in zip(STATES, (still_open, settled, refunded), strict=True):
            self._purchases.labels(payment, item, state).set(count)

    def oldest_open(self, since: float | None) -> None:
        """When the oldest open purchase was made; None when there is none."""
        self._open_since = since

    def listings(self, chain: ChainId, active: int) -> None:
        self._listings.labels(chain).set(active)

    def indexed(self, chain: ChainId, height: int, timestamp: float) -> None:
        """The index holds everything up to this block; its time is the chain's."""
        self._height.labels(chain).set(height)
        self._lag.labels(chain).set_function(lambda: max(0.0, self._now() - timestamp))
        self._events.labels(chain)
        self._refusals.labels(chain)

    def events(self, chain: ChainId, count: int) -> None:
        """So many more were indexed."""
        self._events.labels(chain).inc(count)

    def breaker_refused(self, chain: ChainId, count: int = 1) -> None:
        """Purchases of items of this chain were refused for their price."""
        self._refusals.labels(chain).inc(count)

    def _age(self) -> float:
        return 0.0 if self._open_since is None else max(0.0, self._now() - self._open_since)
