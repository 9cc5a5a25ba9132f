"""Expressions that dashboards share."""

from __future__ import annotations

EACH_LANE = "{{source}} → {{destination}}"
LANE = 'source=~"$source", destination=~"$destination"'
CHAIN = 'chain=~"$chain"'
COIN = 1e18
"""Wei of a whole coin."""


def rate(counter: str, *, by: str = "", where: str = "") -> str:
    """How fast a counter grows, summed up."""
    labels = f"{{{where}}}" if where else ""
    return f"{_sum(by)} (rate({counter}{labels}[$__rate_interval]))"


def quantile(share: float, histogram: str, *, by: str = "", where: str = "") -> str:
    """The value that this share of what a histogram counted stays below."""
    labels = f"{{{where}}}" if where else ""
    return (
        f"histogram_quantile({share}, {_sum(f'le, {by}' if by else 'le')} "
        f"(rate({histogram}_bucket{labels}[$__rate_interval])))"
    )


def _sum(by: str) -> str:
    return f"sum by ({by})" if by else "sum"
