"""What light clients believe, and until when."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from relayer.adapters.metrics.measures import LANE
from relayer.domain.facts import Fact
from relayer.domain.notices import ClientSeen, MisbehaviourSubmitted
from relayer.ports import Clock


class ClientMetrics:
    """Hears of every light client: those of lanes, and those that they build on."""

    def __init__(self, registry: CollectorRegistry, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str, str], ClientSeen] = {}
        labels = [*LANE, "client"]
        self._height = Gauge(
            "lockkeeper_client_trusted_height", "Newest header that the light client holds", labels, registry=registry
        )
        self._age = Gauge("lockkeeper_client_trusted_age_seconds", "Age of that header", labels, registry=registry)
        self._expiry = Gauge(
            "lockkeeper_client_expiry_seconds",
            "Until the light client believes nobody any more; negative when that has come",
            labels,
            registry=registry,
        )
        self._frozen = Gauge(
            "lockkeeper_client_frozen", "1 once the light client has seen misbehaviour", labels, registry=registry
        )
        self._misbehaviours = Counter(
            "lockkeeper_client_misbehaviours_submitted", "Evidence handed in", labels, registry=registry
        )

    def refresh(self) -> None:
        """Trust wears off without anything happening."""
        now = self._clock.now()
        for labels, seen in self._seen.items():
            timestamp, period = seen.trust.timestamp, seen.trust.period
            if timestamp is not None:
                self._age.labels(*labels).set(max(0.0, now - timestamp))
                if period is not None:
                    self._expiry.labels(*labels).set(timestamp + period - now)

    def heard(self, fact: Fact) -> None:
        match fact:
            case ClientSeen(trust=trust):
                labels = str(fact.source), str(fact.destination), str(fact.client)
                self._seen[labels] = fact
                self._height.labels(*labels).set(trust.height)
                self._frozen.labels(*labels).set(trust.frozen)
                self._misbehaviours.labels(*labels)
            case MisbehaviourSubmitted():
                self._misbehaviours.labels(str(fact.source), str(fact.destination), str(fact.client)).inc()
            case _:
                pass
