"""SSZ roots and branches: as the executable spec computes them, and as its vectors have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from light_clients.ssz.containers import BeaconHeader, PayloadHeader, key_tree, signing_root, sync_committee_domain
from light_clients.ssz.merkle import (
    branch_of,
    branch_root,
    depth_of,
    layers,
    merkle_root,
    multiproof,
    multiproof_places,
    multiproof_root,
)
from light_clients.sync_committee.network import CAPELLA, DENEB, ELECTRA, FULU, GLOAS, Indices
from light_clients.types import Address, Bloom, Hash32, Height
from tests.light_clients.beacon_data import folder
from tests.light_clients.beacon_specs import decoded, spec_of, yaml
from tests.vectors.beacon_world import filler, public_key

u64 = st.integers(0, 2**64 - 1)
hashes = st.binary(min_size=32, max_size=32).map(Hash32)
INDICES = {"capella": CAPELLA, "deneb": DENEB, "electra": ELECTRA, "fulu": FULU, "gloas": GLOAS}
PROOFS = "beacon_spec_vectors/pyspec_minimal/{}/light_client/single_merkle_proof"


@pytest.mark.parametrize("fork", ["deneb", "electra", "fulu"])
def test_the_branches_of_the_spec_lead_to_its_roots(fork: str) -> None:
    cases = sorted(folder(PROOFS.format(fork)).glob("*/*/proof.yaml"))

    assert len(cases) == 4
    for case in cases:
        proof = yaml(case)
        leaf, branch = _hash(proof["leaf"]), [_hash(node) for node in proof["branch"]]
        assert branch_root(leaf, branch, proof["leaf_index"]) == _object_root(fork, case.parent), case.parent.name


@pytest.mark.parametrize("fork", ["deneb", "electra", "fulu"])
def test_a_branch_with_one_node_changed_leads_elsewhere(fork: str) -> None:
    case = folder(PROOFS.format(fork)) / "BeaconState" / "finality_root_merkle_proof"
    proof = yaml(case / "proof.yaml")
    leaf, branch = _hash(proof["leaf"]), [_hash(node) for node in proof["branch"]]

    for place in range(len(branch)):
        changed = [*branch[:place], filler("x"), *branch[place + 1 :]]
        assert branch_root(leaf, changed, proof["leaf_index"]) != _object_root(fork, case)
    assert branch_root(leaf, branch, proof["leaf_index"] ^ 2) != _object_root(fork, case)


def _object_root(fork: str, case: Path) -> bytes:
    spec = spec_of(fork)
    kind: Any = getattr(spec, case.parent.name)
    return bytes(spec.hash_tree_root(decoded(kind, case / "object.ssz_snappy")))


def _hash(value: str | int) -> Hash32:
    """YAML reads an unquoted 0x as a number."""
    return Hash32.from_hex(value) if isinstance(value, str) else Hash32(value.to_bytes(32, "big"))


@pytest.mark.parametrize(("fork", "indices"), INDICES.items())
def test_the_generalized_indices_are_those_of_the_spec(fork: str, indices: Indices) -> None:
    spec = spec_of("gloas")
    suffix = {"electra": "_ELECTRA", "fulu": "_ELECTRA", "gloas": "_GLOAS"}.get(fork, "")
    execution = {"capella": "", "gloas": "_GLOAS"}.get(fork, "_DENEB")

    assert indices.finality == getattr(spec, f"FINALIZED_ROOT_GINDEX{suffix}")
    assert indices.next_committee == getattr(spec, f"NEXT_SYNC_COMMITTEE_GINDEX{suffix}")
    assert indices.current_committee == getattr(spec, f"CURRENT_SYNC_COMMITTEE_GINDEX{suffix}")
    assert indices.execution_block_hash == getattr(spec, f"EXECUTION_BLOCK_HASH_GINDEX{execution}")


def test_a_gloas_state_proves_finality_and_committees_at_its_indices() -> None:
    spec = spec_of("gloas")
    state = spec.BeaconState()
    state.finalized_checkpoint.root = filler("finalized")
    state.next_sync_committee.aggregate_pubkey = public_key(1)

    for gindex, leaf in [
        (GLOAS.finality, state.finalized_checkpoint.root),
        (GLOAS.next_committee, spec.hash_tree_root(state.next_sync_committee)),
        (GLOAS.current_committee, spec.hash_tree_root(state.current_sync_committee)),
    ]:
        branch = [bytes(node) for node in spec.compute_merkle_proof(state, gindex)]
        assert branch_root(bytes(leaf), branch, gindex) == bytes(spec.hash_tree_root(state))


@given(u64, u64, hashes, hashes, hashes)
def test_a_beacon_header_has_the_root_that_the_spec_gives_it(
    slot: int, proposer: int, parent: Hash32, state: Hash32, body: Hash32
) -> None:
    spec = spec_of("deneb")
    theirs = spec.BeaconBlockHeader(
        slot=slot, proposer_index=proposer, parent_root=parent, state_root=state, body_root=body
    )

    assert BeaconHeader(slot, proposer, parent, state, body).root() == bytes(spec.hash_tree_root(theirs))


@settings(max_examples=30)
@given(st.sampled_from(["capella", "deneb"]), hashes, u64, st.binary(max_size=32), st.integers(0, 2**256 - 1))
def test_a_payload_header_has_the_root_that_the_spec_gives_it_and_proves_its_block_hash(
    fork: str, some: Hash32, number: int, extra_data: bytes, base_fee: int
) -> None:
    spec = spec_of(fork)
    blobs = {"blob_gas_used": number, "excess_blob_gas": number ^ 1} if fork == "deneb" else {}
    values = {
        "parent_hash": some,
        "fee_recipient": Address(some[:20]),
        "state_root": filler("state"),
        "receipts_root": filler("receipts"),
        "logs_bloom": Bloom(some * 8),
        "prev_randao": filler("randao"),
        "block_number": Height(number),
        "gas_limit": number,
        "gas_used": number // 2,
        "timestamp": number // 3,
        "extra_data": extra_data,
        "base_fee_per_gas": base_fee,
        "block_hash": filler("block"),
        "transactions_root": filler("transactions"),
        "withdrawals_root": filler("withdrawals"),
        **blobs,
    }
    root = bytes(spec.hash_tree_root(spec.ExecutionPayloadHeader(**values)))

    ours = PayloadHeader(**values)  # type: ignore[arg-type]

    depth = len(ours.block_hash_branch())
    assert ours.root() == root
    assert branch_root(ours.block_hash, ours.block_hash_branch(), 2**depth + 12) == root


def test_signatures_are_over_the_root_that_the_spec_signs() -> None:
    spec = spec_of("deneb")
    header = BeaconHeader(5, 6, filler("a"), filler("b"), filler("c"))
    version, genesis = bytes.fromhex("04000001"), filler("genesis")
    domain = spec.compute_domain(spec.DOMAIN_SYNC_COMMITTEE, version, genesis)
    theirs = spec.BeaconBlockHeader(
        slot=5, proposer_index=6, parent_root=filler("a"), state_root=filler("b"), body_root=filler("c")
    )

    ours = signing_root(header.root(), sync_committee_domain(version, genesis))

    assert ours == bytes(spec.compute_signing_root(theirs, domain))


@given(st.lists(hashes, min_size=1, max_size=40), st.data())
def test_every_leaf_is_under_the_root(chunks: list[Hash32], draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, len(chunks) - 1))
    branch = branch_of(chunks, index)

    assert branch_root(chunks[index], branch, (1 << len(branch)) + index) == merkle_root(chunks)


@pytest.mark.parametrize("size", [32, 512])
@given(draw=st.data())
@settings(max_examples=40)
def test_a_multiproof_leads_to_the_root_with_as_few_nodes_as_there_can_be(size: int, draw: st.DataObject) -> None:
    leaves = [filler(f"leaf {index}") for index in range(size)]
    tree = layers(leaves)
    indices = draw.draw(st.sets(st.integers(0, size - 1), min_size=1))
    depth = depth_of(size)

    nodes = multiproof(tree, indices)

    given_ = {index: bytes(leaves[index]) for index in indices}
    assert multiproof_root(given_, nodes, depth) == tree[-1][0]
    assert len(nodes) <= len(indices) * depth
    for place in range(len(nodes)):
        changed = [*nodes[:place], filler("x"), *nodes[place + 1 :]]
        assert multiproof_root(given_, changed, depth) != tree[-1][0]


def test_the_nodes_of_a_multiproof_come_bottom_up_and_left_to_right() -> None:
    assert multiproof_places([2, 3, 7], 3) == [(0, 6), (1, 0), (1, 2)]
    assert multiproof_places([0], 3) == [(0, 1), (1, 1), (2, 1)]
    assert multiproof_places(range(8), 3) == []


def test_the_root_of_keys_is_that_of_the_spec() -> None:
    spec = spec_of("deneb")
    keys = [public_key(number) for number in range(32)]
    theirs = spec.SyncCommittee(pubkeys=keys, aggregate_pubkey=public_key(1))

    assert key_tree(keys)[-1][0] == bytes(spec.hash_tree_root(theirs.pubkeys))


def test_a_branch_of_another_length_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="siblings"):
        branch_root(filler("leaf"), [filler("node")], 55)
