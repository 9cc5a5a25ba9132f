"""Every metric of a relayer or an attester."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics, generate_latest

from light_clients.types import ChainId, Height
from relayer.adapters.metrics.accounts import AccountMetrics
from relayer.adapters.metrics.attestations import AttestationMetrics
from relayer.adapters.metrics.chains import ChainMetrics
from relayer.adapters.metrics.clients import ClientMetrics
from relayer.adapters.metrics.lanes import LaneMetrics
from relayer.adapters.metrics.outcomes import OutcomeMetrics
from relayer.adapters.metrics.process import ProcessMetrics
from relayer.domain.attestation import Attestation
from relayer.domain.errors import Misbehaviour, RelayerError
from relayer.domain.facts import Fact
from relayer.domain.ids import Wei
from relayer.domain.lane import LaneState
from relayer.ports import Clock


class Metrics:
    """`Listener`, `RpcObserver` and attester's observer in one; `text` is what /metrics serves."""

    def __init__(self, clock: Clock) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        self._lanes = LaneMetrics(registry, clock)
        self._outcomes = OutcomeMetrics(registry)
        self._chains = ChainMetrics(registry, clock)
        self._clients = ClientMetrics(registry, clock)
        self._accounts = AccountMetrics(registry, clock)
        self._attestations = AttestationMetrics(registry, clock)
        self._process = ProcessMetrics(registry, clock)
        self._trouble = Counter("lockkeeper_trouble", "Trouble met", ["worker", "kind"], registry=registry)
        self._critical = Gauge("lockkeeper_critical_error", "1 once proof was contradicted", registry=registry)

    def text(self) -> bytes:
        for each in (self._lanes, self._chains, self._clients, self._accounts, self._process):
            each.refresh()
        return generate_latest(self.registry)

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        self._lanes.heard(fact, lane)
        for each in (self._outcomes, self._chains, self._clients, self._accounts, self._process):
            each.heard(fact)

    def trouble(self, worker: str, error: RelayerError) -> None:
        self._trouble.labels(worker, type(error).__name__).inc()
        if isinstance(error, Misbehaviour):
            self._critical.set(1)

    def called(self, chain: ChainId, endpoint: str, method: str, fault: str, seconds: float) -> None:
        self._chains.called(chain, endpoint, method, fault, seconds)

    def missed_head(self, chain: ChainId, endpoint: str, fault: str) -> None:
        self._chains.missed_head(chain, endpoint, fault)

    def announced_head(self, chain: ChainId, endpoint: str, height: Height) -> None:
        self._chains.announced_head(chain, endpoint, height)

    def attests(self, source: ChainId, destination: ChainId) -> None:
        self._attestations.attests(source, destination)

    def attested(self, attestation: Attestation) -> None:
        self._attestations.attested(attestation)

    def attestation_received(self, source: ChainId, destination: ChainId, result: str) -> None:
        self._attestations.received(source, destination, result)

    def beacon_fault(self, source: ChainId, node: str, fault: str) -> None:
        self._attestations.beacon_fault(source, node, fault)

    def balance(self, chain: ChainId, account: str, wei: Wei) -> None:
        self._accounts.balance(chain, account, wei)

    def bus_connection(self, broker: str, trouble: str) -> None:
        self._process.bus_connection(broker, trouble)

    def watch(self, names: Mapping[ChainId, str], database: Path | None, stalled: Callable[[], Sequence[str]]) -> None:
        """What the process is to show of itself besides."""
        self._process.watch(names, database, stalled)
