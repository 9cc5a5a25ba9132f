"""The OP Stack client: what a won dispute game proves, and against a real rollup what stands behind its claim."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from light_clients.crypto.keccak import keccak256
from light_clients.derived.errors import DelayZero, HubIsSource, OutputRootMismatch
from light_clients.derived.op_stack import OpStackClient, output_root
from light_clients.derived.wire import HubPart
from light_clients.errors import EvidenceInvalid, LightClientError
from light_clients.evm import trie
from light_clients.evm.accounts import decode_account, decode_slot
from light_clients.evm.header import decode_header
from light_clients.interface import LightClient
from light_clients.trusted_headers import TrustedHeaders
from light_clients.types import Hash32
from tests.light_clients.shared import data, flipped, load
from tests.light_clients.vectors import Case, cases, name_of
from tests.vectors import derived, op_stack
from tests.vectors.derived import HUB_HEIGHT, NOW
from tests.vectors.op_stack import LAYOUT, PASSER_ROOT, Rollup, a_client, an_l2_header, holding


def client_of(case: Case) -> OpStackClient:
    client = a_client()
    return replace(client, hub=client.hub.advance(case.data("held"), NOW)[0])


@pytest.mark.parametrize("case", cases("derived/op_stack_updates.json"), ids=name_of)
def test_a_rollup_update_proves_its_header_or_breaks_the_named_rule(case: Case) -> None:
    client = client_of(case)

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.advance(case.data("update"), NOW)
        assert type(error.value).__name__ == case.rejects
    else:
        _, header = client.advance(case.data("update"), NOW)
        assert header.height == case.number("height")
        assert header.block_hash == case.data("blockHash")
        assert header.state_root == case.data("stateRoot")
        assert header.receipts_root == case.data("receiptsRoot")
        assert header.timestamp == case.number("timestamp")


@pytest.mark.parametrize("case", cases("derived/op_stack_evidence.json"), ids=name_of)
def test_rollup_evidence_shows_the_conflict_or_breaks_the_named_rule(case: Case) -> None:
    client = client_of(case)

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify_misbehaviour(case.data("evidence"), NOW)
        assert type(error.value).__name__ == case.rejects
    else:
        one, other = client.verify_misbehaviour(case.data("evidence"), NOW)
        assert one.height == other.height
        assert TrustedHeaders().accept(one).accept(other).frozen


def test_it_is_a_light_client() -> None:
    client: LightClient = a_client()

    assert client.source == derived.SOURCE


def test_a_client_without_delay_or_hub_of_its_own_is_not_made() -> None:
    with pytest.raises(DelayZero):
        replace(a_client(), layout=replace(LAYOUT, delay=0))
    with pytest.raises(HubIsSource):
        replace(a_client(), source=derived.HUB)


def test_every_byte_of_a_rollup_update_counts() -> None:
    update = Rollup().update()
    client = holding(Rollup())

    for place in range(len(update)):
        with pytest.raises(LightClientError):
            client.advance(flipped(update, place, 1 << place % 8), NOW)
    for length in range(len(update)):
        with pytest.raises(LightClientError):
            client.advance(update[:length], NOW)


def test_what_is_built_was_verified() -> None:
    one, other = Rollup(), Rollup(an_l2_header(extra=b"x"))
    client = holding(one)
    part = HubPart(HUB_HEIGHT)

    update = client.build_update(part, 3, PASSER_ROOT, one.header.encode(), one.proofs(), now=NOW)
    evidence = client.build_evidence(update, other.update(other.hub_update(101), 101), NOW)

    assert update == one.update()
    assert client.verify_misbehaviour(evidence, NOW)[0] == one.trusted()
    with pytest.raises(OutputRootMismatch):
        client.build_update(part, 3, PASSER_ROOT, other.header.encode(), one.proofs(), now=NOW)
    with pytest.raises(EvidenceInvalid):
        client.build_evidence(update, update, NOW)


def test_the_vectors_are_of_the_layout_that_the_sources_name() -> None:
    assert LAYOUT.entry_slot(1) == op_stack.slot(int.from_bytes(keccak256(op_stack.slot(104)), "big") + 1)


@pytest.fixture
def sepolia() -> Any:
    return load("opstack/rrc7755_OPSepoliaProof.json")


def proven_slot(state_root: bytes, params: Any) -> Hash32:
    """The fixture's slot: it names the account only by its place in the trie, which its leaf gives away."""
    nodes = [data(node) for node in params["accountProof"]]
    account = decode_account(_leaf_value(Hash32(state_root), nodes))
    slot = data(params["storageKey"])
    word = trie.verify(account.storage_root, keccak256(slot), trie.pack(map(data, params["storageProof"])))
    assert word is not None
    return decode_slot(Hash32(slot), word)


def _leaf_value(root: Hash32, nodes: list[bytes]) -> bytes:
    """The value of the one key that these nodes lead to: tried for each digit above the leaf."""
    rest = nodes[-1].hex()[7:70]  # f869 a0, a digit that says odd leaf, then 63 digits of the path
    found = []
    for digit in "0123456789abcdef":
        try:
            found.append(trie.verify(root, bytes.fromhex(digit + rest), trie.pack(nodes)))
        except LightClientError:
            continue
    (value,) = [one for one in found if one]
    return value


def test_a_real_output_root_stands_behind_its_header(sepolia: Any) -> None:
    encoded = data(sepolia["encodedBlockArray"])
    header = decode_header(encoded)
    passer_root = Hash32(data(sepolia["l2MessagePasserStorageRoot"]))
    l1_root = data(sepolia["stateProofParams"]["executionStateRoot"])

    claim = output_root(header.state_root, passer_root, keccak256(encoded))

    assert claim == data(sepolia["dstL2StateRootProofParams"]["storageValue"])
    assert proven_slot(l1_root, sepolia["dstL2StateRootProofParams"]) == claim
    proven = proven_slot(header.state_root, sepolia["dstL2AccountProofParams"])
    assert proven == data(sepolia["dstL2AccountProofParams"]["storageValue"])


def test_a_real_header_goes_through_the_whole_client(sepolia: Any) -> None:
    header = decode_header(data(sepolia["encodedBlockArray"]))
    passer_root = Hash32(data(sepolia["l2MessagePasserStorageRoot"]))
    claim = Hash32(data(sepolia["dstL2StateRootProofParams"]["storageValue"]))
    rollup = Rollup(header, claim=claim, passer_root=passer_root)

    _, trusted = holding(rollup).advance(rollup.update(), NOW)

    assert trusted == header.trusted(derived.SOURCE, header.hash())


def test_a_real_proof_marked_invalid_proves_another_value_than_it_claims() -> None:
    invalid = load("opstack/rrc7755_OPInvalidL2Storage.json")
    params = invalid["dstL2AccountProofParams"]
    state_root = decode_header(data(invalid["encodedBlockArray"])).state_root

    proven = proven_slot(state_root, params)

    assert proven != data(params["storageValue"])
