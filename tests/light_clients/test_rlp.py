"""RLP: one encoding a value, the same as the reference's."""

from __future__ import annotations

import pytest
import rlp as reference
from hypothesis import given
from hypothesis import strategies as st

from light_clients.errors import RlpError, RlpNonCanonical, RlpTrailingBytes, RlpTruncated, RlpUnexpectedKind
from light_clients.evm.rlp import (
    Encodable,
    Rlp,
    decode,
    decode_list,
    encode,
    encode_strings,
    integer,
    integer_bytes,
    list_end,
)
from tests.light_clients.shared import data, load

strings = st.one_of(st.binary(max_size=3), st.integers(50, 300).map(bytes))
items = st.recursive(strings, lambda inner: st.lists(inner, max_size=6), max_leaves=40)


@given(items)
def test_decoding_undoes_encoding(item: Rlp) -> None:
    assert decode(encode(item)) == item


@given(items)
def test_encoding_is_the_reference_s(item: Rlp) -> None:
    assert encode(item) == reference.encode(item)


@given(st.lists(strings))
def test_the_fast_way_to_a_flat_list_is_the_ordinary_one(flat: list[bytes]) -> None:
    assert encode_strings(flat) == encode(flat)


@given(st.one_of(st.binary(max_size=80), items.map(encode).flatmap(lambda good: st.just(good) | mutations(good))))
def test_exactly_what_encodes_back_to_itself_is_accepted(raw: bytes) -> None:
    try:
        item = decode(raw)
    except RlpError:
        with pytest.raises(reference.exceptions.DecodingError):
            reference.decode(raw)
    else:
        assert encode(item) == raw


def mutations(good: bytes) -> st.SearchStrategy[bytes]:
    places = st.integers(0, len(good) - 1)
    return st.one_of(
        st.tuples(places, st.integers(0, 255)).map(lambda at: good[: at[0]] + bytes((at[1],)) + good[at[0] + 1 :]),
        places.map(lambda at: good[:at]),
        st.binary(min_size=1, max_size=2).map(lambda tail: good + tail),
    )


def as_item(value: object) -> Encodable:
    match value:
        case int():
            return integer_bytes(value)
        case str() if value.startswith("#"):
            return integer_bytes(int(value[1:]))
        case str():
            return value.encode()
        case list():
            return [as_item(one) for one in value]
    raise AssertionError(value)


def test_the_official_vectors_are_met() -> None:
    cases = load("rlp/rlptest.json")

    for case in cases.values():
        assert encode(as_item(case["in"])) == data(case["out"])
        assert encode(decode(data(case["out"]))) == data(case["out"])
    assert decode(data(load("rlp/example.json")["listsoflists2"]["out"])) == [[], [[]], [[], [[]]]]


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ("", RlpTruncated),
        ("81", RlpTruncated),
        ("83646f", RlpTruncated),
        ("c2", RlpTruncated),
        ("c180c1", RlpTrailingBytes),
        ("c181", RlpTruncated),
        ("b9", RlpTruncated),
        ("b901", RlpTruncated),
        ("bfffffffffffffffff", RlpTruncated),
        ("ffffffffffffffffff", RlpTruncated),
        ("c28383", RlpTruncated),
        ("8100", RlpNonCanonical),
        ("817f", RlpNonCanonical),
        ("c2817f", RlpNonCanonical),
        ("b800", RlpNonCanonical),
        ("b837" + "61" * 55, RlpNonCanonical),
        ("b90038" + "61" * 56, RlpNonCanonical),
        ("f800", RlpNonCanonical),
        ("f837" + "61" * 55, RlpNonCanonical),
        ("f90038" + "61" * 56, RlpNonCanonical),
        ("8000", RlpTrailingBytes),
        ("c000", RlpTrailingBytes),
        ("0000", RlpTrailingBytes),
    ],
)
def test_what_is_not_canonical_breaks_the_named_rule(raw: str, error: type[RlpError]) -> None:
    with pytest.raises(error):
        decode(bytes.fromhex(raw))


def test_ten_thousand_lists_in_one_another_exhaust_nothing() -> None:
    nested = b""
    for _ in range(10_000):
        nested = encode_header(len(nested)) + nested

    item = decode(nested)

    depth = 0
    while isinstance(item, list) and item:
        item = item[0]
        depth += 1
    assert depth == 9_999


def encode_header(length: int) -> bytes:
    if length < 56:
        return bytes((0xC0 + length,))
    size = integer_bytes(length)
    return bytes((0xF7 + len(size),)) + size


def test_a_string_is_no_list() -> None:
    with pytest.raises(RlpUnexpectedKind):
        decode_list(b"\x80")
    with pytest.raises(RlpUnexpectedKind):
        list_end(b"\x80", 0)


def test_concatenated_lists_delimit_themselves() -> None:
    assert list_end(b"\xc1\x05\xc0", 0) == 2
    assert list_end(b"\xc1\x05\xc0", 2) == 3


@given(st.integers(0, 2**256))
def test_integers_have_no_leading_zero(number: int) -> None:
    assert integer(integer_bytes(number)) == number
    with pytest.raises(RlpNonCanonical):
        integer(b"\0" + integer_bytes(number))


def test_a_list_is_no_integer() -> None:
    with pytest.raises(RlpUnexpectedKind):
        integer([])
