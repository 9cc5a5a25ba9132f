"""The chain itself: one block a slot, each a state transition of the specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.beacon_chain.consensus import Block, Spec, State
from tests.beacon_chain.genesis import genesis
from tests.beacon_chain.validators import Absence, Validators

KEPT = 512
"""Slots behind the final block that can still be asked for."""


@dataclass(frozen=True)
class Link:
    """A block, and the state after it."""

    block: Block
    state: State
    root: bytes

    @property
    def slot(self) -> int:
        return int(self.block.message.slot)


class BeaconChain:
    """Blocks by slot; every validator attests, and the sync committee signs but for those absent."""

    def __init__(self, spec: Spec, validators: Validators, payload: Any, absence: Absence) -> None:
        self.spec = spec
        self._validators = validators
        self._absence = absence
        state, block = genesis(spec, validators, payload)
        self.genesis = self._link(block, state)
        self.head = self.genesis
        self.by_root: dict[bytes, Link] = {self.genesis.root: self.genesis}

    def time_of(self, slot: int) -> int:
        return int(self.spec.compute_time_at_slot(self.head.state, self.spec.Slot(slot)))

    @property
    def finalized(self) -> Link:
        """The newest final block as the head's state knows it; at first, genesis."""
        return self.finalized_by(self.head)

    def finalized_by(self, link: Link) -> Link:
        return self.by_root.get(bytes(link.state.finalized_checkpoint.root), self.genesis)

    def extend(self, payload: Any) -> Link:
        """The block of the next slot, with that payload."""
        spec = self.spec
        parent = self.head
        before = parent.state.copy()
        spec.process_slots(before, spec.Slot(parent.slot + 1))
        message = self._message(before, parent, payload)
        after = before.copy()
        spec.process_block(after, message)
        message.state_root = spec.hash_tree_root(after)
        block = self._validators.sign_block(before, message)
        assert spec.verify_block_signature(before, block)
        self.head = self._link(block, after)
        self.by_root[self.head.root] = self.head
        self._forget()
        return self.head

    def sign_header(self, state: State, root: bytes) -> Any:
        """The aggregate of the sync committee over a header, by the members who sign at that slot."""
        absent = self._absence.at(int(state.slot), int(self.spec.SYNC_COMMITTEE_SIZE))
        return self._validators.sign_header(state, root, absent)

    def _message(self, state: State, parent: Link, payload: Any) -> Any:
        spec = self.spec
        proposer = spec.get_beacon_proposer_index(state)
        body = spec.BeaconBlockBody(
            randao_reveal=self._validators.reveal_randao(state, proposer),
            eth1_data=state.eth1_data,
            sync_aggregate=self.sign_header(state, parent.root),
            execution_payload=payload,
            attestations=[self._validators.attest(state, parent.slot, parent.root)],
        )
        return spec.BeaconBlock(slot=state.slot, proposer_index=proposer, parent_root=parent.root, body=body)

    def _forget(self) -> None:
        """States are large: those well behind the final block have served their time."""
        oldest = self.finalized.slot - KEPT
        for root in [root for root, link in self.by_root.items() if 0 < link.slot < oldest]:
            del self.by_root[root]

    def _link(self, block: Block, state: State) -> Link:
        return Link(block, state, bytes(self.spec.hash_tree_root(block.message)))
