"""Prometheus metrics: a listener that counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from light_clients.types import ChainId
from relayer.domain.attestation import Attestation
from relayer.domain.errors import Misbehaviour, RelayerError
from relayer.domain.facts import (
    BatchEnded,
    ChainReorged,
    Delivered,
    DestinationReorged,
    ExecutionReported,
    Fact,
    FeesPaid,
    HeadReached,
    MessagesSeen,
    SourceReorged,
    TxSent,
)
from relayer.domain.ids import Lane, Nonce, Wei
from relayer.domain.lane import LaneState
from relayer.ports import Clock

SECONDS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
RPC_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LANE = ("source", "destination")
REMEMBERED = 10_000
"""Messages per lane whose age is kept; of a larger backlog the oldest counts."""


class Metrics:
    """`Listener`, `RpcObserver` and attester's observer in one; `text` is what /metrics serves."""

    def __init__(self, clock: Clock) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._clock = clock
        self.registry = registry = CollectorRegistry()
        self._seen: dict[Lane, dict[Nonce, float]] = {}
        self._head = Gauge("lockkeeper_head_height", "Newest block read", ["chain"], registry=registry)
        self._final = Gauge("lockkeeper_final_height", "Newest final block", ["chain"], registry=registry)
        self._reorgs = Counter("lockkeeper_reorgs", "Blocks taken back by the chain", ["chain"], registry=registry)
        self._backlog = Gauge("lockkeeper_backlog_size", "Messages seen and not delivered", LANE, registry=registry)
        self._oldest = Gauge(
            "lockkeeper_backlog_oldest_nonce", "Oldest undelivered message, 0 for none", LANE, registry=registry
        )
        self._age = Gauge(
            "lockkeeper_backlog_oldest_age_seconds", "Age of the oldest undelivered message", LANE, registry=registry
        )
        self._in_flight = Gauge("lockkeeper_batches_in_flight", "Batches not ended", LANE, registry=registry)
        self._halted = Gauge("lockkeeper_lane_halted", "1 while the lane is stopped", LANE, registry=registry)
        self._sent = Counter("lockkeeper_messages_seen", "Messages seen at the source", LANE, registry=registry)
        self._delivered = Counter("lockkeeper_messages_delivered", "Messages delivered", LANE, registry=registry)
        self._last = Gauge("lockkeeper_last_delivered_nonce", "Newest delivered message", LANE, registry=registry)
        self._executions = Counter(
            "lockkeeper_executions",
            "Messages by what they came to",
            [*LANE, "execution"],
            registry=registry,
        )
        self._fees = Counter(
            "lockkeeper_fees_paid_wei", "Fees that the source paid to relayers", [*LANE, "payment"], registry=registry
        )
        self._batches = Counter("lockkeeper_batches", "Batches by how they ended", [*LANE, "ending"], registry=registry)
        self._transactions = Counter(
            "lockkeeper_transactions_submitted", "Transactions handed to a chain", LANE, registry=registry
        )
        self._gas = Counter("lockkeeper_gas_used", "Gas of our deliveries", LANE, registry=registry)
        self._latency = Histogram(
            "lockkeeper_delivery_latency_seconds",
            "From the source's block to the destination's",
            LANE,
            buckets=SECONDS,
            registry=registry,
        )
        self._trouble = Counter("lockkeeper_trouble", "Trouble met", ["worker", "kind"], registry=registry)
        self._critical = Gauge("lockkeeper_critical_error", "1 once proof was contradicted", registry=registry)
        self._balance = Gauge(
            "lockkeeper_wallet_balance_wei", "Balance of the relayer's account", ["chain", "account"], registry=registry
        )
        self._rpc = Histogram(
            "lockkeeper_rpc_seconds",
            "Calls to endpoints",
            ["chain", "endpoint", "method"],
            buckets=RPC_SECONDS,
            registry=registry,
        )
        self._rpc_errors = Counter(
            "lockkeeper_rpc_errors", "Calls that failed", ["chain", "endpoint", "kind"], registry=registry
        )
        self._beacon_faults = Counter(
            "lockkeeper_beacon_faults",
            "Answers of beacon nodes that do not hold",
            ["chain", "node", "fault"],
            registry=registry,
        )
        self._attestations = Counter(
            "lockkeeper_attestations", "Attestations received, by what they were", [*LANE, "result"], registry=registry
        )
        self._signed = Counter("lockkeeper_attestations_signed", "Attestations signed", LANE, registry=registry)

    def text(self) -> bytes:
        for lane in self._seen:
            self._show_oldest(lane)
        return generate_latest(self.registry)

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        if lane is not None:
            self._show(lane)
        match fact:
            case HeadReached(chain=chain, head=head, final=final):
                self._head.labels(chain).set(head.number)
                self._final.labels(chain).set(final)
            case ChainReorged(chain=chain):
                self._reorgs.labels(chain).inc()
            case MessagesSeen():
                self._saw(fact)
            case Delivered():
                self._saw_delivery(fact)
            case TxSent():
                self._transactions.labels(*_labels(fact.lane)).inc()
            case BatchEnded(ending=ending, gas_used=gas):
                self._batches.labels(*_labels(fact.lane), ending.value).inc()
                self._gas.labels(*_labels(fact.lane)).inc(gas or 0)
            case SourceReorged(standing=standing) | DestinationReorged(standing=standing):
                seen = self._seen.get(fact.lane, {})
                self._seen[fact.lane] = {nonce: at for nonce, at in seen.items() if nonce <= standing.nonce}
            case _:
                self._hear_of_outcomes(fact)

    def _hear_of_outcomes(self, fact: Fact) -> None:
        match fact:
            case ExecutionReported(execution=execution):
                self._executions.labels(*_labels(fact.lane), execution.value).inc()
            case FeesPaid(payment=payment, amount=amount):
                self._fees.labels(*_labels(fact.lane), payment.value).inc(amount)
            case _:
                pass

    def trouble(self, worker: str, error: RelayerError) -> None:
        self._trouble.labels(worker, type(error).__name__).inc()
        if isinstance(error, Misbehaviour):
            self._critical.set(1)

    def called(self, chain: ChainId, endpoint: str, method: str, fault: str, seconds: float) -> None:
        self._rpc.labels(chain, endpoint, method).observe(seconds)
        if fault:
            self._rpc_errors.labels(chain, endpoint, fault).inc()

    def missed_head(self, chain: ChainId, endpoint: str, fault: str) -> None:
        self._rpc_errors.labels(chain, endpoint, fault).inc()

    def attested(self, attestation: Attestation) -> None:
        self._signed.labels(attestation.header.chain, attestation.destination).inc()

    def attestation_received(self, source: ChainId, destination: ChainId, result: str) -> None:
        self._attestations.labels(source, destination, result).inc()

    def beacon_fault(self, source: ChainId, node: str, fault: str) -> None:
        self._beacon_faults.labels(source, node, fault).inc()

    def balance(self, chain: ChainId, account: str, wei: Wei) -> None:
        self._balance.labels(chain, account).set(wei)

    def _saw(self, fact: MessagesSeen) -> None:
        self._sent.labels(*_labels(fact.lane)).inc(len(fact.messages))
        seen = self._seen.setdefault(fact.lane, {})
        for sent in fact.messages[: max(0, REMEMBERED - len(seen))]:
            seen[sent.nonce] = sent.at.block.timestamp

    def _saw_delivery(self, fact: Delivered) -> None:
        labels = _labels(fact.lane)
        self._delivered.labels(*labels).inc(fact.last - fact.first + 1)
        self._last.labels(*labels).set(fact.last)
        seen = self._seen.setdefault(fact.lane, {})
        latency = self._latency.labels(*labels)
        for nonce in range(fact.first, fact.last + 1):
            since = seen.pop(Nonce(nonce), None)
            if since is not None:
                latency.observe(max(0.0, fact.at.block.timestamp - since))

    def _show(self, state: LaneState) -> None:
        labels = _labels(state.lane)
        self._seen.setdefault(state.lane, {})
        pending = max(0, state.seen.nonce - state.included.nonce)
        self._backlog.labels(*labels).set(pending)
        self._oldest.labels(*labels).set(state.included.nonce + 1 if pending else 0)
        self._in_flight.labels(*labels).set(len(state.in_flight))
        self._halted.labels(*labels).set(bool(state.halted))

    def _show_oldest(self, lane: Lane) -> None:
        seen = self._seen[lane]
        age = self._clock.now() - seen[min(seen)] if seen else 0.0
        self._age.labels(*_labels(lane)).set(max(0.0, age))


def _labels(lane: Lane) -> tuple[str, str]:
    return str(lane.source), str(lane.destination)
