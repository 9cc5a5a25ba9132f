from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relayer.domain.backoff import Backoff
from relayer.domain.fees import CEILING, bumped, market
from relayer.domain.ids import Seconds, Wei
from relayer.domain.nonces import gaps, next_nonce
from relayer.domain.transactions import Fees, Price

wei = st.integers(0, 10**12).map(Wei)
fees = st.builds(Fees, wei, wei)


@given(st.integers(0, 20), st.sets(st.integers(0, 40)))
def test_a_new_nonce_is_free_and_leaves_no_gap_below(mined: int, live: set[int]) -> None:
    nonce = next_nonce(mined, live)

    assert nonce >= mined
    assert nonce not in live
    assert not [gap for gap in gaps(mined, live) if gap < nonce]


@given(st.integers(0, 20), st.sets(st.integers(0, 40)))
def test_reserving_as_many_nonces_as_there_are_gaps_fills_them_all(mined: int, live: set[int]) -> None:
    for _ in gaps(mined, live):
        live = live | {next_nonce(mined, live)}

    assert gaps(mined, live) == ()


@given(fees, fees)
def test_a_replacement_raises_both_prices_by_an_eighth_at_least(before: Fees, now: Fees) -> None:
    old = market(before)
    new = bumped(old, now)

    if new is not None:
        assert 8 * new.max_fee >= 9 * old.max_fee
        assert 8 * new.priority_fee >= 9 * old.priority_fee
        assert new.priority_fee <= new.max_fee


@given(fees)
def test_bumping_ends_at_the_ceiling(now: Fees) -> None:
    price: Price | None = market(now)
    for _ in range(200):
        if price is None:
            break
        assert price.max_fee <= max(market(now).max_fee, 1) * CEILING
        price = bumped(price, now)

    assert price is None


def test_the_wait_doubles_up_to_the_longest() -> None:
    backoff = Backoff(Seconds(1.0), Seconds(5.0))

    assert [backoff.delay(failures) for failures in (1, 2, 3, 4, 1000)] == [Seconds(wait) for wait in (1, 2, 4, 5, 5)]
