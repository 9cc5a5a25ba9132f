"""Merkle-Patricia tries: the same roots and proofs as the reference's, one proof a fact, absence proven."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from trie.hexary import HexaryTrie

from light_clients.crypto.keccak import keccak256
from light_clients.errors import (
    LightClientError,
    ProofTrailingBytes,
    RlpTruncated,
    TrieNodeHashMismatch,
    TrieNodeMalformed,
    TrieRootEmpty,
)
from light_clients.evm import trie
from light_clients.evm.rlp import encode
from light_clients.evm.trie import EMPTY_ROOT, Trie, verify
from light_clients.types import ZERO_HASH
from tests.light_clients.shared import data, flipped, load

keys = st.one_of(st.binary(max_size=3), st.sampled_from([bytes(32), bytes(31) + b"\1"]), st.binary(min_size=4))
mappings = st.dictionaries(keys, st.one_of(st.binary(min_size=1, max_size=4), st.binary(min_size=30)), max_size=30)


def the_reference(items: Mapping[bytes, bytes]) -> HexaryTrie:
    tree = HexaryTrie({})
    for key, value in items.items():
        tree[key] = value
    return tree


@given(mappings)
def test_the_root_is_the_reference_s(items: dict[bytes, bytes]) -> None:
    assert Trie(items).root == the_reference(items).root_hash


@given(mappings, keys)
@example({b"\0": b"a", b"\0\0": b"b"}, b"\0")
@example({b"\x01": b"a"}, b"")
def test_presence_and_absence_are_proven(items: dict[bytes, bytes], stranger: bytes) -> None:
    tree = Trie(items)

    for key in [*items, stranger]:
        assert verify(tree.root, key, tree.prove(key)) == items.get(key)


@given(mappings, keys)
def test_a_packed_proof_of_the_reference_is_ours(items: dict[bytes, bytes], stranger: bytes) -> None:
    tree = Trie(items)

    for key in [*items, stranger]:
        theirs = [encode(node) for node in the_reference(items).get_proof(key)]  # type: ignore[no-untyped-call]
        assert trie.pack(theirs) == tree.prove(key)


@given(mappings, keys, st.data())
def test_no_changed_byte_goes_unnoticed(items: dict[bytes, bytes], key: bytes, draw: st.DataObject) -> None:
    tree = Trie(items)
    proof = tree.prove(key)
    if proof:
        place = draw.draw(st.integers(0, len(proof) - 1))
        mask = draw.draw(st.integers(1, 255))

        with pytest.raises(LightClientError):
            verify(tree.root, key, flipped(proof, place, mask))


def a_trie() -> tuple[Trie, bytes]:
    """Some four levels deep at its key."""
    items: dict[bytes, bytes] = {keccak256(bytes((n >> 8, n & 255))): b"value %d" % n * 9 for n in range(2000)}
    return Trie(items), next(iter(items))


def test_every_byte_of_a_proof_counts() -> None:
    tree, key = a_trie()
    proof = tree.prove(key)

    for place in range(len(proof)):
        for mask in (0x01, 0x80, 0xFF):
            with pytest.raises(LightClientError):
                verify(tree.root, key, flipped(proof, place, mask))


def test_every_prefix_of_a_proof_is_too_short() -> None:
    tree, key = a_trie()
    proof = tree.prove(key)

    for length in range(len(proof)):
        with pytest.raises((RlpTruncated, TrieNodeHashMismatch)):
            verify(tree.root, key, proof[:length])


def test_no_node_is_missing_extra_or_elsewhere() -> None:
    tree, key = a_trie()
    nodes = tree.path(key)
    assert len(nodes) >= 4

    for place in range(len(nodes)):
        without = nodes[:place] + nodes[place + 1 :]
        with pytest.raises((RlpTruncated, TrieNodeHashMismatch)):
            verify(tree.root, key, b"".join(without))
        for other in range(len(nodes) + 1):
            twice = [*nodes[:other], nodes[place], *nodes[other:]]
            with pytest.raises((ProofTrailingBytes, TrieNodeHashMismatch)):
                verify(tree.root, key, b"".join(twice))
        swapped = [nodes[place], *without]
        if place:
            with pytest.raises(TrieNodeHashMismatch):
                verify(tree.root, key, b"".join(swapped))


def test_a_byte_behind_a_proof_is_refused() -> None:
    tree, key = a_trie()

    with pytest.raises(ProofTrailingBytes):
        verify(tree.root, key, tree.prove(key) + b"\0")


def test_the_proof_of_one_key_proves_no_other() -> None:
    tree, key = a_trie()
    other = flipped(key, 0, 0xFF)

    with pytest.raises(LightClientError):
        verify(tree.root, other, tree.prove(key))


def test_a_missing_node_is_not_absence() -> None:
    tree, key = a_trie()

    with pytest.raises(RlpTruncated):
        verify(tree.root, key, b"".join(tree.path(key)[:-1]))


def test_the_empty_trie_proves_every_absence_with_nothing() -> None:
    assert Trie({}).root == EMPTY_ROOT
    assert verify(EMPTY_ROOT, b"any", b"") is None
    with pytest.raises(ProofTrailingBytes):
        verify(EMPTY_ROOT, b"any", b"\x80")


def test_nothing_stands_under_the_zero_root() -> None:
    with pytest.raises(TrieRootEmpty):
        verify(ZERO_HASH, b"any", b"")


def test_an_empty_value_cannot_be_put_in() -> None:
    with pytest.raises(ValueError, match="empty"):
        Trie({b"key": b""})


@pytest.mark.parametrize("items", [[], [b""], [b" ", b"a", b"b"], [b""] * 16, [b""] * 18])
def test_a_node_has_2_or_17_items(items: list[bytes]) -> None:
    node = encode(items)

    with pytest.raises(TrieNodeMalformed):
        verify(keccak256(node), b"key", node)


def test_an_embedded_node_without_items_is_not_absence() -> None:
    node = encode([[], *[b""] * 15, b""])

    with pytest.raises(TrieNodeMalformed):
        verify(keccak256(node), b"\x00", node)


def test_repeated_embedded_nodes_and_the_empty_root_node_are_left_out_of_a_packed_proof() -> None:
    root, embedded = b"\xf8" + bytes(40), b"\xc2\x20\x05"

    assert trie.pack([root, embedded]) == root
    assert trie.pack([embedded]) == embedded
    assert trie.pack([b"\x80"]) == b""


def official(text: str) -> bytes:
    return data(text) if text.startswith("0x") else text.encode()


def test_the_official_tries_have_the_official_roots() -> None:
    plain = load("mpt/trietest.json") | load("mpt/trieanyorder.json")

    for case in plain.values():
        written = dict(case["in"])  # the later of two writes wins; None deletes
        kept = {official(key): official(value) for key, value in written.items() if value is not None}
        assert Trie(kept).root == data(case["root"])


def test_the_official_secure_tries_have_the_official_roots() -> None:
    for case in load("mpt/hex_encoded_securetrie_test.json").values():
        items: dict[bytes, bytes] = {keccak256(data(key)): data(value) for key, value in case["in"].items()}
        assert Trie(items).root == data(case["root"])
