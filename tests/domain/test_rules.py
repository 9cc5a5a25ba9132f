from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from relayer.domain.ids import Gas, Seconds, Wei
from relayer.domain.message import BOUNCE, RETURNED
from relayer.domain.rules import PATIENCE, Failure, Profit, Remedy, remedy
from relayer.domain.transactions import Fees
from tests.makers import a_lane, a_message, sent_messages

FAILED = 1_000_000
TIMES = st.integers(0, 4_000_000)
FEES = Fees(Wei(9), Wei(1))


def a_failure(flags: int = 0, deadline: int = 0) -> Failure:
    (sent,) = sent_messages(a_lane(), 1)
    return Failure(replace(sent, message=replace(sent.message, flags=flags, deadline=deadline)), FAILED)


@given(TIMES)
def test_what_has_no_way_back_and_no_deadline_may_be_retried_for_ever(now: int) -> None:
    assert remedy(a_failure(), now) is Remedy.RETRY
    assert remedy(a_failure(flags=RETURNED), now) is Remedy.RETRY


def test_what_has_a_way_back_waits_a_day_for_a_retry_and_then_goes_back() -> None:
    failure = a_failure(flags=BOUNCE)

    assert remedy(failure, FAILED + PATIENCE) is Remedy.RETRY
    assert remedy(failure, FAILED + PATIENCE + 1) is Remedy.BOUNCE


def test_a_deadline_ends_every_retry_however_long_ago_the_failure_was() -> None:
    deadline = FAILED + 10 * PATIENCE

    assert remedy(a_failure(BOUNCE, deadline), deadline) is Remedy.RETRY
    assert remedy(a_failure(BOUNCE, deadline), deadline + 1) is Remedy.BOUNCE
    assert remedy(a_failure(0, deadline), deadline + 1) is None


@given(st.integers(0, 10**18), st.floats(0, 10**6))
def test_without_a_factor_everything_is_delivered_at_once(gas: int, age: float) -> None:
    assert Profit().worth([a_message()], Gas(gas), FEES, age)


def test_messages_pay_for_their_gas_together() -> None:
    paying = replace(a_message(), fee=600_000)
    profit = Profit(factor=1.5, patience=Seconds(60.0))

    assert not profit.worth([paying, a_message()], Gas(100_000), FEES, age=0)
    assert not profit.worth([paying] * 2, Gas(100_000), FEES, age=59)
    assert profit.worth([paying, a_message(), paying, paying], Gas(100_000), FEES, age=0)


def test_what_comes_home_is_paid_for_in_the_coin_that_the_gas_costs() -> None:
    home = replace(a_message(), fee=1_000_000, flags=RETURNED)

    assert Profit(factor=50.0).worth([home], Gas(100_000), FEES, age=0)
    assert not Profit(factor=50.0).worth([replace(home, flags=0)], Gas(100_000), FEES, age=0)


def test_what_pays_nothing_is_delivered_once_it_is_old_enough() -> None:
    profit = Profit(factor=1.5, patience=Seconds(60.0))

    assert profit.worth([a_message()], Gas(10**9), FEES, age=60)
