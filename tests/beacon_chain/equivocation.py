"""A committee that lies: it signs a second history, with another final header for a slot that it has finalized."""

from __future__ import annotations

from typing import Any

from tests.beacon_chain.chain import BeaconChain, Link


def contradicting_update(chain: BeaconChain, link: Link) -> Any:
    """A finality update that verifies as well as the honest one of this block, and contradicts it.

    Same slots, same execution block; another graffito, hence another final header, and another state to attest to.
    """
    spec = chain.spec
    attested = chain.by_root[bytes(link.block.message.parent_root)]
    finalized = chain.finalized_by(attested).block.copy()
    finalized.message.body.graffiti = spec.Bytes32(b"another history".ljust(32))
    state = attested.state.copy()
    state.finalized_checkpoint.root = spec.hash_tree_root(finalized.message)
    block = attested.block.copy()
    block.message.state_root = spec.hash_tree_root(state)
    gindex = spec.finalized_root_gindex_at_slot(state.slot)
    return spec.LightClientFinalityUpdate(
        attested_header=spec.block_to_light_client_header(block),
        finalized_header=spec.block_to_light_client_header(finalized),
        finality_branch=spec.FinalityBranch(spec.compute_merkle_proof(state, gindex)),
        sync_aggregate=chain.sign_header(link.state, bytes(spec.hash_tree_root(block.message))),
        signature_slot=link.slot,
    )
