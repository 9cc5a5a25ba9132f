"""What is tried with messages that have failed, and how often."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from light_clients.types import Address
from relayer.adapters.store.store import open_store
from relayer.domain.backoff import Backoff
from relayer.domain.errors import Reverted
from relayer.domain.facts import Execution, ExecutionReported
from relayer.domain.ids import Nonce, Seconds
from relayer.domain.message import BOUNCE
from relayer.domain.rules import PATIENCE, Failure, Mending
from relayer.pipeline.engine import Engine
from relayer.pipeline.mend import PAGE, Mender
from tests.fakes import FakeClock, FakeCodec
from tests.makers import a_block, a_lane, a_tx, an_address, delivered, messages_seen, sent_messages
from tests.port_suites.store import LANE, learn

FIRST, NOW = 15.0, 1_700_000_100
RULES = Mending(attempts=3, backoff=Backoff(Seconds(FIRST), Seconds(3600.0)))


class Destination:
    """Takes errands, or refuses them as a gateway does while a recipient is unwilling."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.refused = 0
        self.unwilling = False
        self.paused = False
        self.unsafe = False
        """Whether the recipient has run to its end once, so that nothing may go back."""

    async def send(self, to: Address, data: bytes) -> None:
        assert to == LANE.destination_gateway
        if self.paused:
            raise Reverted("LaneIsPaused(31337)")
        if self.unwilling:
            self.refused += 1
            raise Reverted("RetryFailed(0x…)")
        call = pickle.loads(data)
        if self.unsafe and call[0] == "bounce":
            raise Reverted("BounceUnsafe(0x…)")
        self.calls.append(call)


class Failures:
    """The failures that a history tells of; pages as the store's do."""

    def __init__(self, *failures: Failure) -> None:
        self.all = list(failures)

    async def failed(self, _lane: object, after: int, limit: int) -> Sequence[Failure]:
        return [failure for failure in self.all if failure.sent.nonce > after][:limit]


def a_failure(nonce: int = 1, flags: int = 0, deadline: int = 0, since: int = NOW) -> Failure:
    sent = sent_messages(LANE, 1, first=nonce)[0]
    return Failure(replace(sent, message=replace(sent.message, flags=flags, deadline=deadline)), since)


@pytest.fixture
def there() -> Destination:
    return Destination()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def a_mender(there: Destination, clock: FakeClock, failures: Any, rules: Mending = RULES) -> Mender:
    engine = Engine(journal=None, listeners=(), lanes=(LANE,))  # type: ignore[arg-type] # nothing is committed here
    return Mender(LANE, rules, engine=engine, history=failures, errand=there, gateway=FakeCodec(), clock=clock)


async def test_a_failed_message_is_handed_over_again_once_its_recipient_would_take_it(
    there: Destination, clock: FakeClock
) -> None:
    failure = a_failure()
    mender = a_mender(there, clock, Failures(failure))
    there.unwilling = True
    await mender.look(NOW)

    there.unwilling = False
    clock.advance(FIRST)
    await mender.look(NOW)

    assert there.calls == [("retry", LANE.source, failure.sent.nonce, failure.sent.message)]


async def test_tries_are_bounded_and_further_and_further_apart(there: Destination, clock: FakeClock) -> None:
    mender = a_mender(there, clock, Failures(a_failure()))
    there.unwilling = True

    tried = []
    for second in range(0, 200, 5):
        before = there.refused
        await mender.look(NOW)
        tried += [second] * (there.refused - before)
        clock.advance(5)

    assert tried == [0, 15, 45]


async def test_what_is_due_goes_back_even_when_no_retry_is_left(there: Destination, clock: FakeClock) -> None:
    failure = a_failure(flags=BOUNCE)
    mender = a_mender(there, clock, Failures(failure))
    there.unwilling = True
    for _ in range(10):
        await mender.look(NOW)
        clock.advance(10_000)

    there.unwilling = False
    await mender.look(NOW + PATIENCE + 1)

    assert there.refused == RULES.attempts
    assert there.calls == [("bounce", LANE.source, failure.sent.nonce, failure.sent.message)]


