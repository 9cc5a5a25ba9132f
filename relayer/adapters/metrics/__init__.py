"""Prometheus metrics: listeners that count. `docs/metrics.md` says what each is for."""

from relayer.adapters.metrics.daemon import Metrics

__all__ = ["Metrics"]
