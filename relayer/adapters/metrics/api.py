"""What the API is asked, and how fast it answers."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest

from relayer.adapters.metrics.process import describe_process

ANSWER_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class ApiMetrics:
    """Is told of each answer. Whoever shares the process adds to its `registry`."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        describe_process(self.registry)
        self._requests = Counter(
            "lockkeeper_api_requests",
            "Requests by route and status",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "lockkeeper_api_request_seconds",
            "From a request to the beginning of its answer",
            ["route"],
            buckets=ANSWER_SECONDS,
            registry=self.registry,
        )

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """`route` as it is declared, never as it was asked for: there must not be a series for every path."""
        self._requests.labels(route, method, status).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)
