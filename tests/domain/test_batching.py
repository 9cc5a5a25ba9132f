from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from light_clients.types import Height
from relayer.domain.batching import (
    CALLDATA_BYTES,
    TRANSACTION_GAS,
    Room,
    gas_limit,
    how_many,
    message_bytes,
    reach,
    with_headroom,
    worst_case,
)
from relayer.domain.ids import Gas
from relayer.domain.message import BOUNCE, Message
from tests.makers import a_message

ROOMY = Room.in_block(Gas(30_000_000))
messages = st.lists(
    st.builds(
        a_message,
        gas_limit=st.integers(20_000, 10_000_000),
        payload=st.integers(0, 32_768).map(bytes),
    ),
    min_size=1,
    max_size=40,
)


@given(messages, st.integers(0, 20_000), st.integers(0, 500))
def test_a_batch_of_several_fits_calldata_with_its_evidence_and_its_tail(
    batch: list[Message], evidence: int, later: int
) -> None:
    provable = len(batch) + later

    count = how_many(batch, ROOMY, evidence, provable)

    size = sum(message_bytes(message) for message in batch[:count]) + evidence + 32 * (provable - count)
    assert count == 1 or size <= CALLDATA_BYTES


@given(messages)
def test_a_message_that_fits_alone_never_waits(batch: list[Message]) -> None:

    assert how_many(batch, Room(Gas(1)), 0, len(batch)) == 1


def test_no_transaction_gets_more_gas_than_eip_7825_allows() -> None:
    assert ROOMY.gas == TRANSACTION_GAS
    assert Room.in_block(Gas(10_000_000)).gas == 9_000_000


def test_a_large_batch_gets_what_it_was_estimated_at_with_room_for_its_greediest_message() -> None:
    batch = [a_message(gas_limit=200_000)] * 100

    limit = gas_limit(batch, Gas(4_000_000), worst_case(batch, 2_000, 0), ROOMY)

    assert limit == 4_000_000 + 500_000 + 200_000 * 64 // 63


def test_each_setback_widens_the_margin() -> None:
    batch = [a_message(gas_limit=200_000)] * 100
    worst = worst_case(batch, 2_000, 0)

    limits = [gas_limit(batch, Gas(4_000_000), worst, ROOMY, setbacks) for setbacks in range(3)]

    assert [after - before for before, after in pairwise(limits) if before and after] == [
        500_000,
        500_000,
    ]


def test_a_small_batch_gets_all_it_could_ever_need() -> None:
    batch = [a_message(gas_limit=200_000)]
    worst = worst_case(batch, 2_000, 0)

    assert gas_limit(batch, Gas(90_000), worst, ROOMY) == worst


@given(messages.map(lambda batch: [replace(message, deadline=1, flags=BOUNCE) for message in batch]))
def test_a_batch_has_gas_to_send_back_whatever_expires_on_its_way(batch: list[Message]) -> None:
    count = how_many(batch, ROOMY, 2_000, len(batch))
    logged = sum(8 * len(message.payload) for message in batch[:count])

    worst = worst_case(batch[:count], 2_000, 0)
    limit = gas_limit(batch[:count], Gas(300_000), worst, ROOMY)

    assert worst >= logged + count * 100_000
    assert limit is None or limit >= logged + count * 100_000


def test_a_batch_that_needs_more_than_a_transaction_may_use_is_made_smaller() -> None:
    batch = [a_message(gas_limit=200_000)] * 200

    assert gas_limit(batch, Gas(16_700_000), worst_case(batch, 0, 0), ROOMY) is None
    assert gas_limit(batch, None, worst_case(batch, 0, 0), ROOMY) is None
    assert gas_limit(batch[:1], Gas(16_700_000), worst_case(batch[:1], 0, 0), ROOMY) == ROOMY.gas


def test_a_single_call_gets_a_quarter_more_than_estimated_but_never_more_than_a_transaction_may_use() -> None:
    assert with_headroom(Gas(1_000_000)) == 1_250_000
    assert with_headroom(Gas(TRANSACTION_GAS - 1)) == TRANSACTION_GAS
    assert with_headroom(Gas(TRANSACTION_GAS + 1)) == TRANSACTION_GAS + 1  # on a chain without the limit


def test_a_long_backlog_is_proven_under_an_older_header() -> None:
    assert reach(Height(10), None) is None
    assert reach(Height(10), Height(40)) == 39
    assert reach(Height(10), Height(10)) == 10
