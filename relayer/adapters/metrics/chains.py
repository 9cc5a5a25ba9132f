"""How far chains have been read, and how well their endpoints serve."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from light_clients.types import ChainId, Height
from relayer.adapters.metrics.measures import BLOCKS, RPC_SECONDS
from relayer.domain.facts import ChainReorged, Fact, HeadReached
from relayer.domain.ids import BlockRef
from relayer.ports import Clock

ENDPOINT = ("chain", "endpoint")


class ChainMetrics:
    """Hears of heads; the `RpcObserver` of every pool."""

    def __init__(self, registry: CollectorRegistry, clock: Clock) -> None:
        self._clock = clock
        self._read: dict[ChainId, BlockRef] = {}
        self._announced: dict[ChainId, dict[str, tuple[Height, float]]] = {}
        self._endpoints: set[tuple[ChainId, str]] = set()
        self._head = Gauge("lockkeeper_head_height", "Newest block read", ["chain"], registry=registry)
        self._final = Gauge("lockkeeper_final_height", "Newest final block", ["chain"], registry=registry)
        self._lag = Gauge("lockkeeper_head_lag_seconds", "Age of the newest block read", ["chain"], registry=registry)
        self._depth = Histogram(
            "lockkeeper_reorg_depth_blocks",
            "Blocks that the chain took back at once",
            ["chain"],
            buckets=BLOCKS,
            registry=registry,
        )
        self._reorgs = Counter("lockkeeper_reorgs", "Times the chain took blocks back", ["chain"], registry=registry)
        self._endpoint_head = Gauge(
            "lockkeeper_endpoint_head_height", "Newest block that the endpoint announced", ENDPOINT, registry=registry
        )
        self._behind = Gauge(
            "lockkeeper_endpoint_head_lag_blocks",
            "Blocks between the endpoint's head and the highest of its chain",
            ENDPOINT,
            registry=registry,
        )
        self._silent = Gauge(
            "lockkeeper_endpoint_head_age_seconds",
            "Since the endpoint announced another head",
            ENDPOINT,
            registry=registry,
        )
        self._rpc = Histogram(
            "lockkeeper_rpc_seconds",
            "Calls to endpoints",
            [*ENDPOINT, "method"],
            buckets=RPC_SECONDS,
            registry=registry,
        )
        self._errors = Counter("lockkeeper_rpc_errors", "Calls that failed", [*ENDPOINT, "kind"], registry=registry)

    def refresh(self) -> None:
        """Lags grow without anything happening."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        for chain, head in self._read.items():
            self._lag.labels(chain).set(max(0.0, now - head.timestamp))
        for chain, announced in self._announced.items():
            highest = max(height for height, _ in announced.values())
            for endpoint, (height, since) in announced.items():
                self._behind.labels(chain, endpoint).set(highest - height)
                self._silent.labels(chain, endpoint).set(monotonic - since)

    def heard(self, fact: Fact) -> None:
        match fact:
            case HeadReached(chain=chain, head=head, final=final):
                self._read[chain] = head
                self._head.labels(chain).set(head.number)
                self._final.labels(chain).set(final)
                self._reorgs.labels(chain)
                self._depth.labels(chain)
            case ChainReorged(chain=chain, ancestor=ancestor):
                self._reorgs.labels(chain).inc()
                if chain in self._read:
                    self._depth.labels(chain).observe(self._read[chain].number - ancestor.number)
                self._read[chain] = ancestor
            case _:
                pass

    def called(self, chain: ChainId, endpoint: str, method: str, fault: str, seconds: float) -> None:
        self._rpc.labels(chain, endpoint, method).observe(seconds)
        self._introduce(chain, endpoint)
        if fault:
            self._errors.labels(chain, endpoint, fault).inc()

    def missed_head(self, chain: ChainId, endpoint: str, fault: str) -> None:
        self._introduce(chain, endpoint)
        self._errors.labels(chain, endpoint, fault).inc()

    def announced_head(self, chain: ChainId, endpoint: str, height: Height) -> None:
        self._endpoint_head.labels(chain, endpoint).set(height)
        self._announced.setdefault(chain, {})[endpoint] = height, self._clock.monotonic()

    def _introduce(self, chain: ChainId, endpoint: str) -> None:
        if (chain, endpoint) not in self._endpoints:
            self._endpoints.add((chain, endpoint))
            self._errors.labels(chain, endpoint, "EndpointFault")
