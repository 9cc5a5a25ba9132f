"""Receipts of every transaction type, and the proof of one in its block."""

from __future__ import annotations

import pytest
import rlp as reference
from hypothesis import given, settings
from hypothesis import strategies as st
from trie.hexary import HexaryTrie

from light_clients.errors import LightClientError, ProofTrailingBytes, ReceiptMalformed, TrieKeyAbsent
from light_clients.evm.receipts import (
    Log,
    Receipt,
    decode_receipt,
    proven_receipt,
    receipt_from_json,
    receipt_key,
    receipts_trie,
)
from light_clients.evm.rlp import Encodable, encode
from light_clients.evm.trie import EMPTY_ROOT
from light_clients.types import Address, Bloom, Hash32
from tests.light_clients.shared import flipped

BLOOM = Bloom(bytes(256))
hashes = st.binary(min_size=32, max_size=32).map(Hash32)
logs = st.builds(
    Log,
    st.binary(min_size=20, max_size=20).map(Address),
    st.lists(hashes, max_size=4).map(tuple),
    st.binary(max_size=70),
)
typed = st.builds(
    Receipt, st.integers(0, 4), st.booleans(), st.integers(0, 2**64 - 1), st.just(BLOOM), st.lists(logs).map(tuple)
)
frontier = st.builds(Receipt, st.just(0), hashes, st.integers(0, 2**64 - 1), st.just(BLOOM), st.just(()))
any_receipt = typed | frontier


def a_receipt(kind: int = 2, *, outcome: bool | Hash32 = True) -> Receipt:
    log = Log(Address(b"\xaa" * 20), (Hash32(b"\x01" * 32), Hash32(b"\x02" * 32)), b"data")
    return Receipt(kind, outcome, cumulative_gas_used=21_000, logs_bloom=BLOOM, logs=(log,))


def as_json(receipt: Receipt) -> dict[str, object]:
    outcome: dict[str, object] = (
        {"root": str(receipt.outcome)} if isinstance(receipt.outcome, Hash32) else {"status": hex(receipt.outcome)}
    )
    listed = [
        {"address": str(log.address), "topics": [str(t) for t in log.topics], "data": "0x" + log.data.hex()}
        for log in receipt.logs
    ]
    return outcome | {
        "type": hex(receipt.type),
        "cumulativeGasUsed": hex(receipt.cumulative_gas_used),
        "logsBloom": str(receipt.logs_bloom),
        "logs": listed,
        "transactionHash": "0x" + "00" * 32,
    }


@given(any_receipt)
def test_decoding_undoes_encoding(receipt: Receipt) -> None:
    assert decode_receipt(receipt.encode()) == receipt


@given(any_receipt)
def test_a_node_s_json_is_the_receipt(receipt: Receipt) -> None:
    assert receipt_from_json(as_json(receipt)) == receipt


@settings(max_examples=25)
@given(st.lists(any_receipt, max_size=6))
def test_the_root_is_the_reference_s(receipts: list[Receipt]) -> None:
    tree = HexaryTrie({})
    for place, receipt in enumerate(receipts):
        tree[reference.encode(place)] = receipt.encode()

    assert receipts_trie(receipts).root == tree.root_hash


def test_each_receipt_of_a_large_block_is_proven_at_its_place() -> None:
    receipts = [a_receipt(place % 5, outcome=bool(place % 3)) for place in range(300)]
    tree = receipts_trie(receipts)

    for place, receipt in enumerate(receipts):
        assert proven_receipt(tree.root, place, tree.prove(receipt_key(place))) == receipt


def test_a_receipt_is_proven_at_no_other_place() -> None:
    tree = receipts_trie([a_receipt(place % 5) for place in range(150)])
    proof = tree.prove(receipt_key(3))

    with pytest.raises(LightClientError):
        proven_receipt(tree.root, 4, proof)
    with pytest.raises(ProofTrailingBytes):
        proven_receipt(tree.root, 3, proof + b"\0")


def test_there_is_no_receipt_beyond_the_last() -> None:
    tree = receipts_trie([a_receipt() for _ in range(3)])

    with pytest.raises(TrieKeyAbsent):
        proven_receipt(tree.root, 3, tree.prove(receipt_key(3)))
    assert receipts_trie([]).root == EMPTY_ROOT


def test_every_byte_of_a_receipt_proof_counts() -> None:
    tree = receipts_trie([a_receipt(place % 5) for place in range(20)])
    proof = tree.prove(receipt_key(7))

    for place in range(len(proof)):
        with pytest.raises(LightClientError):
            proven_receipt(tree.root, 7, flipped(proof, place, 1 + place % 255))


STATUS = b"\1"


def fields(outcome: bytes = STATUS, gas: bytes = b"\1", bloom: bytes = BLOOM, *listed: Encodable) -> bytes:
    return encode([outcome, gas, bloom, list(listed)])


TOPIC = bytes(32)
ADDRESS = bytes(20)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" + fields(),
        b"\5" + fields(),
        b"\x7e" + fields(),
        b"\2",
        b"\2\2" + fields(),
        fields() + b"\0",
        encode([STATUS, b"\1", BLOOM]),
        encode([STATUS, b"\1", BLOOM, [], b""]),
        encode([STATUS, b"\1", BLOOM, b""]),
        fields(b"\2"),
        fields(b"\0"),
        fields(bytes(31)),
        b"\1" + fields(bytes(32)),
        fields(STATUS, b"\0"),
        fields(STATUS, b"\1" * 9),
        fields(STATUS, b"\1", bytes(255)),
        fields(STATUS, b"\1", BLOOM, b"log"),
        fields(STATUS, b"\1", BLOOM, [ADDRESS, [TOPIC]]),
        fields(STATUS, b"\1", BLOOM, [ADDRESS[1:], [TOPIC], b""]),
        fields(STATUS, b"\1", BLOOM, [ADDRESS, [TOPIC] * 5, b""]),
        fields(STATUS, b"\1", BLOOM, [ADDRESS, [TOPIC[1:]], b""]),
        fields(STATUS, b"\1", BLOOM, [ADDRESS, [[TOPIC]], b""]),
        fields(STATUS, b"\1", BLOOM, [ADDRESS, TOPIC, b""]),
        fields(STATUS, b"\1", BLOOM, [ADDRESS, [TOPIC], [b""]]),
    ],
)
def test_what_is_no_receipt_is_refused(raw: bytes) -> None:
    with pytest.raises(ReceiptMalformed):
        decode_receipt(raw)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", None),
        ("cumulativeGasUsed", "1"),
        ("logsBloom", "0x00"),
        ("logs", None),
        ("logs", [{}]),
        ("logs", [None]),
        ("logs", [{"address": "0x00", "topics": [], "data": "0x"}]),
        ("type", "0xzz"),
        ("type", "0x7e"),
        ("cumulativeGasUsed", "0x-1"),
    ],
)
def test_what_is_wrong_with_a_json_receipt_is_said(key: str, value: object) -> None:
    with pytest.raises(ReceiptMalformed):
        receipt_from_json(as_json(a_receipt()) | {key: value})
