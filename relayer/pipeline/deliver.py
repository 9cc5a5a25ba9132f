"""Packs what is due on one lane into deliveries: proven, fitted into a transaction, tried on the destination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Never

from light_clients.types import Address, Hash32
from relayer.domain.backoff import REFUSED
from relayer.domain.batching import Room, gas_limit, how_many, worst_case
from relayer.domain.delivery import Delivery
from relayer.domain.errors import Reverted, Transient
from relayer.domain.events import MessageSent
from relayer.domain.facts import BatchPrepared
from relayer.domain.ids import Gas, Lane, Nonce, Seconds
from relayer.domain.lane import LaneState
from relayer.domain.rules import Profit
from relayer.domain.transactions import Call
from relayer.pipeline.engine import Engine
from relayer.pipeline.prove import Proven, Prover
from relayer.ports import Clock, Gateway, History, Transactions

OVERTAKEN = frozenset({"MessagesSkipped", "AccumulatorMismatch"})
"""The destination is not where we think it is; the watcher will tell."""
OUTDATED = frozenset({"HeaderTooOld", "HeaderUnknown"})
"""The evidence has been waiting for too long."""


EVERYTHING = Profit()
RECONSIDER = Seconds(2.0)
"""Between two looks at whether messages have become worth delivering."""


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A delivery that fits into a transaction."""

    call: Call
    expected: Gas
    """What it takes, as far as anybody knows."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the deliveries of a lane go, and who sends them."""

    transactions: Transactions
    gateway: Gateway
    sender: Address


class Deliverer:
    """Serves one lane. The next batch is prepared while earlier ones wait for their block."""

    def __init__(
        self,
        lane: Lane,
        *,
        destination: Destination,
        prover: Prover,
        engine: Engine,
        history: History,
        clock: Clock,
        profit: Profit = EVERYTHING,
    ) -> None:
        self._lane = lane
        self._destination = destination
        self._prover = prover
        self._engine = engine
        self._history = history
        self._clock = clock
        self._profit = profit

    async def run(self) -> Never:
        self._prover.forget()
        fees = await self._destination.transactions.fees()
        room = Room.in_block(fees.block_gas)
        while True:
            state = await self._engine.until_due(self._lane)
            if state.setbacks > 1:
                self._prover.forget()
                await self._clock.sleep(REFUSED.delay(state.setbacks - 1))
            await self._deliver(Nonce(state.submitted + 1), room)

    async def _deliver(self, first: Nonce, room: Room) -> None:
        proven = await self._prover.prove(first)
        state = self._engine.lane(self._lane)
        if state.submitted + 1 != first or not state.due:
            return  # while the proof was made the lane has moved
        leaves = await self._history.leaves(self._lane, first, proven.end.nonce)
        evidence = len(proven.header.update) + len(proven.proof)
        count = how_many([sent.message for sent in proven.messages], room, evidence, len(leaves))
        while True:
            messages = proven.messages[:count]
            fitted = await self._fitted(proven, messages, leaves[count:], room, state)
            if fitted is not None:
                break
            count = -(-count // 2)
        if not await self._worth(messages, fitted):
            self._prover.forget()  # what is sent meanwhile is to be proven with them
            await self._clock.sleep(RECONSIDER)
            return
        header = proven.header
        await self._engine.post(
            BatchPrepared(self._lane, first, messages[-1].nonce, header.header.height, header.signed, fitted.call)
        )

    async def _fitted(
        self, proven: Proven, sent: Sequence[MessageSent], tail: Sequence[Hash32], room: Room, state: LaneState
    ) -> _Fitted | None:
        """The call with as much gas as it needs; None when fewer messages must do."""
        header = proven.header
        messages = tuple(each.message for each in sent)
        delivery = Delivery(
            self._lane.source,
            header.header.height,
            sent[0].nonce,
            header.update,
            proven.proof,
            messages,
            tuple(tail),
        )
        data = self._destination.gateway.encode_delivery(delivery)
        call = Call(self._lane.destination_gateway, data, room.gas)
        estimate = await self._estimate(call, state)
        worst = worst_case(messages, len(header.update) + len(proven.proof), len(tail))
        gas = gas_limit(messages, estimate, worst, room, state.setbacks)
        return None if gas is None else _Fitted(Call(call.to, data, gas), estimate or gas)

    async def _worth(self, sent: Sequence[MessageSent], fitted: _Fitted) -> bool:
        """Whether the operator's rule has them delivered now; more may come that pay for the gas together."""
        if self._profit.factor == 0:
            return True
        fees = await self._destination.transactions.fees()
        age = self._clock.now() - sent[0].at.block.timestamp
        ahead = await self._history.expressed(self._lane, sent[0].nonce, sent[-1].nonce)
        ours = (each.message for each in sent if each.nonce not in ahead)  # others have earned the rest
        return self._profit.worth(ours, fitted.expected, fees, age)

    async def _estimate(self, call: Call, state: LaneState) -> Gas | None:
        """What the call takes on top of all that is pending; None where the node does not see our earlier batch.

        This is also the rehearsal: a delivery that would revert is not paid for.
        """
        try:
            return await self._destination.transactions.estimate(self._destination.sender, call)
        except Reverted as error:
            name = error.error.partition("(")[0]
            if name == "MessagesSkipped" and state.waiting:
                return None
            self._prover.forget()
            if name in OVERTAKEN | OUTDATED:
                raise Transient(f"lane {self._lane}: {error}") from error
            raise
