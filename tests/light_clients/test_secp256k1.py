"""Signatures: one form each, and the signer comes out."""

from __future__ import annotations

import pytest
from coincurve import PrivateKey
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import HIGHEST_S, ORDER, address_of, compact, parse, recover
from light_clients.errors import SignatureMalformed
from light_clients.types import Hash32
from tests.light_clients.shared import data, flipped, load
from tests.vectors.attesters import Attester

DIGEST = keccak256(b"digest")
r_values, s_values, parities = st.integers(1, ORDER - 1), st.integers(1, HIGHEST_S), st.integers(0, 1)


@given(r_values, s_values, parities)
def test_parsing_undoes_compacting(r: int, s: int, parity: int) -> None:
    assert parse(compact(r, s, parity)) == (r, s, parity)


@given(st.integers(1, ORDER - 1), st.binary(min_size=32, max_size=32).map(Hash32))
def test_the_signer_comes_out_as_eth_account_says(secret: int, digest: Hash32) -> None:
    account = Account.from_key(secret.to_bytes(32, "big"))
    signed = account.unsafe_sign_hash(digest)

    signature = compact(signed.r, signed.s, signed.v - 27)

    assert str(recover(digest, signature)) == account.address.lower()


def test_every_byte_of_a_signature_counts() -> None:
    attester = Attester(1)
    signature = attester.sign(DIGEST)
    assert recover(DIGEST, signature) == attester.address

    for place in range(64):
        for mask in (0x01, 0x80, 0xFF):
            try:
                assert recover(DIGEST, flipped(signature, place, mask)) != attester.address
            except SignatureMalformed:
                continue


def test_the_other_s_of_a_signature_is_refused() -> None:
    r, s, parity = parse(Attester(1).sign(DIGEST))

    with pytest.raises(SignatureMalformed):
        compact(r, ORDER - s, 1 - parity)


@pytest.mark.parametrize(
    ("r", "s", "parity"),
    [(0, 1, 0), (ORDER, 1, 0), (1, 0, 0), (1, HIGHEST_S + 1, 0), (1, ORDER, 0), (1, 1, 2), (1, 1, -1)],
)
def test_values_out_of_range_make_no_signature(r: int, s: int, parity: int) -> None:
    with pytest.raises(SignatureMalformed):
        compact(r, s, parity)


def test_a_signature_has_64_bytes() -> None:
    signature = Attester(1).sign(DIGEST)

    for wrong in (b"", signature[:-1], signature[:32], signature + b"\0"):
        with pytest.raises(SignatureMalformed, match="64"):
            parse(wrong)


def test_an_r_on_no_point_is_no_signature() -> None:
    with pytest.raises(SignatureMalformed):
        recover(DIGEST, (5).to_bytes(32, "big") + (1).to_bytes(32, "big"))


def test_an_address_is_the_end_of_the_hash_of_the_key() -> None:
    key = PrivateKey(b"\1" * 32).public_key.format(compressed=False)

    assert str(address_of(key)) == Account.from_key(b"\1" * 32).address.lower()


@pytest.mark.parametrize("vaa", ["set1_0", "set1_2", "set2_4", "set2_6"])
def test_real_guardians_are_recovered_from_their_attestations(vaa: str) -> None:
    content = load(f"committee/wormhole_vaa_{vaa}.json")
    raw, digest = data(content["vaa"]), Hash32(data(content["digest"]))
    assert len(content["signers"]) == raw[5]

    for place, signer in enumerate(content["signers"]):
        at = 6 + 66 * place
        r, s, parity = raw[at + 1 : at + 33], raw[at + 33 : at + 65], raw[at + 65]
        signature = compact(int.from_bytes(r, "big"), int.from_bytes(s, "big"), parity)
        assert raw[at] == signer["index"]
        assert recover(digest, signature) == data(signer["address"])
