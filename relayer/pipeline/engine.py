"""The one place where facts become state: transition, commit, wake, tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Never

from light_clients.types import ChainId, Height
from relayer.domain.facts import (
    ChainFact,
    ChainReorged,
    Deliver,
    Effect,
    ExecutionReported,
    Fact,
    FeesPaid,
    HeadReached,
    LaneContradicted,
    Submit,
    TxSent,
)
from relayer.domain.ids import BlockRef, Lane
from relayer.domain.lane import LaneState, transition
from relayer.domain.notices import LaneStands, Notice
from relayer.pipeline.wake import Wake
from relayer.ports import Change, Journal, Listener

QUEUE = 256
"""Workers that have more to tell wait for their turn."""


TOLD_ANYWAY = TxSent | ExecutionReported | FeesPaid
"""Facts that no cursor shows."""


@dataclass(frozen=True, slots=True)
class _Told:
    facts: tuple[Fact, ...]
    done: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far a chain has been read."""

    head: BlockRef
    final: Height
    reorgs: int = 0
    """How often this process has seen it go back."""


class Engine:
    """Takes facts from every worker, one step after the other, and commits each step before anyone acts on it."""

    def __init__(self, journal: Journal, listeners: Sequence[Listener], lanes: Iterable[Lane]) -> None:
        self._journal = journal
        self._listeners = listeners
        self._lanes = {lane: LaneState.new(lane) for lane in lanes}
        self._chains: dict[ChainId, ChainState] = {}
        self._told: asyncio.Queue[_Told] = asyncio.Queue(QUEUE)
        self._due: dict[Lane, Wake] = {lane: Wake() for lane in self._lanes}
        self._moved: dict[ChainId, Wake] = {}
        self._submit: dict[ChainId, Wake] = {}

    async def load(self) -> None:
        """Take up where the last process stopped; listeners hear of halted lanes, and the store of new ones, first."""
        known = {state.lane: state for state in await self._journal.lanes()}
        if new := tuple(state for lane, state in self._lanes.items() if lane not in known):
            await self._journal.commit(Change((), new, ()))
        self._lanes.update({lane: state for lane, state in known.items() if lane in self._lanes})
        halted = [state for state in self._lanes.values() if state.halted]
        self._tell([(LaneContradicted(state.lane, state.halted), state) for state in halted])

    async def run(self) -> Never:
        while True:
            told = [await self._told.get()]
            while not self._told.empty():
                told.append(self._told.get_nowait())
            await self._step([fact for each in told for fact in each.facts])
            for each in told:
                if not each.done.cancelled():
                    each.done.set_result(None)

    async def post(self, *facts: Fact) -> None:
        """Return once the facts and all they call for are committed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._told.put(_Told(facts, done))
        await done

    def lane(self, lane: Lane) -> LaneState:
        return self._lanes[lane]

    def lanes(self) -> Sequence[LaneState]:
        return tuple(self._lanes.values())

    def chain(self, chain: ChainId) -> ChainState | None:
        """None until the chain has been read for the first time since the start."""
        return self._chains.get(chain)

    async def until_due(self, lane: Lane) -> LaneState:
        """Wait until the lane has something to deliver."""
        while not self._lanes[lane].due:
            await self._due[lane].wait()
        return self._lanes[lane]

    async def until_read(self, chain: ChainId, height: Height) -> None:
        """Wait until the chain has been read up to this height."""
        while (state := self._chains.get(chain)) is None or state.head.number < height:
            await self.moved(chain).wait()

    def moved(self, chain: ChainId) -> Wake:
        """Rings whenever the chain has been read further."""
        return self._moved.setdefault(chain, Wake())

    def submit(self, chain: ChainId) -> Wake:
        """Rings whenever there is something to submit to this chain, or it has been read further."""
        return self._submit.setdefault(chain, Wake())

    async def _step(self, facts: Sequence[Fact]) -> None:
        lanes: dict[Lane, LaneState] = {}
        chains: dict[ChainId, ChainState] = {}
        effects: list[Effect] = []
        kept: list[Fact] = []
        heard: list[tuple[Fact, LaneState | None]] = []
        for fact in facts:
            if isinstance(fact, Notice):
                about = fact.lane if isinstance(fact, LaneStands) else None
                heard.append((fact, lanes.get(about, self._lanes[about]) if about else None))
                continue
            if isinstance(fact, ChainFact):
                chains[fact.chain] = self._chain_after(chains.get(fact.chain, self._chains.get(fact.chain)), fact)
                kept.append(fact)
                heard.append((fact, None))
                continue
            before = lanes.get(fact.lane, self._lanes[fact.lane])
            after, called_for = transition(before, fact)
            if after is before and not isinstance(fact, TOLD_ANYWAY):
                continue
            kept.append(fact)
            heard.append((fact, after))
            if after is not before:
                lanes[fact.lane] = after
            effects += called_for
        if lanes or any(not isinstance(fact, TxSent) for fact in kept):
            await self._journal.commit(Change(kept, tuple(lanes.values()), effects))
        self._lanes.update(lanes)
        self._chains.update(chains)
        self._wake(effects, chains)
        self._tell(heard)

    def _chain_after(self, before: ChainState | None, fact: ChainFact) -> ChainState:
        reorgs = before.reorgs if before else 0
        match fact:
            case HeadReached():
                return ChainState(fact.head, fact.final, reorgs)
            case ChainReorged():
                final = min(before.final, fact.ancestor.number) if before else Height(0)
                return ChainState(fact.ancestor, final, reorgs + 1)

    def _wake(self, effects: Sequence[Effect], chains: Iterable[ChainId]) -> None:
        for effect in effects:
            match effect:
                case Deliver(lane=lane):
                    self._due[lane].ring()
                case Submit(lane=lane):
                    self.submit(lane.destination).ring()
        for chain in chains:
            self.moved(chain).ring()
            self.submit(chain).ring()

    def _tell(self, heard: Sequence[tuple[Fact, LaneState | None]]) -> None:
        for fact, lane in heard:
            for listener in self._listeners:
                listener.heard(fact, lane)
