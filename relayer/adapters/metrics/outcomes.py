"""What messages came to, and what was paid for them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from light_clients.types import Address
from relayer.adapters.metrics.measures import LANE, of_lane
from relayer.domain.facts import Execution, ExecutionReported, Fact, FeesPaid, Payment
from relayer.domain.notices import AccountSeen, LaneStands


class OutcomeMetrics:
    """Hears what destinations report, and what sources pay."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._ours: set[Address] = set()
        self._executions = Counter(
            "lockkeeper_executions", "Messages by what they came to", [*LANE, "execution"], registry=registry
        )
        self._failures = Gauge(
            "lockkeeper_messages_failed_waiting",
            "Messages that have failed, and were neither retried nor sent back; 1000 stands for more, too",
            LANE,
            registry=registry,
        )
        self._fees = Counter(
            "lockkeeper_fees_paid_wei", "Fees that the source paid to relayers", [*LANE, "payment"], registry=registry
        )
        self._earned = Counter("lockkeeper_fees_earned_wei", "Those that it paid to us", LANE, registry=registry)

    def heard(self, fact: Fact) -> None:
        match fact:
            case ExecutionReported(execution=execution):
                self._executions.labels(*of_lane(fact.lane), execution.value).inc()
            case FeesPaid(payment=payment, amount=amount):
                self._fees.labels(*of_lane(fact.lane), payment.value).inc(amount)
                if fact.relayer in self._ours:
                    self._earned.labels(*of_lane(fact.lane)).inc(amount)
            case LaneStands(failures=failures):
                self._introduce(of_lane(fact.lane))
                self._failures.labels(*of_lane(fact.lane)).set(failures)
            case AccountSeen(account=account):
                self._ours.add(account)
            case _:
                pass

    def _introduce(self, labels: tuple[str, str]) -> None:
        for execution in Execution:
            self._executions.labels(*labels, execution.value)
        for payment in Payment:
            self._fees.labels(*labels, payment.value)
        self._earned.labels(*labels)
