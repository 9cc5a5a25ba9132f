"""The process itself: what it is, what it takes, how soon it was at work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

from light_clients.types import ChainId
from relayer.domain.facts import Delivered, Fact, HeadReached
from relayer.ports import Clock

BESIDE = ("", "-wal", "-shm")
"""The files of one SQLite database, by how their names end."""


def describe_process(registry: CollectorRegistry) -> None:
    """Its version, CPU time, memory and files, in any registry."""
    ProcessCollector(namespace="lockkeeper", registry=registry)
    build = Gauge("lockkeeper_build_info", "Which Lockkeeper this is", ["version"], registry=registry)
    try:
        build.labels(version("lockkeeper")).set(1)
    except PackageNotFoundError:
        build.labels("0").set(1)  # run from the sources


class ProcessMetrics:
    """Hears when work begins; is told what to look at."""

    def __init__(self, registry: CollectorRegistry, clock: Clock) -> None:
        describe_process(registry)
        self._clock = clock
        self._started = clock.monotonic()
        self._worked = False
        self._read: set[ChainId] = set()
        self._database: Path | None = None
        self._stalled: Callable[[], Sequence[str]] | None = None
        self._chain = Gauge("lockkeeper_chain_info", "Names of chains", ["chain", "name"], registry=registry)
        self._bus = Gauge("lockkeeper_bus_connected", "1 while the broker is there", ["broker"], registry=registry)
        self._bytes = Gauge("lockkeeper_database_bytes", "Size of the database", ["database"], registry=registry)
        self._standstill = Gauge(
            "lockkeeper_stalled", "Chains and lanes that stand still, as /livez counts them", registry=registry
        )
        self._until_read = Gauge(
            "lockkeeper_start_to_read_seconds",
            "From the start until the chain was read to its head",
            ["chain"],
            registry=registry,
        )
        self._until_delivery = Gauge(
            "lockkeeper_start_to_delivery_seconds", "From the start to the first delivery, 0 before", registry=registry
        )

    def watch(self, names: Mapping[ChainId, str], database: Path | None, stalled: Callable[[], Sequence[str]]) -> None:
        """What to show: names of chains, the size of the database, what stands still."""
        self._database, self._stalled = database, stalled
        for chain, name in names.items():
            self._chain.labels(chain, name).set(1)

    def bus_connection(self, broker: str, trouble: str) -> None:
        """`trouble` is empty when the connection stands."""
        self._bus.labels(broker).set(not trouble)

    def refresh(self) -> None:
        if self._stalled is not None:
            self._standstill.set(len(self._stalled()))
        if self._database is not None:
            files = [self._database.with_name(self._database.name + end) for end in BESIDE]
            size = sum(file.stat().st_size for file in files if file.exists())
            self._bytes.labels(self._database.name).set(size)

    def heard(self, fact: Fact) -> None:
        match fact:
            case HeadReached(chain=chain) if chain not in self._read:
                self._read.add(chain)
                self._until_read.labels(chain).set(self._clock.monotonic() - self._started)
            case Delivered() if not self._worked:
                self._worked = True
                self._until_delivery.set(self._clock.monotonic() - self._started)
            case _:
                pass
