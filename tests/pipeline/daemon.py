"""The daemon's whole pipeline on fake chains and the real store: started, killed and started again by the test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from light_clients.types import Address, ChainId, Height
from relayer.adapters.store.store import open_store
from relayer.domain.errors import Transient
from relayer.domain.ids import Lane
from relayer.domain.notices import Trust
from relayer.domain.rules import Rules
from relayer.pipeline.errands import Errands
from relayer.pipeline.prove import Verifiers
from relayer.pipeline.relay import ChainPorts, Formats, Memory, Relay
from relayer.ports import Proofs
from tests.fakes import FakeClock, FakeCodec, FakeSigner, RecordingListener, Watchful
from tests.makers import an_address
from tests.world import FakeChain, FakeHeaders, FakeNode, FakeTransactions, logged_word, proven_value

RELAYER = an_address(99)
CALM = 12
"""Turns of the event loop without a call to the world after which nobody has anything left to do."""


WRITES = {f"after {call}" for call in ("commit", "reserve", "attempt", "mined", "ended", "broadcast")}


class World:
    """Nodes, the lanes between them, and the calls that the daemon makes."""

    def __init__(self, path: Path, nodes: Sequence[FakeNode], lanes: Sequence[Lane]) -> None:
        self.url = f"sqlite+aiosqlite:///{path}/relayer.db"
        self.nodes = {node.id: node for node in nodes}
        self.lanes = lanes
        self.clock = FakeClock()
        self.chains = {node.id: FakeChain(node) for node in nodes}
        self.listener = RecordingListener()
        self.proofs: dict[ChainId, Proofs] = {}
        """How lanes from a chain are proven, where not by storage."""
        self.rules: dict[Lane, Rules] = {}
        self.writes = 0
        self.kill_at: int | None = None
        self.kill_after: str | None = None
        self.down: set[ChainId] = set()
        self.frozen = False
        """Whether light clients serve nothing any more."""
        self.killed = asyncio.Event()
        self.calls = [0]

    async def look(self, chain: ChainId | None, where: str) -> None:
        """After the k-th write nobody ever comes back: the process is as good as dead.

        Between two writes a kill leaves the same behind wherever it strikes, so that only writes count.
        """
        if where in WRITES:
            self.writes += 1
            if self.writes == self.kill_at or where == f"after {self.kill_after}":
                self.killed.set()
        if self.killed.is_set():
            await asyncio.get_running_loop().create_future()
        if chain in self.down:
            raise Transient("no endpoint answers")

    async def is_frozen(self, _client: Address) -> bool:
        return self.frozen

    async def trust(self, _client: Address) -> Trust:
        return Trust(Height(3), timestamp=1_700_000_000, period=600, frozen=self.frozen)

    def watchful(self, port: object, chain: ChainId | None = None) -> Any:
        return Watchful(port, lambda where: self.look(chain, where), self.calls)


def lane_between(source: FakeNode, destination: FakeNode) -> Lane:
    return Lane(source.id, source.gateway, destination.id, destination.gateway)


async def live(world: World, relays: list[Relay]) -> None:
    """One life of the daemon, until it is cancelled."""
    async with open_store(world.url) as store, asyncio.TaskGroup() as group:
        memory = Memory(world.watchful(store.journal), world.watchful(store.history), world.watchful(store.submissions))
        relay = Relay(
            chains={chain: _ports(world, chain) for chain in world.nodes},
            lanes=_headers(world),
            rules=world.rules,
            memory=memory,
            formats=Formats(FakeCodec(), FakeCodec(), FakeCodec()),
            clock=world.clock,
            listeners=(world.listener,),
            verifiers=Verifiers(proven_value, logged_word),
        )
        await relay.engine.load()
        relays.append(relay)
        group.create_task(relay.engine.run())
        for employed in relay.workers():
            group.create_task(relay.supervisor.supervise(employed.name, employed.worker, employed.lanes))


def _ports(world: World, chain: ChainId) -> ChainPorts:
    watchful = world.watchful(world.chains[chain], chain)
    watchful.heads = world.chains[chain].heads
    watchful.id = chain
    transactions = world.watchful(FakeTransactions(world.nodes[chain]), chain)
    proofs = world.proofs.get(chain, Proofs.STORAGE)
    errands = Errands(transactions, RELAYER)
    signer, start = FakeSigner(RELAYER), Height(0)
    return ChainPorts(watchful, transactions, signer, errands, world.is_frozen, start, proofs, trust=world.trust)


def _headers(world: World) -> Mapping[Lane, Any]:
    return {lane: FakeHeaders(world.nodes[lane.source]) for lane in world.lanes}


class Daemon:
    """Lives, is killed, lives again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lives = 0
        self.on_start: Callable[[World], None] = lambda _world: None
        self._relays: list[Relay] = []
        self._task: asyncio.Task[None] | None = None

    @property
    def relay(self) -> Relay:
        return self._relays[-1]

    async def start(self) -> None:
        self.lives += 1
        self.world.killed.clear()
        self.on_start(self.world)
        self._task = asyncio.get_running_loop().create_task(live(self.world, self._relays))
        while len(self._relays) < self.lives and not self._task.done() and not self.world.killed.is_set():  # noqa: ASYNC110 nobody tells
            await asyncio.sleep(0)
        await self.settle()

    async def kill(self) -> None:
        self.world.killed.set()
        await self._stop()

    async def settle(self, *, revive: bool = True) -> None:
        """Until nobody has anything left to do; started again if it was killed on the way."""
        calm, task = 0, cast("asyncio.Task[None]", self._task)
        while calm < CALM:
            if task.done():
                task.result()
            calm = 0 if self.world.calls[0] else calm + 1
            await asyncio.sleep(0)
            if self.world.killed.is_set() and not self.world.calls[0]:
                await self._stop()
                self.world.kill_at = self.world.kill_after = None  # unless the next life is to be cut short too
                if revive:
                    await self.start()
                return

    async def _stop(self) -> None:
        task = cast("asyncio.Task[None]", self._task)
        while self.world.calls[0]:  # noqa: ASYNC110 nobody tells
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        if len(self._relays) < self.lives:
            self._relays.append(self._relays[-1] if self._relays else cast("Relay", None))
