"""The validators' keys, and everything that they sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.beacon_chain.consensus import Block, Spec, State

ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
"""Of the group that secret keys add up in."""


class Validators:
    """As many validators as asked for; validator i has a secret key made from i."""

    def __init__(self, spec: Spec, count: int) -> None:
        self._spec = spec
        self.secrets = [int.from_bytes(spec.hash(b"validator %d" % i), "big") % ORDER for i in range(count)]
        self.keys = [spec.bls.SkToPk(secret) for secret in self.secrets]
        self._secret_of = dict(zip(self.keys, self.secrets, strict=True))

    def __len__(self) -> int:
        return len(self.keys)

    def sign_block(self, state: State, message: Any) -> Block:
        signature = self._spec.get_block_signature(state, message, self.secrets[message.proposer_index])
        return self._spec.SignedBeaconBlock(message=message, signature=signature)

    def reveal_randao(self, state: State, proposer: int) -> bytes:
        spec = self._spec
        epoch = spec.get_current_epoch(state)
        root = spec.compute_signing_root(epoch, spec.get_domain(state, spec.DOMAIN_RANDAO, epoch))
        return bytes(spec.bls.Sign(self.secrets[proposer], root))

    def attest(self, state: State, slot: int, head: bytes) -> Any:
        """The attestation of every committee of that slot, aggregated into one."""
        spec = self._spec
        epoch = spec.compute_epoch_at_slot(slot)
        start = spec.compute_start_slot_at_epoch(epoch)
        target = head if start == slot else spec.get_block_root_at_slot(state, start)
        is_current = epoch == spec.get_current_epoch(state)
        source = state.current_justified_checkpoint if is_current else state.previous_justified_checkpoint
        data = spec.AttestationData(
            slot=slot, index=0, beacon_block_root=head, source=source, target=spec.Checkpoint(epoch=epoch, root=target)
        )
        committees = range(spec.get_committee_count_per_slot(state, epoch))
        attesters = [member for index in committees for member in spec.get_beacon_committee(state, slot, index)]
        attestation = spec.Attestation(aggregation_bits=[True] * len(attesters), data=data)
        for index in committees:
            attestation.committee_bits[index] = True
        root = spec.compute_signing_root(data, spec.get_domain(state, spec.DOMAIN_BEACON_ATTESTER, epoch))
        attestation.signature = self._sign_together((self.secrets[member] for member in attesters), root)
        return attestation

    def sign_header(self, state: State, root: bytes, absent: Iterable[int]) -> Any:
        """The sync aggregate that a block at the slot of `state` carries for its parent `root`."""
        spec = self._spec
        absentees = set(absent)
        keys: Sequence[bytes] = state.current_sync_committee.pubkeys
        bits = [index not in absentees for index in range(len(keys))]
        domain = spec.get_domain(state, spec.DOMAIN_SYNC_COMMITTEE, spec.compute_epoch_at_slot(state.slot - 1))
        signing_root = spec.compute_signing_root(spec.Root(root), domain)
        secrets = (self._secret_of[key] for key, is_set in zip(keys, bits, strict=True) if is_set)
        return spec.SyncAggregate(
            sync_committee_bits=bits, sync_committee_signature=self._sign_together(secrets, signing_root)
        )

    def _sign_together(self, secrets: Iterable[int], root: bytes) -> bytes:
        """The aggregate of their signatures of one message: that of the sum of their keys."""
        return bytes(self._spec.bls.Sign(sum(secrets) % ORDER, root))


@dataclass(frozen=True)
class Absence:
    """Members of the sync committee who do not sign: others in each slot."""

    count: int = 0

    def at(self, slot: int, size: int) -> list[int]:
        return [(7 * slot + 3 * i) % size for i in range(self.count)]
