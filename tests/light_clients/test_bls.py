"""BLS12-381 as Ethereum has it: the official cases, and one encoding a point."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_arkworks_bls12381 import G1Point, G2Point, Scalar
from ruamel.yaml import YAML

from light_clients.crypto.bls import (
    DOMAIN_SEPARATION,
    MODULUS,
    aggregate,
    compressed_key,
    key_of,
    key_of_compressed,
    signature_of,
    uncompressed_key,
    uncompressed_signature,
    verify,
)
from light_clients.errors import PointInvalid
from tests.light_clients.beacon_data import folder
from tests.light_clients.shared import data, flipped, load
from tests.vectors.beacon_world import public_key
from tests.vectors.sync_committee_rejected import OUTSIDE

SECRETS = st.integers(1, 2**254)


def official(prefix: str) -> list[tuple[str, Any]]:
    files = sorted(folder("bls").glob(f"spec_{prefix}_*.yaml"))
    assert files
    return [(file.name, YAML(typ="safe", pure=True).load(file.read_text())) for file in files]


def fast_aggregate_verify(keys: list[str], message: str, signature: str) -> bool:
    if not keys:
        return False
    try:
        total = aggregate(key_of_compressed(data(key)) for key in keys)
        return verify(total, data(message), signature_of(uncompressed_signature(data(signature))))
    except PointInvalid:
        return False


def test_official_signatures_verify_or_do_not_as_they_say() -> None:
    for name, case in official("fast_aggregate_verify"):
        given_ = case["input"]
        assert fast_aggregate_verify(given_["pubkeys"], given_["message"], given_["signature"]) == case["output"], name


def test_official_keys_add_up_or_are_refused_as_they_say() -> None:
    for name, case in official("eth_aggregate_pubkeys"):
        if case["output"] is not None:
            total = aggregate(key_of_compressed(data(key)) for key in case["input"])
            assert compressed_key(uncompressed_key(total)) == data(case["output"]), name
        elif case["input"]:
            with pytest.raises(PointInvalid):
                key_of_compressed(data(case["input"][0]))


def test_points_that_the_precompile_adds_are_the_points_that_are_added_here() -> None:
    for case in load("bls/eip2537_add_G1_bls.json"):
        one, other = (unpadded(case["Input"][at : at + 256]) for at in (0, 256))
        expected = unpadded(case["Expected"])
        if any(one) and any(other) and any(expected):
            assert uncompressed_key(key_of(one) + key_of(other)) == expected, case["Name"]


def test_points_that_the_precompile_refuses_are_refused_here() -> None:
    for case in load("bls/eip2537_fail-add_G1_bls.json"):
        if len(case["Input"]) == 512 and case["Name"] != "bls_g1add_violate_top_bytes":
            assert not all(map(is_key, (case["Input"][:256], case["Input"][256:]))), case["Name"]


def is_key(text: str) -> bool:
    try:
        key_of(unpadded(text))
    except PointInvalid:
        return False
    return True


def unpadded(text: str) -> bytes:
    """A precompile's point without the 16 zeros in front of each coordinate."""
    point = bytes.fromhex(text)
    return point[16:64] + point[80:128]


@settings(max_examples=20)
@given(SECRETS, st.binary(max_size=40), st.binary(max_size=40))
def test_a_signature_is_that_of_its_key_and_message_alone(secret: int, message: bytes, other: bytes) -> None:
    scalar = Scalar.from_be_bytes_mod_order(secret.to_bytes(32, "big"))
    key = G1Point() * scalar
    signature = signature_of((G2Point.hash_to_curve(message, DOMAIN_SEPARATION) * scalar).to_xy_bytes_be())

    assert verify(key, message, signature)
    assert verify(key, other, signature) == (message == other)
    assert not verify(key + G1Point(), message, signature)


@settings(max_examples=50)
@given(SECRETS)
def test_compressing_keeps_which_of_the_two_y_it_is(secret: int) -> None:
    key = G1Point() * Scalar.from_be_bytes_mod_order(secret.to_bytes(32, "big"))

    for point in (key, -key):
        xy = uncompressed_key(point)
        assert compressed_key(xy) == point.to_compressed_bytes()
        assert uncompressed_key(key_of_compressed(compressed_key(xy))) == xy
        assert uncompressed_key(key_of(xy)) == xy


@settings(max_examples=20)
@given(SECRETS)
def test_uncompressing_a_signature_is_undone_by_compressing(secret: int) -> None:
    point = G2Point() * Scalar.from_be_bytes_mod_order(secret.to_bytes(32, "big"))

    xy = uncompressed_signature(point.to_compressed_bytes())

    assert signature_of(xy).to_compressed_bytes() == point.to_compressed_bytes()


def test_every_bit_of_a_key_counts() -> None:
    xy = uncompressed_key(key_of_compressed(public_key(1)))

    for place in range(96):
        for bit in range(8):
            with pytest.raises(PointInvalid):
                key_of(flipped(xy, place, 1 << bit))


def test_coordinates_at_and_above_the_modulus_are_refused() -> None:
    xy = uncompressed_key(key_of_compressed(public_key(1)))
    signature = uncompressed_signature((G2Point() * Scalar(5)).to_compressed_bytes())

    for at in (0, 48):
        with pytest.raises(PointInvalid):
            key_of(raised(xy, at))
        with pytest.raises(PointInvalid):
            key_of(xy[:at] + MODULUS.to_bytes(48, "big") + xy[at + 48 :])
    for at in (0, 48, 96, 144):
        with pytest.raises(PointInvalid):
            signature_of(raised(signature, at))


def raised(xy: bytes, at: int) -> bytes:
    """The same number modulo the modulus, in another encoding."""
    value = int.from_bytes(xy[at : at + 48], "big") + MODULUS
    return xy[:at] + value.to_bytes(48, "big") + xy[at + 48 :]


@pytest.mark.parametrize("length", [0, 47, 95, 97, 191, 193])
def test_a_point_of_another_length_is_no_point(length: int) -> None:
    with pytest.raises(PointInvalid):
        key_of(b"\1" * length)
    with pytest.raises(PointInvalid):
        signature_of(b"\1" * length)
    with pytest.raises(PointInvalid):
        key_of_compressed(b"\x81" * length)
    with pytest.raises(PointInvalid):
        uncompressed_signature(b"\x81" * length)


def test_infinity_is_no_key_and_no_signature() -> None:
    with pytest.raises(PointInvalid):
        key_of(bytes(96))
    with pytest.raises(PointInvalid):
        signature_of(bytes(192))
    with pytest.raises(PointInvalid):
        key_of_compressed(b"\xc0" + bytes(47))
    with pytest.raises(PointInvalid):
        uncompressed_signature(b"\xc0" + bytes(95))
    assert not verify(G1Point.identity(), b"", G2Point())


def test_points_outside_the_subgroup_sign_nothing() -> None:
    outside = next(case for case in load("bls/eip2537_add_G1_bls.json") if "not_in_correct_subgroup" in case["Name"])
    key = key_of(unpadded(outside["Input"][:256]))

    with pytest.raises(PointInvalid):
        signature_of(OUTSIDE)
    with pytest.raises(PointInvalid):
        verify(key, b"", G2Point())
    with pytest.raises(PointInvalid):
        key_of_compressed(key.to_compressed_bytes())
