"""How far chains have been read, and how well their endpoints serve."""

from __future__ import annotations

from deploy.grafana.expressions import CHAIN, quantile, rate
from deploy.grafana.model import Choice, Dashboard, Panel, Query, Row, Steps

EACH = "{{chain}} {{endpoint}}"

CHAINS = Dashboard(
    "chains-and-rpc",
    "chains and RPC",
    "How far chains have been read, and how well their endpoints serve.",
    (
        Row(
            "Chains",
            (
                Panel(
                    "Names",
                    "The number that each chain has everywhere else.",
                    (Query(f"max by (chain, name) (lockkeeper_chain_info{{{CHAIN}}})", "{{chain}} is {{name}}"),),
                    kind="stat",
                    width=24,
                ),
                Panel(
                    "Head",
                    "Newest block read, and newest final one.",
                    (
                        Query(f"max by (chain) (lockkeeper_head_height{{{CHAIN}}})", "head {{chain}}"),
                        Query(f"max by (chain) (lockkeeper_final_height{{{CHAIN}}})", "final {{chain}}"),
                    ),
                    unit="none",
                ),
                Panel(
                    "Head lag",
                    "Age of the newest block read.",
                    (Query(f"max by (chain) (lockkeeper_head_lag_seconds{{{CHAIN}}})", "{{chain}}"),),
                    unit="s",
                    steps=Steps(60, 300),
                ),
                Panel(
                    "Blocks until final",
                    "Between the head and the newest final block.",
                    (
                        Query(
                            f"max by (chain) (lockkeeper_head_height{{{CHAIN}}} - lockkeeper_final_height{{{CHAIN}}})",
                            "{{chain}}",
                        ),
                    ),
                ),
                Panel(
                    "Reorganisations",
                    "Times that a chain took blocks back.",
                    (Query(f"sum by (chain) (increase(lockkeeper_reorgs_total{{{CHAIN}}}[$__range]))", "{{chain}}"),),
                ),
                Panel(
                    "Depth of reorganisations",
                    "Blocks taken back, all times together.",
                    (
                        Query(
                            f"sum by (chain) (increase(lockkeeper_reorg_depth_blocks_sum{{{CHAIN}}}[$__range]))",
                            "{{chain}}",
                        ),
                    ),
                ),
                Panel(
                    "Read after",
                    "From the start of the relayer until the chain was read to its head.",
                    (Query(f"max by (chain) (lockkeeper_start_to_read_seconds{{{CHAIN}}})", "{{chain}}"),),
                    unit="s",
                    kind="stat",
                ),
            ),
        ),
        Row(
            "Endpoints",
            (
                Panel(
                    "Behind by",
                    "Blocks between an endpoint's head and the highest of its chain.",
                    (Query(f"lockkeeper_endpoint_head_lag_blocks{{{CHAIN}}}", EACH),),
                    steps=Steps(5, 20),
                ),
                Panel(
                    "No other head for",
                    "Since the endpoint last announced one.",
                    (Query(f"lockkeeper_endpoint_head_age_seconds{{{CHAIN}}}", EACH),),
                    unit="s",
                ),
                Panel(
                    "Heads",
                    "As endpoints announce them.",
                    (Query(f"lockkeeper_endpoint_head_height{{{CHAIN}}}", EACH),),
                    unit="none",
                ),
                Panel(
                    "Errors",
                    "Calls that failed, by kind. Reverted, Underpriced and their like are answers, not faults.",
                    (
                        Query(
                            rate("lockkeeper_rpc_errors_total", by="chain, endpoint, kind", where=CHAIN),
                            f"{EACH} {{{{kind}}}}",
                        ),
                    ),
                    unit="ops",
                ),
                Panel(
                    "Latency",
                    "Half of the calls, and 95 %.",
                    (
                        Query(
                            quantile(0.5, "lockkeeper_rpc_seconds", by="chain, endpoint", where=CHAIN), f"half {EACH}"
                        ),
                        Query(
                            quantile(0.95, "lockkeeper_rpc_seconds", by="chain, endpoint", where=CHAIN), f"95 % {EACH}"
                        ),
                    ),
                    unit="s",
                ),
                Panel(
                    "Calls",
                    "By endpoint.",
                    (Query(rate("lockkeeper_rpc_seconds_count", by="chain, endpoint", where=CHAIN), EACH),),
                    unit="reqps",
                ),
                Panel(
                    "Methods",
                    "What is asked for.",
                    (Query(rate("lockkeeper_rpc_seconds_count", by="method", where=CHAIN), "{{method}}"),),
                    unit="reqps",
                ),
                Panel(
                    "Calls per message",
                    "Of all chains, for each message delivered.",
                    (
                        Query(
                            f"{rate('lockkeeper_rpc_seconds_count')} / {rate('lockkeeper_messages_delivered_total')}",
                            "calls",
                        ),
                    ),
                ),
                Panel(
                    "Beacon nodes",
                    "Answers that do not hold.",
                    (
                        Query(
                            f"{rate('lockkeeper_beacon_faults_total', by='chain, node, fault', where=CHAIN)}"
                            " or vector(0)",
                            "{{chain}} {{node}} {{fault}}",
                        ),
                    ),
                    unit="ops",
                ),
            ),
        ),
    ),
    (Choice("chain", "lockkeeper_head_height"),),
)
