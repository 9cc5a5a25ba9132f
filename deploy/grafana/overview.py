"""Is everything well, and if not, where to look."""

from __future__ import annotations

from deploy.grafana.expressions import COIN, quantile, rate
from deploy.grafana.model import Dashboard, Panel, Query, Row, Steps, Unit

DAY = 86_400.0
RELAYERS = 'job="lockkeeper-relayer"'
NONE = Steps(1, 1)
"""One is too many."""


def number(title: str, description: str, expression: str, unit: Unit = "short", steps: Steps | None = None) -> Panel:
    return Panel(title, description, (Query(expression),), unit, kind="stat", steps=steps, width=4)


def once(counter: str) -> str:
    """How fast it grows a lane, though several relayers may count the same messages."""
    return f"max by (source, destination) (rate({counter}[$__rate_interval]))"


GLANCE = Row(
    "At a glance",
    (
        number(
            "Processes down",
            "Relayers, attesters and APIs that Prometheus cannot reach.",
            'sum(1 - up{job=~"lockkeeper-.*"})',
            steps=NONE,
        ),
        number(
            "Standing still",
            "Chains and lanes that do not move though they should, as /livez counts them.",
            "sum(lockkeeper_stalled)",
            steps=NONE,
        ),
        number(
            "Messages waiting",
            "Seen at a source, not delivered yet.",
            "sum(max by (source, destination) (lockkeeper_backlog_size))",
        ),
        number(
            "The oldest waits",
            "Of all lanes.",
            "max(lockkeeper_backlog_oldest_age_seconds)",
            unit="s",
            steps=Steps(120, 600),
        ),
        number("Lanes halted", "A person must look at each.", "sum(lockkeeper_lane_halted)", steps=NONE),
        number(
            "Misbehaviour",
            "Evidence handed in by these relayers.",
            "sum(lockkeeper_client_misbehaviours_submitted_total) + sum(lockkeeper_critical_error)",
            steps=NONE,
        ),
        number(
            "Light clients frozen",
            "They serve nothing any more.",
            "sum(lockkeeper_client_frozen)",
            steps=NONE,
        ),
        number(
            "Trust runs out",
            "Of the light client that needs a header soonest.",
            "min(lockkeeper_client_expiry_seconds)",
            unit="s",
            steps=Steps(3 * DAY, DAY),
        ),
        number(
            "Poorest account",
            "In whole coins.",
            f"min(lockkeeper_wallet_balance_wei) / {COIN:g}",
            steps=Steps(0.5, 0.1),
        ),
        number(
            "Failed and waiting",
            "Messages that their recipients refused, neither retried nor sent back.",
            "sum(max by (source, destination) (lockkeeper_messages_failed_waiting))",
        ),
        number(
            "Heads lag",
            "Age of the newest block read, of the slowest chain.",
            "max(lockkeeper_head_lag_seconds)",
            unit="s",
            steps=Steps(60, 300),
        ),
        number(
            "Endpoints fail",
            "Share of calls that no answer came to, not counting what nodes refuse for a reason.",
            'sum(rate(lockkeeper_rpc_errors_total{kind!~"Reverted|NonceTooLow|Underpriced|InsufficientFunds|RangeTooWide"}[$__rate_interval]))'
            " / sum(rate(lockkeeper_rpc_seconds_count[$__rate_interval]))",
            unit="percentunit",
            steps=Steps(0.05, 0.5),
        ),
    ),
)

WORK = Row(
    "Work",
    (
        Panel(
            "Messages",
            "Seen at sources, and delivered.",
            (
                Query(f"sum({once('lockkeeper_messages_seen_total')})", "seen"),
                Query(f"sum({once('lockkeeper_messages_delivered_total')})", "delivered"),
            ),
            unit="ops",
        ),
        Panel(
            "Delivery latency",
            "From the source's block to the destination's.",
            (
                Query(quantile(0.5, "lockkeeper_delivery_latency_seconds"), "half"),
                Query(quantile(0.95, "lockkeeper_delivery_latency_seconds"), "95 %"),
                Query(quantile(0.99, "lockkeeper_delivery_latency_seconds"), "99 %"),
            ),
            unit="s",
        ),
        Panel(
            "Busiest moment",
            "The most messages a second delivered in the time shown: what a burst came to.",
            (
                Query(
                    f"max_over_time(sum({once('lockkeeper_messages_delivered_total')})[$__range:10s])",
                    "messages a second",
                ),
            ),
            unit="ops",
            kind="stat",
        ),
        Panel(
            "Trouble",
            "What workers met and tried again, by kind.",
            (Query(f"{rate('lockkeeper_trouble_total', by='kind')} or vector(0)", "{{kind}}"),),
            unit="ops",
        ),
        Panel(
            "API requests",
            "Answers by route and status.",
            (Query(rate("lockkeeper_api_requests_total", by="route, status"), "{{route}} {{status}}"),),
            unit="reqps",
        ),
        Panel(
            "API latency",
            "From a request to the beginning of its answer.",
            (
                Query(quantile(0.5, "lockkeeper_api_request_seconds"), "half"),
                Query(quantile(0.99, "lockkeeper_api_request_seconds"), "99 %"),
            ),
            unit="s",
        ),
    ),
)

PROCESS = Row(
    "Processes",
    (
        Panel(
            "CPU",
            "Cores in use.",
            (Query("rate(lockkeeper_process_cpu_seconds_total[$__rate_interval])", "{{job}} {{instance}}"),),
        ),
        Panel(
            "CPU per message",
            "CPU time of relayers for each message that they delivered.",
            (
                Query(
                    f"{rate('lockkeeper_process_cpu_seconds_total', where=RELAYERS)}"
                    f" / {rate('lockkeeper_messages_carried_total')}",
                    "a message",
                ),
            ),
            unit="s",
        ),
        Panel(
            "Memory",
            "Resident.",
            (Query("lockkeeper_process_resident_memory_bytes", "{{job}} {{instance}}"),),
            unit="bytes",
        ),
        Panel("Databases", "With their logs.", (Query("lockkeeper_database_bytes", "{{database}}"),), unit="bytes"),
        Panel(
            "At work after",
            "From the start of a relayer until it had read every chain, and until the first delivery that it saw.",
            (
                Query("max by (instance) (lockkeeper_start_to_read_seconds)", "{{instance}} has read"),
                Query("lockkeeper_start_to_delivery_seconds > 0", "{{instance}} first delivery"),
            ),
            unit="s",
        ),
        Panel(
            "Bus",
            "Whether the broker is there; without it relaying goes on.",
            (Query("lockkeeper_bus_connected", "{{job}} {{instance}}"),),
            unit="bool_on_off",
            kind="stat",
        ),
        Panel(
            "Running",
            "Versions, by process.",
            (Query("count by (version) (lockkeeper_build_info)", "{{version}}"),),
            kind="stat",
        ),
        Panel(
            "Running for",
            "Since each process began: one that falls back was restarted.",
            (Query("time() - lockkeeper_process_start_time_seconds", "{{job}} {{instance}}"),),
            unit="s",
        ),
    ),
)

OVERVIEW = Dashboard("overview", "overview", "Is everything well, and if not, where to look.", (GLANCE, WORK, PROCESS))
