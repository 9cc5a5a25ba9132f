"""From the events of some blocks to facts about lanes: nothing missing, nothing invented, nothing contradicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from light_clients.types import Height
from relayer.domain.errors import Transient
from relayer.domain.events import (
    BatchDelivered,
    BouncesPaid,
    FeePayment,
    FeesClaimed,
    GatewayEvent,
    MessageBounced,
    MessageExpired,
    MessageExpressed,
    MessageFailed,
    MessageOutcome,
    MessageRetried,
    MessageSent,
)
from relayer.domain.facts import (
    Delivered,
    Execution,
    ExecutionReported,
    Fact,
    FeesPaid,
    Finalized,
    LaneContradicted,
    Mark,
    MessagesSeen,
    Payment,
    Settled,
)
from relayer.domain.ids import BlockRef, Lane, Nonce
from relayer.domain.message import fold
from relayer.pipeline.engine import Engine
from relayer.ports import Chain, History


@dataclass(frozen=True, slots=True)
class Watched:
    """One chain with the lanes that begin or end there."""

    chain: Chain
    start: Height
    """The block that the gateway was deployed in, or an earlier one."""
    outbound: tuple[Lane, ...]
    inbound: tuple[Lane, ...]


class Hole(Transient):
    """A log was left out, here or in what was read before."""

    def __init__(self, lane: Lane, missing: str, since: Height) -> None:
        super().__init__(f"lane {lane}: the log of {missing} is missing")
        self.since = since
        """The block of the log before it: what is missing stands there or later."""


class Reading:
    """The facts of one range of blocks."""

    def __init__(self, watched: Watched, engine: Engine, history: History) -> None:
        self._engine = engine
        self._history = history
        self._sent: dict[Lane, list[MessageSent]] = {lane: [] for lane in watched.outbound}
        self._seen: dict[Lane, Mark] = {lane: engine.lane(lane).seen for lane in watched.outbound}
        self._outbound: dict[int, Lane] = {lane.destination: lane for lane in watched.outbound}
        self._inbound: dict[int, Lane] = {lane.source: lane for lane in watched.inbound}
        self._delivered: dict[Lane, Mark] = {lane: engine.lane(lane).included for lane in watched.inbound}
        self._facts: list[Fact] = []

    async def take(self, events: Sequence[GatewayEvent], end: BlockRef) -> None:
        """Read events in order. Raises `Transient` where one is missing or does not fit."""
        for event in events:
            if event.at.block.number == end.number and event.at.block.hash != end.hash:
                raise Transient(f"block {end.number} was replaced while it was read")
            match event:
                case MessageSent():
                    self._take_sent(event)
                case BatchDelivered():
                    await self._take_delivered(event)
                case FeesClaimed() | BouncesPaid():
                    self._take_payment(event)
                case _:
                    self._take_outcome(event)

    async def facts(self, final: Height) -> Sequence[Fact]:
        """All that was read, and what has become final with it."""
        facts: list[Fact] = []
        for lane, sent in self._sent.items():
            if sent:
                facts.append(MessagesSeen(lane, tuple(sent)))
            if self._engine.lane(lane).final < self._seen[lane].nonce:
                facts.append(Finalized(lane, await self._sent_by(lane, final)))
        facts += self._facts
        for lane, mark in self._delivered.items():
            if self._engine.lane(lane).settled < mark.nonce:
                facts.append(Settled(lane, await self._delivered_by(lane, final)))
        return facts

    def _take_sent(self, event: MessageSent) -> None:
        seen = self._seen.get(event.lane)
        if seen is None or event.nonce <= seen.nonce:
            return
        if event.nonce != seen.nonce + 1:
            raise Hole(event.lane, f"message {seen.nonce + 1}", seen.height)
        if fold(seen.accumulator, event.id) != event.accumulator:
            raise Transient(f"lane {event.lane}: message {event.nonce} does not lead to its accumulator")
        included = self._engine.lane(event.lane).included
        if event.nonce == included.nonce and event.accumulator != included.accumulator:
            reason = f"message {event.nonce} was delivered, and the source now has another in its place"
            self._facts.append(LaneContradicted(event.lane, reason))
        self._sent[event.lane].append(event)
        self._seen[event.lane] = Mark(event.nonce, event.accumulator, event.at.block.number)

    async def _take_delivered(self, event: BatchDelivered) -> None:
        lane = self._inbound.get(event.source)
        if lane is None or event.last <= self._delivered[lane].nonce:
            return
        if event.first > self._delivered[lane].nonce + 1:
            told = self._delivered[lane]
            raise Hole(lane, f"the delivery of message {told.nonce + 1}", told.height)
        ours = await self._history.mark(lane, event.last)
        if ours is not None and ours.accumulator != event.accumulator:
            reason = f"the destination holds another history up to message {event.last} than the source"
            self._facts.append(LaneContradicted(lane, reason))
        self._facts.append(Delivered(lane, event.first, event.last, event.accumulator, event.relayer, event.at))
        self._delivered[lane] = Mark(event.last, event.accumulator, event.at.block.number)

    def _take_outcome(self, event: MessageOutcome) -> None:
        lane = self._inbound.get(event.source)
        if lane is None:
            return
        match event:
            case MessageFailed():
                fact = ExecutionReported(lane, event.nonce, Execution.FAILED, event.at)
            case MessageRetried():
                fact = ExecutionReported(lane, event.nonce, Execution.RETRIED, event.at)
            case MessageBounced(back=back):
                fact = ExecutionReported(lane, event.nonce, Execution.BOUNCED, event.at, back=back)
            case MessageExpired():
                fact = ExecutionReported(lane, event.nonce, Execution.EXPIRED, event.at)
            case MessageExpressed(relayer=relayer):
                fact = ExecutionReported(lane, event.nonce, Execution.EXPRESSED, event.at, relayer=relayer)
            case _:
                assert_never(event)
        self._facts.append(fact)

    def _take_payment(self, event: FeePayment) -> None:
        lane = self._outbound.get(event.destination)
        if lane is not None:
            payment = Payment.CLAIMED if isinstance(event, FeesClaimed) else Payment.RETURNS
            self._facts.append(FeesPaid(lane, payment, event.relayer, event.amount, event.at))

    async def _sent_by(self, lane: Lane, height: Height) -> Nonce:
        for sent in reversed(self._sent[lane]):
            if sent.at.block.number <= height:
                return sent.nonce
        return (await self._history.sent_at(lane, height)).nonce

    async def _delivered_by(self, lane: Lane, height: Height) -> Nonce:
        if self._delivered[lane].height <= height:
            return self._delivered[lane].nonce
        fresh = [fact for fact in self._facts if isinstance(fact, Delivered) and fact.lane == lane]
        reached = [fact.last for fact in fresh if fact.at.block.number <= height]
        return reached[-1] if reached else (await self._history.delivered_at(lane, height)).nonce
