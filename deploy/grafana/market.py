"""What is for sale, and how purchases fare."""

from __future__ import annotations

from deploy.grafana.expressions import CHAIN, rate
from deploy.grafana.model import Choice, Dashboard, Panel, Query, Row, Steps

MARKET = Dashboard(
    "market",
    "market",
    "What is for sale, how purchases fare, and how fresh the index is.",
    (
        Row(
            "Purchases",
            (
                Panel(
                    "Open, settled, refunded",
                    "Of all time.",
                    (Query("sum by (state) (lockkeeper_market_purchases)", "{{state}}"),),
                    kind="stat",
                ),
                Panel(
                    "Oldest open purchase",
                    "Neither settled nor refunded.",
                    (Query("max(lockkeeper_market_oldest_open_purchase_age_seconds)", "waits"),),
                    unit="s",
                    steps=Steps(600, 3600),
                ),
                Panel(
                    "Open by way",
                    "From the chain of the payment to that of the item.",
                    (
                        Query(
                            'sum by (payment_chain, item_chain) (lockkeeper_market_purchases{state="open"})',
                            "{{payment_chain}} → {{item_chain}}",
                        ),
                    ),
                ),
                Panel(
                    "Ending well",
                    "Share of ended purchases that were settled.",
                    (
                        Query(
                            'sum(lockkeeper_market_purchases{state="settled"})'
                            ' / sum(lockkeeper_market_purchases{state!="open"})',
                            "settled",
                        ),
                    ),
                    unit="percentunit",
                    kind="stat",
                ),
                Panel(
                    "Refused by the price breaker",
                    "Purchases a second, by the item's chain.",
                    (Query(rate("lockkeeper_market_breaker_refusals_total", by="chain", where=CHAIN), "{{chain}}"),),
                    unit="ops",
                ),
                Panel(
                    "Listings",
                    "That can be bought.",
                    (Query(f"sum by (chain) (lockkeeper_market_listings_active{{{CHAIN}}})", "{{chain}}"),),
                ),
            ),
        ),
        Row(
            "Index",
            (
                Panel(
                    "Lag",
                    "Since the index last held the chain's head.",
                    (Query(f"max by (chain) (lockkeeper_market_index_lag_seconds{{{CHAIN}}})", "{{chain}}"),),
                    unit="s",
                    steps=Steps(60, 300),
                ),
                Panel(
                    "Height",
                    "Newest block indexed.",
                    (Query(f"max by (chain) (lockkeeper_market_indexed_height{{{CHAIN}}})", "{{chain}}"),),
                    unit="none",
                ),
                Panel(
                    "Activity",
                    "What happens, by kind.",
                    (Query(rate("lockkeeper_market_activities_total", by="kind", where=CHAIN), "{{kind}}"),),
                    unit="ops",
                ),
                Panel(
                    "Trouble and reorganisations",
                    "What the index met, and tried again.",
                    (
                        Query(f"{rate('lockkeeper_market_trouble_total', by='kind')} or vector(0)", "{{kind}}"),
                        Query(rate("lockkeeper_market_reorgs_total", where=CHAIN), "reorganisations"),
                    ),
                    unit="ops",
                ),
                Panel(
                    "Events",
                    "Indexed, a second.",
                    (Query(rate("lockkeeper_market_events_indexed_total", by="chain", where=CHAIN), "{{chain}}"),),
                    unit="ops",
                ),
            ),
        ),
    ),
    (Choice("chain", "lockkeeper_market_indexed_height"),),
)