async def test_a_paused_lane_uses_up_no_patience(there: Destination, clock: FakeClock) -> None:
    failure = a_failure()
    mender = a_mender(there, clock, Failures(failure))
    there.paused = True
    for _ in range(5 * RULES.attempts):
        await mender.look(NOW)
        clock.advance(10_000)

    there.paused = False
    await mender.look(NOW)

    assert there.calls == [("retry", LANE.source, failure.sent.nonce, failure.sent.message)]


async def test_what_may_not_go_back_is_retried_instead_while_its_deadline_lasts(
    there: Destination, clock: FakeClock
) -> None:
    without, late = a_failure(flags=BOUNCE), a_failure(2, flags=BOUNCE, deadline=NOW)
    mender = a_mender(there, clock, Failures(without, late))
    there.unsafe = True

    for _ in range(2):
        await mender.look(NOW + PATIENCE + 1)
        clock.advance(FIRST)

    assert there.calls == [("retry", LANE.source, without.sent.nonce, without.sent.message)]


async def test_what_has_no_way_back_is_left_alone_after_its_deadline(there: Destination, clock: FakeClock) -> None:
    mender = a_mender(there, clock, Failures(a_failure(deadline=NOW - 1)))

    await mender.look(NOW)

    assert (there.calls, there.refused) == ([], 0)


@pytest.mark.parametrize(("rules", "flags"), [(replace(RULES, retry=False), 0), (replace(RULES, bounce=False), BOUNCE)])
async def test_an_operator_may_leave_either_to_others(
    there: Destination, clock: FakeClock, rules: Mending, flags: int
) -> None:
    mender = a_mender(there, clock, Failures(a_failure(flags=flags, since=NOW - PATIENCE - 1)), rules)

    await mender.look(NOW)

    assert there.calls == []


async def test_a_flood_of_failures_keeps_no_other_from_its_turn(there: Destination, clock: FakeClock) -> None:
    hopeless = [a_failure(nonce, deadline=NOW - 1) for nonce in range(1, 2 * PAGE + 1)]
    last = a_failure(2 * PAGE + 1)
    mender = a_mender(there, clock, Failures(*hopeless, last))

    for _ in range(3):
        await mender.look(NOW)

    assert [nonce for _, _, nonce, _ in there.calls] == [last.sent.nonce]


async def test_the_store_tells_what_was_expressed(tmp_path: Path) -> None:
    async with open_store(f"sqlite+aiosqlite:///{tmp_path}/relayer.db") as store:
        await learn(store, messages_seen(LANE, 4))
        for nonce, execution in ((1, Execution.FAILED), (2, Execution.EXPRESSED), (4, Execution.EXPRESSED)):
            await learn(store, ExecutionReported(LANE, Nonce(nonce), execution, a_tx(), relayer=an_address(7)))

        assert await store.history.expressed(LANE, Nonce(1), Nonce(3)) == {2}
        assert await store.history.expressed(LANE, Nonce(1), Nonce(4)) == {2, 4}


async def test_the_store_tells_what_has_failed_until_it_is_mended(tmp_path: Path) -> None:
    at = a_tx(a_block(9))
    async with open_store(f"sqlite+aiosqlite:///{tmp_path}/relayer.db") as store:
        await learn(store, messages_seen(LANE, 4), delivered(LANE, 1, 4))
        for nonce in (1, 2, 3, 4):
            await learn(store, ExecutionReported(LANE, Nonce(nonce), Execution.FAILED, at))
        await learn(store, ExecutionReported(LANE, Nonce(1), Execution.RETRIED, at))
        await learn(store, ExecutionReported(LANE, Nonce(3), Execution.BOUNCED, at))

        found = await store.history.failed(LANE, Nonce(0), 10)
        later = await store.history.failed(LANE, Nonce(2), 10)
        of_another_lane = await store.history.failed(a_lane(5, 6), Nonce(0), 10)

    assert [failure.sent for failure in found] == [sent_messages(LANE, 4)[1], sent_messages(LANE, 4)[3]]
    assert {failure.since for failure in found} == {at.block.timestamp}
    assert [failure.sent.nonce for failure in later] == [4]
    assert of_another_lane == []
