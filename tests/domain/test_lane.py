from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from light_clients.types import Height
from relayer.domain.facts import (
    BatchEnded,
    BatchPrepared,
    Deliver,
    DestinationReorged,
    Effect,
    Ending,
    Finalized,
    LaneContradicted,
    LaneFact,
    LaneResumed,
    Mark,
    Settled,
    SourceReorged,
    Submit,
    TxSent,
)
from relayer.domain.ids import Nonce
from relayer.domain.lane import PIPELINE_DEPTH, LaneState, transition, unmoved
from tests.makers import a_batch, a_call, a_hash, a_lane, delivered, messages_seen, sent_messages

LANE = a_lane()
LONGEST = 12
SENT = sent_messages(LANE, LONGEST)


def after(*facts: LaneFact, state: LaneState | None = None) -> LaneState:
    state = state or LaneState.new(LANE)
    for fact in facts:
        state, _ = transition(state, fact)
    return state


def prepared(first: int, last: int) -> BatchPrepared:
    return BatchPrepared(LANE, Nonce(first), Nonce(last), Height(9), 3, a_call())


def mark(nonce: int) -> Mark:
    if nonce == 0:
        return unmoved(LANE)
    return Mark(Nonce(nonce), SENT[nonce - 1].accumulator, Height(nonce))


nonces = st.integers(1, LONGEST)
ranges = st.tuples(nonces, nonces).map(sorted)
facts: st.SearchStrategy[LaneFact] = st.one_of(
    ranges.map(lambda r: messages_seen(LANE, r[1] - r[0] + 1, r[0])),
    nonces.map(lambda upto: Finalized(LANE, Nonce(upto))),
    ranges.map(lambda r: prepared(*r)),
    st.integers(1, 4).map(lambda number: TxSent(LANE, a_batch(number), a_hash(number), 1)),
    ranges.map(lambda r: delivered(LANE, r[0], r[1])),
    nonces.map(lambda upto: Settled(LANE, Nonce(upto))),
    st.integers(0, LONGEST).map(lambda nonce: SourceReorged(LANE, mark(nonce))),
    st.integers(0, LONGEST).map(lambda nonce: DestinationReorged(LANE, mark(nonce), Height(nonce))),
    st.builds(
        lambda number, ending: BatchEnded(LANE, a_batch(number), ending, None),
        st.integers(1, 4),
        st.sampled_from(Ending),
    ),
    st.just(LaneContradicted(LANE, "two histories")),
    st.just(LaneResumed(LANE)),
)
histories = st.lists(facts, max_size=30)


@given(histories, facts)
def test_a_repeated_fact_changes_nothing_and_calls_for_nothing(history: list[LaneFact], fact: LaneFact) -> None:
    once = after(*history, fact)

    assert transition(once, fact) == (once, ())


@given(histories)
def test_cursors_keep_their_order(history: list[LaneFact]) -> None:
    state = after(*history)

    assert 0 <= state.final <= state.seen.nonce
    assert 0 <= state.settled <= state.included.nonce <= state.submitted


@given(histories, facts)
def test_only_a_prepared_batch_is_submitted_and_it_starts_where_the_last_one_ends(
    history: list[LaneFact], fact: LaneFact
) -> None:
    before = after(*history)

    state, effects = transition(before, fact)

    submits = [effect for effect in effects if isinstance(effect, Submit)]
    if submits:
        assert isinstance(fact, BatchPrepared)
        assert submits[0].batch.first == before.submitted + 1
        assert submits[0].batch == state.in_flight[-1]


@given(histories, facts)
def test_whatever_becomes_due_is_called_for(history: list[LaneFact], fact: LaneFact) -> None:
    state, effects = transition(after(*history), fact)

    asked: tuple[Effect, ...] = (Deliver(LANE),)
    assert (effects[-1:] == asked) == (state.due and bool(effects))


@given(histories)
def test_no_two_batches_share_a_number(history: list[LaneFact]) -> None:
    state = after(*history)

    numbers = [batch.number for batch in state.in_flight]
    assert numbers == sorted(set(numbers))
    assert all(number <= state.batches for number in numbers)


def test_a_burst_is_one_step() -> None:
    state, effects = transition(LaneState.new(LANE), messages_seen(LANE, 5000))

    assert (state.seen.nonce, effects) == (5000, ())
    assert transition(state, Finalized(LANE, Nonce(5000)))[1] == (Deliver(LANE),)


def test_messages_after_a_hole_wait_until_the_hole_is_filled() -> None:
    state = after(messages_seen(LANE, 2), messages_seen(LANE, 3, first=4))

    assert state.seen.nonce == 2


def test_nothing_is_delivered_before_it_is_final() -> None:
    state = after(messages_seen(LANE, 3))

    assert not state.due


def test_the_next_batch_waits_until_the_last_has_reached_the_destinations_nodes() -> None:
    state = after(messages_seen(LANE, 3), Finalized(LANE, Nonce(3)), prepared(1, 1))

    sent = after(TxSent(LANE, state.in_flight[0], a_hash(), 1), state=state)

    assert not state.due
    assert sent.due


def test_no_more_batches_are_prepared_than_may_wait_for_their_first_block() -> None:
    state = after(messages_seen(LANE, LONGEST), Finalized(LANE, Nonce(LONGEST)))
    for number in range(1, PIPELINE_DEPTH + 1):
        state = after(prepared(number, number), TxSent(LANE, a_batch(number), a_hash(), 1), state=state)

    first_mined = after(delivered(LANE, 1, 1), state=state)

    assert not state.due
    assert first_mined.due


def test_a_batch_behind_a_dropped_one_does_not_count_as_submitted() -> None:
    state = after(messages_seen(LANE, 6), Finalized(LANE, Nonce(6)), prepared(1, 3), prepared(4, 6))

    state = after(BatchEnded(LANE, state.in_flight[0], Ending.DROPPED, None), state=state)

    assert state.submitted == 0


def test_a_batch_that_another_relayer_overtook_is_no_setback() -> None:
    state = after(messages_seen(LANE, 3), Finalized(LANE, Nonce(3)), prepared(1, 3), delivered(LANE, 1, 3))

    state = after(BatchEnded(LANE, state.in_flight[0], Ending.REVERTED, None), state=state)

    assert (state.setbacks, state.submitted) == (0, 3)


def test_what_the_destination_took_back_stays_submitted_while_its_transaction_lives() -> None:
    state = after(messages_seen(LANE, 3), Finalized(LANE, Nonce(3)), prepared(1, 3), delivered(LANE, 1, 3))

    state = after(DestinationReorged(LANE, unmoved(LANE), Height(1)), state=state)

    assert (state.included.nonce, state.submitted, state.due) == (0, 3, False)


def test_a_contradicted_lane_delivers_nothing_until_it_is_resumed() -> None:
    due = after(messages_seen(LANE, 3), Finalized(LANE, Nonce(3)))

    halted = after(LaneContradicted(LANE, "two histories"), state=due)

    assert (due.due, halted.due) == (True, False)
    assert after(LaneResumed(LANE), state=halted) == replace(due, halted="")
