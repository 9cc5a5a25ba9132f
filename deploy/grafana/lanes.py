"""What each lane has to do, how fast it is, what its messages came to."""

from __future__ import annotations

from deploy.grafana.expressions import EACH_LANE, LANE, quantile, rate
from deploy.grafana.model import Choice, Dashboard, Panel, Query, Row, Steps, Unit

BY = "source, destination"


def each(title: str, description: str, metric: str, unit: Unit = "short", steps: Steps | None = None) -> Panel:
    """One curve a lane."""
    return Panel(title, description, (Query(f"max by ({BY}) ({metric}{{{LANE}}})", EACH_LANE),), unit, steps=steps)


WAITING = Row(
    "What waits",
    (
        each("Backlog", "Messages seen and not delivered.", "lockkeeper_backlog_size"),
        each(
            "Age of the oldest message",
            "That is not delivered; 0 when none waits.",
            "lockkeeper_backlog_oldest_age_seconds",
            unit="s",
            steps=Steps(120, 600),
        ),
        each("Batches in flight", "Deliveries that have not ended.", "lockkeeper_batches_in_flight"),
        Panel(
            "Cursors",
            "The newest message seen, the newest delivered, and the oldest that is not.",
            (
                Query(f"lockkeeper_last_seen_nonce{{{LANE}}}", f"seen {EACH_LANE}"),
                Query(f"lockkeeper_last_delivered_nonce{{{LANE}}}", f"delivered {EACH_LANE}"),
                Query(f"lockkeeper_backlog_oldest_nonce{{{LANE}}}", f"oldest {EACH_LANE}"),
            ),
            unit="none",
        ),
        each(
            "Failed and waiting",
            "Messages that their recipients refused, neither retried nor sent back.",
            "lockkeeper_messages_failed_waiting",
        ),
        each("Halted", "Chain and proof contradict each other.", "lockkeeper_lane_halted", unit="bool_yes_no"),
    ),
)

SPEED = Row(
    "How fast",
    (
        Panel(
            "Messages",
            "Delivered, by whichever relayer.",
            (
                Query(
                    f"max by ({BY}) (rate(lockkeeper_messages_delivered_total{{{LANE}}}[$__rate_interval]))", EACH_LANE
                ),
            ),
            unit="ops",
        ),
        Panel(
            "Delivery latency",
            "From the source's block to the destination's, half and 95 % of messages.",
            (
                Query(quantile(0.5, "lockkeeper_delivery_latency_seconds", by=BY, where=LANE), f"half {EACH_LANE}"),
                Query(quantile(0.95, "lockkeeper_delivery_latency_seconds", by=BY, where=LANE), f"95 % {EACH_LANE}"),
            ),
            unit="s",
        ),
        Panel(
            "Until submitted",
            "From the source's block to the first transaction that carries the message, 95 %.",
            (Query(quantile(0.95, "lockkeeper_submit_latency_seconds", by=BY, where=LANE), EACH_LANE),),
            unit="s",
        ),
        Panel(
            "Messages a batch",
            "Of deliveries that settled.",
            (
                Query(
                    f"{rate('lockkeeper_batch_messages_sum', by=BY, where=LANE)}"
                    f" / {rate('lockkeeper_batch_messages_count', by=BY, where=LANE)}",
                    EACH_LANE,
                ),
            ),
        ),
        Panel(
            "Batches",
            "By how they ended.",
            (Query(rate("lockkeeper_batches_total", by="ending", where=LANE), "{{ending}}"),),
            unit="ops",
        ),
        Panel(
            "Transactions a batch",
            "More than one: fees had to be raised.",
            (
                Query(
                    f"{rate('lockkeeper_transactions_submitted_total', where=LANE)}"
                    f" / {rate('lockkeeper_batches_total', where=LANE)}",
                    "transactions",
                ),
            ),
        ),
    ),
)

OUTCOMES = Row(
    "What messages came to, and cost",
    (
        Panel(
            "Outcomes",
            "Of messages that did not simply succeed in their turn.",
            (Query(rate("lockkeeper_executions_total", by="execution", where=LANE), "{{execution}}"),),
            unit="ops",
        ),
        Panel(
            "Gas a message",
            "Of our own deliveries that settled, proof and header included.",
            (
                Query(
                    f"{rate('lockkeeper_gas_used_total', by=BY, where=LANE)}"
                    f" / {rate('lockkeeper_messages_carried_total', by=BY, where=LANE)}",
                    EACH_LANE,
                ),
            ),
        ),
        Panel(
            "Fees paid",
            "By sources to relayers, in wei a second; and to us.",
            (
                Query(rate("lockkeeper_fees_paid_wei_total", by="payment", where=LANE), "{{payment}}"),
                Query(rate("lockkeeper_fees_earned_wei_total", where=LANE), "ours"),
            ),
        ),
    ),
)

TRUST = Row(
    "What is believed",
    (
        Panel(
            "Trust runs out in",
            "Light clients that take no header any more after their trusting period.",
            (Query(f"lockkeeper_client_expiry_seconds{{{LANE}}}", EACH_LANE),),
            unit="s",
            steps=Steps(259_200, 86_400),
        ),
        Panel(
            "Age of the newest trusted header",
            "It grows while nobody sends anything, and starts again with each update.",
            (Query(f"lockkeeper_client_trusted_age_seconds{{{LANE}}}", EACH_LANE),),
            unit="s",
        ),
        Panel(
            "Newest trusted height",
            "As the light client on the destination has it.",
            (Query(f"lockkeeper_client_trusted_height{{{LANE}}}", EACH_LANE),),
            unit="none",
        ),
        Panel(
            "Misbehaviour",
            "Evidence handed in, and light clients that are frozen.",
            (
                Query(f"lockkeeper_client_misbehaviours_submitted_total{{{LANE}}}", f"evidence {EACH_LANE}"),
                Query(f"lockkeeper_client_frozen{{{LANE}}}", f"frozen {EACH_LANE}"),
            ),
            unit="none",
        ),
        Panel(
            "Attestations received",
            "By what relayers found them to be.",
            (Query(rate("lockkeeper_attestations_total", by="result", where=LANE), "{{result}}"),),
            unit="ops",
        ),
        Panel(
            "Attesters silent for",
            "Since each last signed.",
            (Query(f"time() - lockkeeper_attested_timestamp_seconds{{{LANE}}}", f"{{{{instance}}}} {EACH_LANE}"),),
            unit="s",
        ),
    ),
)

LANES = Dashboard(
    "lanes",
    "lanes",
    "What each lane has to do, how fast it is, what its messages came to, what it believes.",
    (WAITING, SPEED, OUTCOMES, TRUST),
    (Choice("source", "lockkeeper_backlog_size"), Choice("destination", "lockkeeper_backlog_size")),
)
