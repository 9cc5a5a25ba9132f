"""The workers of a daemon: one watcher and one submitter a chain, one deliverer a lane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from light_clients.types import ChainId, Height
from relayer.domain.ids import Lane
from relayer.domain.rules import Rules
from relayer.pipeline.claim import Books, Claimer, Earnings
from relayer.pipeline.deliver import Deliverer, Destination
from relayer.pipeline.engine import Engine
from relayer.pipeline.errands import Errands
from relayer.pipeline.frost import FrostWatch, IsFrozen
from relayer.pipeline.guard import Guard
from relayer.pipeline.mend import Mender
from relayer.pipeline.prove import VERIFIERS, Prover, Verifiers
from relayer.pipeline.reading import Watched
from relayer.pipeline.standing import LaneStanding
from relayer.pipeline.submit import Account, Submitter
from relayer.pipeline.supervise import Supervisor, Worker
from relayer.pipeline.trust import ReadTrust, TrustWatch
from relayer.pipeline.upkeep import Upkeep
from relayer.pipeline.watch import Watcher
from relayer.ports import (
    Chain,
    Clock,
    Gateway,
    Headers,
    History,
    Journal,
    LightClients,
    Listener,
    Proofs,
    Signer,
    Submissions,
    TransactionCodec,
    Transactions,
)


@dataclass(frozen=True, slots=True)
class ChainPorts:
    """Everything about one chain."""

    chain: Chain
    transactions: Transactions
    signer: Signer
    errands: Errands
    is_frozen: IsFrozen
    start: Height
    """The block that the gateway was deployed in, or an earlier one."""
    proofs: Proofs = Proofs.STORAGE
    books: Books | None = None
    """None: nothing is claimed here or for deliveries here."""
    trust: ReadTrust | None = None
    """None: nobody is told what the light clients here believe."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that survives the process."""

    journal: Journal
    history: History
    submissions: Submissions


@dataclass(frozen=True, slots=True)
class Formats:
    """How calls and transactions are written."""

    gateway: Gateway
    light_clients: LightClients
    codec: TransactionCodec


@dataclass(frozen=True, slots=True)
class Employed:
    """A worker with its name, and the lanes that stop when it does."""

    name: str
    worker: Worker
    lanes: Sequence[Lane]


@dataclass(frozen=True, slots=True)
class Nested:
    """A light client that others build on, whether or not it has a lane of its own."""

    source: ChainId
    destination: ChainId
    """Where it stands."""
    headers: Headers


class Relay:
    """Assembles the pipeline from its ports; whoever runs it brings the task group."""

    def __init__(
        self,
        *,
        chains: Mapping[ChainId, ChainPorts],
        lanes: Mapping[Lane, Headers],
        nested: Sequence[Nested] = (),
        rules: Mapping[Lane, Rules] | None = None,
        memory: Memory,
        formats: Formats,
        clock: Clock,
        listeners: Sequence[Listener],
        verifiers: Verifiers = VERIFIERS,
    ) -> None:
        self._chains = chains
        self._lanes = lanes
        self._nested = tuple(nested)
        self._rules = rules or {}
        self._memory = memory
        self._formats = formats
        self._clock = clock
        self._verifiers = verifiers
        self.engine = Engine(memory.journal, listeners, lanes)
        self.supervisor = Supervisor(self.engine, clock, listeners)

    def workers(self) -> Iterator[Employed]:
        """All but the engine, which none of them can do without."""
        for chain, ports in self._chains.items():
            outbound = tuple(lane for lane in self._lanes if lane.source == chain)
            inbound = tuple(lane for lane in self._lanes if lane.destination == chain)
            watched = Watched(ports.chain, ports.start, outbound, inbound)
            watcher = Watcher(watched, self.engine, self._memory.journal, self._memory.history)
            yield Employed(f"watch {chain}", watcher, outbound + inbound)
            account = Account(chain, ports.transactions, ports.signer, self._formats.codec)
            ports.errands.attach(self.engine.submit(chain).ring)
            submitter = Submitter(account, self.engine, self._memory.submissions, ports.errands)
            yield Employed(f"submit {chain}", submitter, inbound)
        for lane, headers in self._lanes.items():
            yield Employed(f"deliver {lane}", self._deliverer(lane, headers), (lane,))
            yield Employed(f"mend {lane}", self._mender(lane), ())
            yield Employed(f"standing {lane}", LaneStanding(lane, self.engine, self._memory.history), ())
            yield from self._claimers(lane)
            yield from self._keepers(lane.source, lane.destination, headers, str(lane), (lane,))
            is_frozen = self._chains[lane.destination].is_frozen
            frost = FrostWatch(lane.destination, headers.client, self.engine, is_frozen)
            yield Employed(f"frost {lane}", frost, (lane,))
        for nested in self._nested:
            name = f"{nested.source}-{nested.destination} of others"
            yield from self._keepers(nested.source, nested.destination, nested.headers, name, ())

    def _keepers(
        self, source: ChainId, destination: ChainId, headers: Headers, name: str, lanes: Sequence[Lane]
    ) -> Iterator[Employed]:
        """Whoever keeps one light client honest, and alive."""
        errand, light_clients = self._chains[destination].errands, self._formats.light_clients
        engine = self.engine
        guard = Guard(source, destination, headers=headers, engine=engine, errand=errand, light_clients=light_clients)
        yield Employed(f"guard {name}", guard, lanes)
        upkeep = Upkeep(destination, headers=headers, engine=engine, errand=errand, light_clients=light_clients)
        yield Employed(f"upkeep {name}", upkeep, lanes)
        if (read := self._chains[destination].trust) is not None:
            watch = TrustWatch(source, destination, client=headers.client, engine=engine, read=read)
            yield Employed(f"trust {name}", watch, ())

    def _mender(self, lane: Lane) -> Mender:
        return Mender(
            lane,
            self._rules_of(lane).mending,
            engine=self.engine,
            history=self._memory.history,
            errand=self._chains[lane.destination].errands,
            gateway=self._formats.gateway,
            clock=self._clock,
        )

    def _claimers(self, lane: Lane) -> Iterator[Employed]:
        """Whoever claims what is earned on this lane, where headers of its destination reach its source."""
        above = self._rules_of(lane).claim_above
        back = self._lanes.get(Lane(lane.destination, lane.destination_gateway, lane.source, lane.source_gateway))
        source, destination = self._chains[lane.source], self._chains[lane.destination]
        if above is None or back is None or source.books is None or destination.books is None:
            return
        relayer = destination.signer.address
        earnings = Earnings(lane, relayer, source=source.books, destination=destination.books, back=back)
        claimer = Claimer(
            earnings,
            above,
            engine=self.engine,
            errand=source.errands,
            gateway=self._formats.gateway,
            light_clients=self._formats.light_clients,
        )
        yield Employed(f"claim {lane}", claimer, ())

    def _rules_of(self, lane: Lane) -> Rules:
        return self._rules.get(lane, Rules())

    def _deliverer(self, lane: Lane, headers: Headers) -> Deliverer:
        source, target = self._chains[lane.source], self._chains[lane.destination]
        prover = Prover(
            lane,
            source=source.chain,
            headers=headers,
            engine=self.engine,
            history=self._memory.history,
            proofs=source.proofs,
            verifiers=self._verifiers,
        )
        return Deliverer(
            lane,
            destination=Destination(target.transactions, self._formats.gateway, target.signer.address),
            prover=prover,
            engine=self.engine,
            history=self._memory.history,
            clock=self._clock,
            profit=self._rules_of(lane).profit,
        )
