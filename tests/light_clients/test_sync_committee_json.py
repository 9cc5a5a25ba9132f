"""What beacon nodes answer: read if it is what the API promises, and refused by the field's name if not."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from light_clients.sync_committee.beacon_json import parse_bootstrap, parse_update, parse_updates
from light_clients.sync_committee.errors import BeaconJsonMalformed

ROOT = "0x" + "11" * 32
KEY = "0x" + "22" * 48


def a_header(**changes: Any) -> dict[str, Any]:
    beacon = {"slot": "5", "proposer_index": "6", "parent_root": ROOT, "state_root": ROOT, "body_root": ROOT}
    numbers = ("block_number", "gas_limit", "gas_used", "timestamp", "base_fee_per_gas", "blob_gas_used")
    roots = ("parent_hash", "state_root", "receipts_root", "prev_randao", "block_hash", "transactions_root")
    execution = {
        **dict.fromkeys(numbers, "7"),
        **dict.fromkeys(roots, ROOT),
        "withdrawals_root": ROOT,
        "excess_blob_gas": "0",
        "fee_recipient": "0x" + "33" * 20,
        "logs_bloom": "0x" + "00" * 256,
        "extra_data": "0x",
    }
    return {"beacon": beacon, "execution": execution, "execution_branch": [ROOT] * 4} | changes


def an_update(**changes: Any) -> dict[str, Any]:
    aggregate = {"sync_committee_bits": "0xffffffff", "sync_committee_signature": "0x" + "44" * 96}
    return {
        "attested_header": a_header(),
        "finalized_header": a_header(),
        "finality_branch": [ROOT] * 7,
        "sync_aggregate": aggregate,
        "signature_slot": "8",
        "next_sync_committee": {"pubkeys": [KEY] * 32, "aggregate_pubkey": KEY},
        "next_sync_committee_branch": [ROOT] * 6,
    } | changes


def test_an_update_is_read_with_and_without_its_envelope() -> None:
    bare = parse_update(an_update())

    assert parse_update({"version": "fulu", "data": an_update()}) == bare
    assert parse_updates([an_update(), {"data": an_update()}]) == [bare, bare]
    assert bare.signature_slot == 8
    assert bare.signed == 32
    assert bare.next_committee is not None


def test_a_finality_update_has_no_next_committee() -> None:
    served = an_update()
    del served["next_sync_committee"], served["next_sync_committee_branch"]

    assert parse_update(served).next_committee is None


def test_zero_branches_stand_for_nothing() -> None:
    zero = "0x" + "00" * 32

    update = parse_update(an_update(finality_branch=[zero] * 7, next_sync_committee_branch=[zero] * 6))

    assert update.finalized is None
    assert update.next_committee is None


def test_a_gloas_header_brings_the_block_hash_itself() -> None:
    gloas = {"beacon": a_header()["beacon"], "execution_block_hash": ROOT, "execution_branch": [ROOT] * 11}

    update = parse_update(an_update(attested_header=gloas, finalized_header=gloas))

    assert update.attested.block_hash == bytes.fromhex("11" * 32)


PATHS: list[tuple[tuple[Any, ...], Any]] = [
    (("signature_slot",), 8),
    (("signature_slot",), "08"),
    (("signature_slot",), "-8"),
    (("signature_slot",), "8 "),
    (("signature_slot",), "0x8"),
    (("signature_slot",), "٣"),
    (("signature_slot",), str(2**64)),
    (("signature_slot",), "9" * 5000),
    (("signature_slot",), None),
    (("finality_branch",), ROOT),
    (("finality_branch",), [ROOT] * 65),
    (("finality_branch", 0), ROOT[:-2]),
    (("finality_branch", 0), ROOT[2:]),
    (("finality_branch", 0), ROOT[:-1]),
    (("finality_branch", 0), ROOT[:-1] + "g"),
    (("sync_aggregate",), []),
    (("sync_aggregate", "sync_committee_signature"), "0x" + "44" * 95),
    (("sync_aggregate", "sync_committee_bits"), "ffffffff"),
    (("attested_header", "beacon", "slot"), 5.0),
    (("attested_header", "execution", "base_fee_per_gas"), str(2**256)),
    (("attested_header", "execution", "extra_data"), "0x" + "00" * 33),
    (("attested_header", "execution", "logs_bloom"), "0x"),
    (("attested_header", "execution", "fee_recipient"), ROOT),
    (("attested_header", "execution"), None),
    (("next_sync_committee", "pubkeys", 3), "0x" + "22" * 47),
    (("next_sync_committee", "aggregate_pubkey"), None),
    (("surprise",), "0x"),
    (("attested_header", "surprise"), "0x"),
    (("attested_header", "beacon", "surprise"), "0x"),
    (("attested_header", "execution", "surprise"), "0x"),
    (("sync_aggregate", "surprise"), "0x"),
    (("next_sync_committee", "surprise"), "0x"),
]


@pytest.mark.parametrize(("path", "value"), PATHS)
def test_whatever_the_api_does_not_promise_is_refused_by_name(path: tuple[Any, ...], value: Any) -> None:
    served = an_update()
    place: Any = served
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(BeaconJsonMalformed) as error:
        parse_update(served)

    names = [step for step in path if isinstance(step, str)]
    assert error.value.field == names[-1]


def fields(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every field of every object."""
    if not isinstance(value, dict):
        return []
    return [here for name, item in value.items() for here in [(*path, name), *fields(item, (*path, name))]]


OPTIONAL = {("next_sync_committee",)}


@pytest.mark.parametrize("path", [path for path in fields(an_update()) if path not in OPTIONAL], ids=".".join)
def test_every_field_must_be_there(path: tuple[Any, ...]) -> None:
    served = an_update()
    place = served
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]

    with pytest.raises(BeaconJsonMalformed):
        parse_update(served)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=50)
@given(json, st.sampled_from(fields(an_update())))
def test_no_answer_makes_it_stumble(anything: Any, path: tuple[Any, ...]) -> None:
    served = deepcopy(an_update())
    place = served
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = anything

    for parse in (parse_update, parse_updates, parse_bootstrap):
        for document in (anything, {"data": anything}):
            if document != []:
                with pytest.raises(BeaconJsonMalformed):
                    parse(document)
    with suppress(BeaconJsonMalformed):
        parse_update(served)
