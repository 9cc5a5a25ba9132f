"""What a lane has to do, and how fast it does it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from relayer.adapters.metrics.measures import LANE, MESSAGES, SECONDS, of_lane
from relayer.domain.facts import (
    BatchEnded,
    Delivered,
    Ending,
    Fact,
    MessagesSeen,
    SourceReorged,
    TxSent,
)
from relayer.domain.ids import Lane, Nonce
from relayer.domain.lane import LaneState
from relayer.domain.notices import LaneStands
from relayer.ports import Clock

REMEMBERED = 10_000
"""Messages per lane whose age is kept; of a larger backlog the oldest counts."""


class LaneMetrics:
    """Hears of the cursors of lanes. A lane that was heard of shows every figure, if only as zero."""

    def __init__(self, registry: CollectorRegistry, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[Lane, dict[Nonce, float]] = {}
        self._stand_gauges(registry)
        self._sent = Counter("lockkeeper_messages_seen", "Messages seen at the source", LANE, registry=registry)
        self._delivered = Counter("lockkeeper_messages_delivered", "Messages delivered", LANE, registry=registry)
        self._carried = Counter(
            "lockkeeper_messages_carried", "Messages in deliveries of this relayer", LANE, registry=registry
        )
        self._batches = Counter("lockkeeper_batches", "Batches by how they ended", [*LANE, "ending"], registry=registry)
        self._sizes = Histogram(
            "lockkeeper_batch_messages", "Messages a batch", LANE, buckets=MESSAGES, registry=registry
        )
        self._transactions = Counter(
            "lockkeeper_transactions_submitted", "Deliveries handed to a chain", LANE, registry=registry
        )
        self._gas = Counter("lockkeeper_gas_used", "Gas of our deliveries", LANE, registry=registry)
        self._until_sent = Histogram(
            "lockkeeper_submit_latency_seconds",
            "From the source's block to the first transaction that carries its message",
            LANE,
            buckets=SECONDS,
            registry=registry,
        )
        self._latency = Histogram(
            "lockkeeper_delivery_latency_seconds",
            "From the source's block to the destination's",
            LANE,
            buckets=SECONDS,
            registry=registry,
        )

    def _stand_gauges(self, registry: CollectorRegistry) -> None:
        self._backlog = Gauge("lockkeeper_backlog_size", "Messages seen and not delivered", LANE, registry=registry)
        self._oldest = Gauge(
            "lockkeeper_backlog_oldest_nonce", "Oldest undelivered message, 0 for none", LANE, registry=registry
        )
        self._age = Gauge(
            "lockkeeper_backlog_oldest_age_seconds", "Age of the oldest undelivered message", LANE, registry=registry
        )
        self._known = Gauge("lockkeeper_last_seen_nonce", "Newest message seen at the source", LANE, registry=registry)
        self._last = Gauge("lockkeeper_last_delivered_nonce", "Newest delivered message", LANE, registry=registry)
        self._in_flight = Gauge("lockkeeper_batches_in_flight", "Batches not ended", LANE, registry=registry)
        self._halted = Gauge("lockkeeper_lane_halted", "1 while the lane is stopped", LANE, registry=registry)

    def refresh(self) -> None:
        """Ages grow without anything happening."""
        for lane, seen in self._seen.items():
            age = self._clock.now() - seen[min(seen)] if seen else 0.0
            self._age.labels(*of_lane(lane)).set(max(0.0, age))

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        if lane is not None:
            self._show(lane)
        match fact:
            case MessagesSeen():
                self._saw(fact)
            case Delivered():
                self._saw_delivery(fact)
            case TxSent():
                self._saw_transaction(fact)
            case BatchEnded(ending=ending, gas_used=gas, batch=batch):
                labels = of_lane(fact.lane)
                self._batches.labels(*labels, ending.value).inc()
                self._gas.labels(*labels).inc(gas or 0)
                if ending is Ending.SETTLED:
                    self._carried.labels(*labels).inc(batch.last - batch.first + 1)
                    self._sizes.labels(*labels).observe(batch.last - batch.first + 1)
            case LaneStands(oldest=oldest) if oldest is not None and lane is not None:
                if oldest.nonce > lane.included.nonce:  # or it has been delivered since history was asked
                    self._seen[fact.lane].setdefault(oldest.nonce, oldest.at.block.timestamp)
            case SourceReorged(standing=standing):
                seen = self._seen.get(fact.lane, {})
                self._seen[fact.lane] = {nonce: at for nonce, at in seen.items() if nonce <= standing.nonce}
            case _:
                pass  # what a destination takes back is looked up again, and told with `LaneStands`

    def _show(self, state: LaneState) -> None:
        labels = of_lane(state.lane)
        if state.lane not in self._seen:
            self._introduce(state.lane, labels)
        pending = max(0, state.seen.nonce - state.included.nonce)
        self._backlog.labels(*labels).set(pending)
        self._oldest.labels(*labels).set(state.included.nonce + 1 if pending else 0)
        self._known.labels(*labels).set(state.seen.nonce)
        self._last.labels(*labels).set(state.included.nonce)
        self._in_flight.labels(*labels).set(len(state.in_flight))
        self._halted.labels(*labels).set(bool(state.halted))

    def _introduce(self, lane: Lane, labels: tuple[str, str]) -> None:
        self._seen[lane] = {}
        for figure in (self._sent, self._delivered, self._carried, self._transactions, self._gas):
            figure.labels(*labels)
        for timing in (self._until_sent, self._latency, self._sizes):
            timing.labels(*labels)
        for ending in Ending:
            self._batches.labels(*labels, ending.value)

    def _saw(self, fact: MessagesSeen) -> None:
        self._sent.labels(*of_lane(fact.lane)).inc(len(fact.messages))
        seen = self._seen.setdefault(fact.lane, {})
        for sent in fact.messages[: max(0, REMEMBERED - len(seen))]:
            seen[sent.nonce] = sent.at.block.timestamp

    def _saw_transaction(self, fact: TxSent) -> None:
        labels = of_lane(fact.lane)
        self._transactions.labels(*labels).inc()
        since = self._seen.get(fact.lane, {}).get(fact.batch.first)
        if fact.attempt == 1 and since is not None:
            self._until_sent.labels(*labels).observe(max(0.0, self._clock.now() - since))

    def _saw_delivery(self, fact: Delivered) -> None:
        labels = of_lane(fact.lane)
        self._delivered.labels(*labels).inc(fact.last - fact.first + 1)
        seen = self._seen.setdefault(fact.lane, {})
        latency = self._latency.labels(*labels)
        for nonce in range(fact.first, fact.last + 1):
            since = seen.pop(Nonce(nonce), None)
            if since is not None:
                latency.observe(max(0.0, fact.at.block.timestamp - since))
