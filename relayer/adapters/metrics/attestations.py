"""What attesters sign, and what relayers receive of it; what beacon nodes answer."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from light_clients.types import ChainId
from relayer.adapters.metrics.measures import LANE
from relayer.domain.attestation import Attestation
from relayer.ports import Clock


class AttestationMetrics:
    """Hears of both ends."""

    def __init__(self, registry: CollectorRegistry, clock: Clock) -> None:
        self._clock = clock
        self._received = Counter(
            "lockkeeper_attestations", "Attestations received, by what they were", [*LANE, "result"], registry=registry
        )
        self._signed = Counter("lockkeeper_attestations_signed", "Attestations signed", LANE, registry=registry)
        self._height = Gauge("lockkeeper_attested_height", "Newest header attested", LANE, registry=registry)
        self._at = Gauge(
            "lockkeeper_attested_timestamp_seconds",
            "When the attester last signed, or began to listen",
            LANE,
            registry=registry,
        )
        self._beacon_faults = Counter(
            "lockkeeper_beacon_faults",
            "Answers of beacon nodes that do not hold",
            ["chain", "node", "fault"],
            registry=registry,
        )

    def attests(self, source: ChainId, destination: ChainId) -> None:
        """This process is to attest, so that its silence is seen too."""
        self._signed.labels(source, destination)
        self._height.labels(source, destination)
        self._at.labels(source, destination).set(self._clock.now())

    def attested(self, attestation: Attestation) -> None:
        labels = attestation.header.chain, attestation.destination
        self._signed.labels(*labels).inc()
        self._height.labels(*labels).set(attestation.header.height)
        self._at.labels(*labels).set(self._clock.now())

    def received(self, source: ChainId, destination: ChainId, result: str) -> None:
        self._received.labels(source, destination, result).inc()

    def beacon_fault(self, source: ChainId, node: str, fault: str) -> None:
        self._beacon_faults.labels(source, node, fault).inc()
