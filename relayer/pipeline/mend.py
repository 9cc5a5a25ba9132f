"""Hands failed messages over once more when their recipients would take them, and sends back those that are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Never

from light_clients.types import Hash32, Height
from relayer.domain.errors import Reverted
from relayer.domain.ids import Lane, Nonce, Seconds
from relayer.domain.rules import Failure, Mending, Remedy, remedy
from relayer.pipeline.engine import Engine
from relayer.ports import Clock, Errand, Gateway, History

LOOK_AFTER = 4
"""Blocks of the destination between two looks, in which a call must have arrived."""
PAGE = 100
"""Failures looked at in one go: whoever sends nothing but failures keeps nobody else's from their turn."""
PAUSED = "LaneIsPaused"
"""Says nothing about the recipient, so that it counts as no try."""
UNSAFE = "BounceUnsafe"
"""The recipient did what it was asked, it seems, and answered wrongly: only a retry can help the message."""
REMEMBERED = 10_000
"""Messages whose tries are counted."""


@dataclass(frozen=True, slots=True)
class _Tried:
    times: int
    again: Seconds
    """When the next try is due."""


class Mender:
    """Serves one lane. What has failed is read from the chain; only the patience with it is forgotten at a restart."""

    def __init__(
        self,
        lane: Lane,
        rules: Mending,
        *,
        engine: Engine,
        history: History,
        errand: Errand,
        gateway: Gateway,
        clock: Clock,
    ) -> None:
        self._lane = lane
        self._rules = rules
        self._engine = engine
        self._history = history
        self._errand = errand
        self._gateway = gateway
        self._clock = clock
        self._tried: dict[Hash32, _Tried] = {}
        self._standing: set[Hash32] = set()
        """What the gateway has refused to send back for ever."""
        self._after = Nonce(0)

    async def run(self) -> Never:
        height = Height(0)
        while True:
            await self._engine.until_read(self._lane.destination, height)
            state = self._engine.chain(self._lane.destination)
            assert state is not None
            await self.look(state.head.timestamp)
            height = Height(state.head.number + LOOK_AFTER)

    async def look(self, now: int) -> None:
        """Try what can be tried at this time, by the destination's clock, with the next page of failures."""
        failures = await self._history.failed(self._lane, self._after, PAGE)
        self._after = failures[-1].sent.nonce if len(failures) == PAGE else Nonce(0)
        for failure in failures:
            if self._engine.lane(self._lane).halted:
                return
            what = remedy(failure, now, stands=failure.sent.id in self._standing)
            if what is not None and self._is_due(failure, what):
                await self._try(failure, what)

    def _is_due(self, failure: Failure, what: Remedy) -> bool:
        tried = self._tried.get(failure.sent.id)
        if what is Remedy.RETRY and tried is not None and tried.times >= self._rules.attempts:
            return False
        wanted = self._rules.retry if what is Remedy.RETRY else self._rules.bounce
        return wanted and (tried is None or self._clock.monotonic() >= tried.again)

    async def _try(self, failure: Failure, what: Remedy) -> None:
        """The errand rehearses the call: what would fail again costs nothing."""
        sent, encode = failure.sent, self._gateway.encode_retry
        if what is Remedy.BOUNCE:
            encode = self._gateway.encode_bounce
        before = self._tried[sent.id].times if sent.id in self._tried else 0
        again = Seconds(self._clock.monotonic() + self._rules.backoff.delay(before + 1))
        self._remember(sent.id, _Tried(before + 1, again))
        try:
            await self._errand.send(self._lane.destination_gateway, encode(self._lane.source, sent.nonce, sent.message))
        except Reverted as refusal:
            # Not yet, or another relayer was faster: the next look will tell.
            if refusal.error.startswith(PAUSED):
                self._remember(sent.id, _Tried(before, again))
            elif refusal.error.startswith(UNSAFE) and len(self._standing) < REMEMBERED:
                self._standing.add(sent.id)

    def _remember(self, message: Hash32, tried: _Tried) -> None:
        self._tried[message] = tried
        while len(self._tried) > REMEMBERED:
            self._tried.pop(next(iter(self._tried)))
