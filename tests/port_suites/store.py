"""What every store promises: run on each by `tests/adapters/store`."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from light_clients.types import ChainId, Height
from relayer.domain.facts import (
    BatchEnded,
    BatchPrepared,
    ChainReorged,
    DestinationReorged,
    Ending,
    Fact,
    Finalized,
    HeadReached,
    LaneFact,
    Mark,
    SourceReorged,
    Submit,
)
from relayer.domain.ids import Gas, Nonce, Wei
from relayer.domain.lane import LaneState, transition, unmoved
from relayer.domain.submission import Attempt, Submission
from relayer.domain.transactions import Price, Receipt, Transaction
from relayer.ports import Change, History, Journal, Submissions
from tests.makers import a_block, a_call, a_hash, a_lane, an_address, delivered, messages_seen, sent_messages

LANE = a_lane()
ACCOUNT = an_address(99)
PRICE = Price(Wei(20), Wei(1))


class Remembers(Protocol):
    @property
    def journal(self) -> Journal: ...
    @property
    def history(self) -> History: ...
    @property
    def submissions(self) -> Submissions: ...


async def learn(store: Remembers, *facts: Fact) -> LaneState:
    """What the engine does with facts."""
    state = next((lane for lane in await store.journal.lanes() if lane.lane == LANE), LaneState.new(LANE))
    for fact in facts:
        if isinstance(fact, LaneFact):
            state, effects = transition(state, fact)
            await store.journal.commit(Change((fact,), (state,), effects))
        else:
            await store.journal.commit(Change((fact,), (), ()))
    return state


def prepared(first: int, last: int) -> BatchPrepared:
    return BatchPrepared(LANE, Nonce(first), Nonce(last), Height(9), 3, a_call())


def a_submission(effect: Submit, nonce: int = 0, attempts: int = 1) -> Submission:
    transaction = Transaction(LANE.destination, nonce, PRICE, effect.call)
    signed = tuple(an_attempt(nonce, number) for number in range(attempts))
    return Submission(ACCOUNT, transaction, signed, effect.lane, effect.batch)


def an_attempt(nonce: int = 0, number: int = 0) -> Attempt:
    return Attempt(a_hash(("raw", nonce, number)), b"raw %d %d" % (nonce, number), PRICE, Height(7))


class StoreSuite:
    """Subclasses bring the fixture `store`."""

    async def test_a_lane_is_found_again_as_it_was_left(self, store: Remembers) -> None:
        state = await learn(store, messages_seen(LANE, 5), Finalized(LANE, Nonce(5)), prepared(1, 3), prepared(4, 5))

        assert await store.journal.lanes() == [state]

    async def test_messages_come_back_as_they_were_seen(self, store: Remembers) -> None:
        await learn(store, messages_seen(LANE, 5))

        assert list(await store.history.messages(LANE, Nonce(2), 3)) == list(sent_messages(LANE, 3, first=2))
        assert list(await store.history.leaves(LANE, Nonce(4), Nonce(9))) == [
            sent.id for sent in sent_messages(LANE, 2, first=4)
        ]

    async def test_nothing_is_known_of_a_lane_that_was_never_spoken_of(self, store: Remembers) -> None:
        assert list(await store.history.messages(LANE, Nonce(1), 10)) == []
        assert await store.history.sent_at(LANE, Height(10)) == unmoved(LANE)
        assert await store.history.mark(LANE, Nonce(1)) is None

    async def test_a_height_tells_what_had_been_sent_by_then(self, store: Remembers) -> None:
        await learn(store, messages_seen(LANE, 5))

        third = sent_messages(LANE, 3)[-1]
        assert await store.history.sent_at(LANE, Height(3)) == Mark(Nonce(3), third.accumulator, Height(3))
        assert (await store.history.sent_at(LANE, Height(99))).nonce == 5

    async def test_what_the_source_took_back_is_forgotten(self, store: Remembers) -> None:
        await learn(store, messages_seen(LANE, 5), SourceReorged(LANE, unmoved(LANE)))

        assert list(await store.history.messages(LANE, Nonce(1), 9)) == []

    async def test_what_the_destination_took_back_is_forgotten(self, store: Remembers) -> None:
        first, second = delivered(LANE, 1, 2), delivered(LANE, 3, 5)
        await learn(store, messages_seen(LANE, 5), first, second)
        standing = await store.history.delivered_at(LANE, Height(4))

        await learn(store, DestinationReorged(LANE, standing, Height(4)))

        assert standing == Mark(Nonce(2), first.accumulator, Height(2))
        assert await store.history.delivered_at(LANE, Height(9)) == standing

    async def test_blocks_are_remembered_newest_first_until_they_are_taken_back(self, store: Remembers) -> None:
        chain = LANE.source
        await learn(store, *(HeadReached(chain, a_block(number), Height(1)) for number in (1, 2, 3)))

        await learn(store, ChainReorged(chain, a_block(2)))

        assert list(await store.journal.blocks(chain)) == [a_block(2), a_block(1)]
        assert list(await store.journal.blocks(ChainId(1))) == []

    async def test_an_effect_waits_until_its_transaction_is_stored(self, store: Remembers) -> None:
        await learn(store, messages_seen(LANE, 5), prepared(1, 3), prepared(4, 5))
        waiting = await store.submissions.waiting(LANE.destination)

        await store.submissions.reserve(a_submission(waiting[0]))

        assert [effect.batch.first for effect in waiting] == [1, 4]
        assert list(await store.submissions.waiting(LANE.destination)) == [waiting[1]]
        assert list(await store.submissions.waiting(LANE.source)) == []

    async def test_a_submission_comes_back_with_every_attempt_and_its_receipt(self, store: Remembers) -> None:
        await learn(store, messages_seen(LANE, 5), prepared(1, 3))
        submission = a_submission((await store.submissions.waiting(LANE.destination))[0])
        receipt = Receipt(submission.newest.hash, a_block(8), succeeded=True, gas_used=Gas(77))

        await store.submissions.reserve(submission)
        await store.submissions.attempt(submission, an_attempt(number=1))
        await store.submissions.mined(submission, receipt)

        attempts = (an_attempt(), an_attempt(number=1))
        expected = replace(submission, attempts=attempts, receipt=receipt)
        assert list(await store.submissions.live(LANE.destination, ACCOUNT)) == [expected]

    async def test_a_receipt_can_be_taken_back(self, store: Remembers) -> None:
        await learn(store, messages_seen(LANE, 5), prepared(1, 3))
        submission = a_submission((await store.submissions.waiting(LANE.destination))[0])
        receipt = Receipt(submission.newest.hash, a_block(8), succeeded=True, gas_used=Gas(77))
        await store.submissions.reserve(submission)
        await store.submissions.mined(submission, receipt)

        await store.submissions.mined(submission, None)

        assert list(await store.submissions.live(LANE.destination, ACCOUNT)) == [submission]

    async def test_a_submission_ends_with_its_batch_and_frees_its_nonce(self, store: Remembers) -> None:
        state = await learn(store, messages_seen(LANE, 5), prepared(1, 3))
        submission = a_submission((await store.submissions.waiting(LANE.destination))[0])
        await store.submissions.reserve(submission)

        state = await learn(store, BatchEnded(LANE, state.in_flight[0], Ending.DROPPED, None, "lost"))
        await learn(store, prepared(1, 3))
        await store.submissions.reserve(a_submission((await store.submissions.waiting(LANE.destination))[0]))

        assert len(await store.submissions.live(LANE.destination, ACCOUNT)) == 1

    async def test_an_empty_transaction_that_filled_a_gap_ends_by_itself(self, store: Remembers) -> None:
        empty = Submission(ACCOUNT, Transaction(LANE.destination, 3, PRICE, a_call(b"")), (an_attempt(),), None, None)
        await store.submissions.reserve(empty)
        lived = await store.submissions.live(LANE.destination, ACCOUNT)

        await store.submissions.ended(empty)

        assert list(lived) == [empty]
        assert list(await store.submissions.live(LANE.destination, ACCOUNT)) == []

    async def test_repeated_facts_are_kept_once(self, store: Remembers) -> None:
        seen, moved = messages_seen(LANE, 3), delivered(LANE, 1, 2)
        for fact in (seen, seen, moved, moved):
            await store.journal.commit(Change((fact,), (), ()))

        assert len(await store.history.messages(LANE, Nonce(1), 9)) == 3

    async def test_extreme_numbers_survive(self, store: Remembers) -> None:
        sent = sent_messages(LANE, 1)[0]
        message = replace(sent.message, fee=2**128 - 1, deadline=2**64 - 1, gas_limit=2**32 - 1, flags=255, payload=b"")
        sent = replace(sent, message=message)

        await store.journal.commit(Change((replace(messages_seen(LANE, 1), messages=(sent,)),), (), ()))

        assert list(await store.history.messages(LANE, Nonce(1), 1)) == [sent]
