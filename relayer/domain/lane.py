"""The life of a lane's messages: cursors on one number line, moved by facts.

    nonce   0 ────────▶ settled ──▶ included ──▶ submitted ──▶ final ──▶ seen

A fact moves a cursor; the distance between two cursors calls for an effect. Repeated facts change nothing, late facts
do nothing, and a burst of messages is one step. `included` alone may run ahead of `seen`: another relayer has
delivered what our view of the source does not show yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from light_clients.types import Height
from relayer.domain.delivery import Batch
from relayer.domain.facts import (
    BatchEnded,
    BatchPrepared,
    Deliver,
    Delivered,
    DestinationReorged,
    Effect,
    ExecutionReported,
    FeesPaid,
    Finalized,
    LaneContradicted,
    LaneFact,
    LaneResumed,
    Mark,
    MessagesSeen,
    Settled,
    SourceReorged,
    Submit,
    TxSent,
)
from relayer.domain.ids import Lane, Nonce
from relayer.domain.message import lane_id

PIPELINE_DEPTH = 4
"""Batches of one lane that may wait for their first block at a time."""


def unmoved(lane: Lane) -> Mark:
    """Where every cursor of a lane begins."""
    return Mark(Nonce(0), lane_id(lane), Height(0))


@dataclass(frozen=True, slots=True)
class LaneState:
    """All that decides what a lane needs next."""

    lane: Lane
    seen: Mark
    final: Nonce
    included: Mark
    settled: Nonce
    in_flight: tuple[Batch, ...] = ()
    """Batches whose transaction has not ended, by number."""
    batches: int = 0
    """How many batches there have been."""
    announced: int = 0
    """The newest batch whose transaction the destination's nodes have taken."""
    setbacks: int = 0
    """Batches that came to nothing since the destination last moved."""
    halted: str = ""
    """Why the lane has stopped; empty while it runs."""

    @classmethod
    def new(cls, lane: Lane) -> LaneState:
        """A lane of which nothing is known."""
        return cls(lane, seen=unmoved(lane), final=Nonce(0), included=unmoved(lane), settled=Nonce(0))

    @property
    def submitted(self) -> Nonce:
        """The newest message that is delivered, or will be once every transaction in flight succeeds."""
        reached = self.included.nonce
        for batch in self.in_flight:
            if batch.first <= reached + 1:
                reached = max(reached, batch.last)
        return reached

    @property
    def waiting(self) -> tuple[Batch, ...]:
        """The batches that wait for their first block."""
        return tuple(batch for batch in self.in_flight if batch.last > self.included.nonce)

    @property
    def due(self) -> bool:
        """Whether there is something to deliver, and leave to do so.

        A batch is tried on top of the one before it, so that one must have reached the destination's nodes.
        """
        if self.halted or self.final <= self.submitted or len(self.waiting) >= PIPELINE_DEPTH:
            return False
        return all(batch.number <= self.announced for batch in self.waiting)


def transition(lane: LaneState, fact: LaneFact) -> tuple[LaneState, tuple[Effect, ...]]:
    """The state after a fact, and what that state newly calls for."""
    after = _moved(lane, fact)
    if after == lane:
        return lane, ()
    effects: list[Effect] = []
    if isinstance(fact, BatchPrepared):
        effects.append(Submit(lane.lane, after.in_flight[-1], fact.call))
    if after.due:
        effects.append(Deliver(lane.lane))
    return after, tuple(effects)


def _moved(lane: LaneState, fact: LaneFact) -> LaneState:  # noqa: C901, PLR0911, PLR0912 one arm a fact
    match fact:
        case MessagesSeen():
            return _seen(lane, fact)
        case Finalized(upto=upto):
            return replace(lane, final=max(lane.final, min(upto, lane.seen.nonce)))
        case SourceReorged(standing=standing):
            return _source_reorged(lane, standing)
        case BatchPrepared():
            return _prepared(lane, fact)
        case BatchEnded():
            return _ended(lane, fact)
        case Delivered(last=last):
            if last <= lane.included.nonce:
                return lane
            return replace(lane, included=Mark(last, fact.accumulator, fact.at.block.number), setbacks=0)
        case Settled(upto=upto):
            return replace(lane, settled=max(lane.settled, min(upto, lane.included.nonce)))
        case DestinationReorged(standing=standing):
            if standing.nonce >= lane.included.nonce:
                return lane
            return replace(lane, included=standing, settled=min(lane.settled, standing.nonce))
        case LaneContradicted(reason=reason):
            return replace(lane, halted=lane.halted or reason)
        case LaneResumed():
            return replace(lane, halted="")
        case TxSent(batch=batch):
            return replace(lane, announced=max(lane.announced, batch.number))
        case ExecutionReported() | FeesPaid():
            return lane
        case _:
            assert_never(fact)


def _seen(lane: LaneState, fact: MessagesSeen) -> LaneState:
    """Never past a hole: messages that do not continue the line come again when the hole is filled."""
    fresh = [sent for sent in fact.messages if sent.nonce > lane.seen.nonce]
    if not fresh or fresh[0].nonce != lane.seen.nonce + 1:
        return lane
    newest = fresh[-1]
    return replace(lane, seen=Mark(newest.nonce, newest.accumulator, newest.at.block.number))


def _source_reorged(lane: LaneState, standing: Mark) -> LaneState:
    if standing.nonce >= lane.seen.nonce:
        return lane
    return replace(lane, seen=standing, final=min(lane.final, standing.nonce))


def _prepared(lane: LaneState, fact: BatchPrepared) -> LaneState:
    """A batch that no longer starts where the last one ends was overtaken while it was being prepared."""
    if fact.first != lane.submitted + 1 or fact.last < fact.first or lane.halted:
        return lane
    batch = Batch(lane.batches + 1, fact.first, fact.last, fact.height, fact.signed)
    return replace(lane, in_flight=(*lane.in_flight, batch), batches=batch.number)


def _ended(lane: LaneState, fact: BatchEnded) -> LaneState:
    left = tuple(batch for batch in lane.in_flight if batch.number != fact.batch.number)
    if len(left) == len(lane.in_flight):
        return lane
    came_to_nothing = fact.batch.last > lane.included.nonce
    return replace(lane, in_flight=left, setbacks=lane.setbacks + came_to_nothing)
