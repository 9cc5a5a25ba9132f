"""What accounts own, have in flight, spend and earn."""

from __future__ import annotations

from deploy.grafana.expressions import CHAIN, COIN, quantile, rate
from deploy.grafana.model import Choice, Dashboard, Panel, Query, Row, Steps, Unit

EACH = "{{chain}} {{account}}"
FINAL = "lockkeeper_transaction_final_seconds"


def each(title: str, description: str, expression: str, unit: Unit = "short", steps: Steps | None = None) -> Panel:
    """One curve an account."""
    return Panel(title, description, (Query(expression, EACH),), unit, steps=steps)


ACCOUNTS = Dashboard(
    "accounts",
    "accounts",
    "What the relayer's accounts own, have in flight, spend and earn.",
    (
        Row(
            "Money",
            (
                each(
                    "Balance",
                    "In whole coins.",
                    f"lockkeeper_wallet_balance_wei{{{CHAIN}}} / {COIN:g}",
                    steps=Steps(0.5, 0.1),
                ),
                Panel(
                    "Spent on gas",
                    "Coins an hour, by what for.",
                    (
                        Query(
                            f"{rate('lockkeeper_gas_spent_wei_total', by='chain, purpose', where=CHAIN)}"
                            f" * 3600 / {COIN:g}",
                            "{{chain}} {{purpose}}",
                        ),
                    ),
                ),
                Panel(
                    "Profit",
                    "Fees that sources paid to us, and gas that we paid, in coins since the start; as if every"
                    " chain's coin were worth the same.",
                    (
                        Query(f"sum(lockkeeper_fees_earned_wei_total) / {COIN:g}", "earned"),
                        Query(f"sum(lockkeeper_gas_spent_wei_total) / {COIN:g}", "spent"),
                    ),
                ),
            ),
        ),
        Row(
            "Transactions",
            (
                each(
                    "Queue", "Deliveries and errands not signed yet.", f"lockkeeper_submitter_queue_length{{{CHAIN}}}"
                ),
                each("In flight", "Not mined.", f"lockkeeper_transactions_in_flight{{{CHAIN}}}"),
                each(
                    "Age of the oldest",
                    "That is not mined.",
                    f"lockkeeper_transaction_oldest_age_seconds{{{CHAIN}}}",
                    unit="s",
                    steps=Steps(60, 600),
                ),
                Panel(
                    "Offered",
                    "By what for.",
                    (Query(rate("lockkeeper_transactions_offered_total", by="purpose", where=CHAIN), "{{purpose}}"),),
                    unit="ops",
                ),
                Panel(
                    "Ended",
                    "By how.",
                    (Query(rate("lockkeeper_transactions_ended_total", by="ending", where=CHAIN), "{{ending}}"),),
                    unit="ops",
                ),
                Panel(
                    "Replaced, and gaps filled",
                    "Sent again for a higher fee; account nonces that nothing but an empty transaction used.",
                    (
                        Query(
                            rate("lockkeeper_transactions_replaced_total", by="chain", where=CHAIN),
                            "replaced {{chain}}",
                        ),
                        Query(rate("lockkeeper_nonce_gaps_filled_total", where=CHAIN), "gaps"),
                    ),
                    unit="ops",
                ),
                Panel(
                    "Until final",
                    "From the first offer to the end, 95 %.",
                    (
                        Query(
                            quantile(0.95, "lockkeeper_transaction_final_seconds", by="chain", where=CHAIN), "{{chain}}"
                        ),
                    ),
                    unit="s",
                ),
                each("Account nonce", "Transactions mined.", f"lockkeeper_account_nonce{{{CHAIN}}}", unit="none"),
            ),
        ),
    ),
    (Choice("chain", "lockkeeper_wallet_balance_wei"),),
)
