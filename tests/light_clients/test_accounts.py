"""Storage proofs: real ones of public chains, and every way to spoil one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from light_clients.crypto.keccak import keccak256
from light_clients.errors import LightClientError, SlotAbsent, TrieKeyAbsent
from light_clients.evm import trie
from light_clients.evm.accounts import Account, decode_account, decode_slot, encode_slot, pack_proof, slot_value
from light_clients.evm.rlp import decode_list
from light_clients.types import ZERO_HASH, Address, Hash32
from tests.light_clients.shared import data, flipped, load
from tests.vectors.storage_proofs import ACCOUNT, SLOT, WORD, world

hashes = st.binary(min_size=32, max_size=32).map(Hash32)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**256 - 1), hashes, hashes)
def test_decoding_an_account_undoes_encoding(nonce: int, balance: int, storage: Hash32, code: Hash32) -> None:
    account = Account(nonce, balance, storage, code)

    assert decode_account(account.encode()) == account


@given(st.integers(1, 2**256 - 1))
def test_decoding_a_slot_undoes_encoding(number: int) -> None:
    word = Hash32(number.to_bytes(32, "big"))

    assert decode_slot(SLOT, encode_slot(word)) == word


def test_a_zero_slot_is_an_absent_one() -> None:
    with pytest.raises(SlotAbsent):
        decode_slot(SLOT, encode_slot(ZERO_HASH))


@pytest.mark.parametrize(("state_depth", "storage_depth"), [(1, 1), (3, 2), (8, 2)])
def test_every_byte_of_a_storage_proof_counts(state_depth: int, storage_depth: int) -> None:
    w = world(state_depth, storage_depth)
    proof = b"".join(w.nodes)

    for place in range(len(proof)):
        with pytest.raises(LightClientError):
            slot_value(w.state.root, ACCOUNT, SLOT, flipped(proof, place, 1 + place % 255))


def test_every_prefix_of_a_storage_proof_is_too_short() -> None:
    w = world()
    proof = b"".join(w.nodes)

    for length in range(len(proof)):
        with pytest.raises(LightClientError):
            slot_value(w.state.root, ACCOUNT, SLOT, proof[:length])


def test_a_proof_is_of_one_root_one_account_and_one_slot() -> None:
    w = world()
    proof = b"".join(w.nodes)
    assert slot_value(w.state.root, ACCOUNT, SLOT, proof) == WORD

    for bit in range(256):
        changed = flipped(w.state.root, bit // 8, 1 << bit % 8)
        with pytest.raises(LightClientError):
            slot_value(Hash32(changed), ACCOUNT, SLOT, proof)
        with pytest.raises(LightClientError):
            slot_value(w.state.root, ACCOUNT, Hash32(flipped(SLOT, bit // 8, 1 << bit % 8)), proof)
    for bit in range(160):
        with pytest.raises(LightClientError):
            slot_value(w.state.root, Address(flipped(ACCOUNT, bit // 8, 1 << bit % 8)), SLOT, proof)


def test_real_mainnet_storage_is_proven_by_its_block() -> None:
    content = load("mpt/mainnet_getproof_deposit_contract.json")
    answer, block = content["getProof"], content["block"]

    for entry in answer["storageProof"]:
        proof = pack_proof(map(data, answer["accountProof"]), map(data, entry["proof"]))
        value = slot_value(
            Hash32(data(block["stateRoot"])), Address(data(answer["address"])), word(entry["key"]), proof
        )
        assert value == word(entry["value"])


def word(text: str) -> Hash32:
    """A quantity or a word, however many digits the node gave it."""
    return Hash32(int(text, 16).to_bytes(32, "big"))


def test_real_sepolia_storage_is_proven_by_its_account() -> None:
    answer = load("mpt/valid_storage_proof_sepolia.json")
    nodes = [data(node) for node in answer["accountProof"]]
    root = keccak256(nodes[0])

    for entry in answer["storageProof"]:
        proof = pack_proof(nodes, map(data, entry["proof"]))
        assert slot_value(root, Address(data(answer["address"])), word(entry["key"]), proof) == word(entry["value"])


@pytest.mark.parametrize(
    "file",
    [
        "mpt/broadcaster_ethereum_arb_pointer_proof_block_10128554.json",
        "mpt/broadcaster_ethereum_arb_pointer_proof_block_9574620.json",
        "mpt/broadcaster_ethereum_arb_pointer_proof_block_9868604.json",
        "mpt/broadcaster_ethereum_broadcast_proof_block_9496454.json",
        "arbitrum/broadcaster_arbitrum_broadcast_proof_block_207673361.json",
        "arbitrum/broadcaster_ethereum_output_storage_proof_block_9567705.json",
        "otherl2/taiko_taikoProofL2.json",
    ],
)
def test_real_storage_of_several_chains_is_proven_by_its_state_root(file: str) -> None:
    content = load(file)
    account_nodes, storage_nodes = (
        [node for node in decode_list(data(content[key])) if isinstance(node, bytes)]
        for key in ("rlpAccountProof", "rlpStorageProof")
    )
    proof = pack_proof(account_nodes, storage_nodes)

    value = slot_value(
        Hash32(data(content["stateRoot"])), Address(data(content["account"])), word(content["slot"]), proof
    )

    assert value == word(content["slotValue"])


@pytest.mark.parametrize(
    "test", ["MultiPeriodClientUpdateToCosmos", "ICS20TransferERC20TokenfromEthereumToCosmosAndBack"]
)
def test_real_storage_of_a_fulu_devnet_is_proven_by_its_account(test: str) -> None:
    content = load(f"beacon_devnet_fulu/Test_{test}.json")
    account = Address(data(content["client_state"]["ibc_contract_address"]))
    proofs = [message["data"] for message in content["messages"] if message["kind"] == "storage_proof"]
    assert proofs

    for entry in proofs:
        account_nodes = [data(node) for node in entry["account_proof"]["proof"]]
        storage = entry["storage_proof"]
        proof = pack_proof(account_nodes, map(data, storage["proof"]))
        value = slot_value(keccak256(account_nodes[0]), account, word(storage["key"]), proof)
        assert value == word(storage["value"])


def test_a_real_sepolia_account_is_proven_by_the_finalized_state_root() -> None:
    update = load("beacon_sepolia/electra/finality_update_7167040.json")
    nodes = [data(node) for node in load("beacon_sepolia/electra/account_proof_7167040.json")]
    account = bytes.fromhex("bad69711da45a0ff61e2c50b8c9b1f3314742d2b")
    root = Hash32(data(update["finalized_header"]["execution"]["state_root"]))

    value = trie.verify(root, keccak256(account), trie.pack(nodes))

    assert value is not None
    assert decode_account(value).storage_root.hex().startswith("045c1039")


def test_a_real_bsc_account_is_proven_by_its_header() -> None:
    content = load("parlia/chapel_epoch39981000_8headers.json")["accountProof"]
    nodes = [data(node) for node in content["nodes"]]

    value = trie.verify(Hash32(data(content["stateRoot"])), keccak256(data(content["address"])), trie.pack(nodes))

    assert value == data(content["accountRlp"])


def test_real_absences_are_proven_by_what_stands_there_instead() -> None:
    content = load("mpt/mainnet_getproof_deposit_contract.json")
    nodes = [data(node) for node in content["getProof"]["accountProof"]]
    root = Hash32(data(content["block"]["stateRoot"]))
    leaf_path = keccak256(data(content["getProof"]["address"]))

    elsewhere = flipped(leaf_path, 31, 1)

    assert trie.verify(root, elsewhere, trie.pack(nodes)) is None
    with pytest.raises(LightClientError):
        trie.verify(root, elsewhere, trie.pack(nodes[:-1]))


def test_an_unknown_account_has_no_slots() -> None:
    w = world()
    stranger = Address(bytes(19) + b"\1")

    with pytest.raises(TrieKeyAbsent):
        slot_value(w.state.root, stranger, SLOT, w.state.prove(keccak256(stranger)))
