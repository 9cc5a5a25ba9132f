"""Puts an update together from what a beacon node served, without verifying it."""

from __future__ import annotations

from light_clients.crypto.bls import key_of_compressed, uncompressed_key, uncompressed_signature
from light_clients.ssz.containers import key_tree
from light_clients.sync_committee.beacon import CommitteeKeys, LightClientUpdate
from light_clients.sync_committee.committee import CommitteeSum, SyncCommittee
from light_clients.sync_committee.errors import CommitteeSizeMismatch, FinalityBranchInvalid
from light_clients.sync_committee.network import Network
from light_clients.sync_committee.wire import Handover, Update, absent
from light_clients.types import Hash32


def assemble(update: LightClientUpdate, committee: SyncCommittee, header: bytes, network: Network) -> Update:
    """The update as the contract reads it; `committee` is the one that signed, `header` the execution header's RLP."""
    for count in (len(committee.keys), 8 * len(update.bits)):
        if count != network.committee_size:
            raise CommitteeSizeMismatch(count, network.committee_size)
    if update.finalized is None:
        raise FinalityBranchInvalid
    places = absent(update.bits)
    return Update(
        signature_slot=update.signature_slot,
        attested=update.attested.beacon,
        finalized=update.finalized.beacon,
        finality_branch=update.finality_branch_at(network),
        execution_branch=update.finalized.block_hash_branch(network),
        execution_header=header,
        bits=update.bits,
        signature=uncompressed_signature(update.signature),
        committee=committee.sum,
        missing=tuple(map(committee.key, places)),
        nodes=committee.proof(places),
        handover=_handover(update, network),
    )


def _handover(update: LightClientUpdate, network: Network) -> Handover | None:
    """The next committee, if the update brings one that may be handed over to."""
    finalized = update.finalized
    if update.next_committee is None or finalized is None:
        return None
    if network.period(finalized.beacon.slot) != network.period(update.attested.beacon.slot):
        return None
    return Handover(sum_of(update.next_committee), update.next_committee_branch_at(network))


def sum_of(committee: CommitteeKeys) -> CommitteeSum:
    """Of keys that are not decoded; only whatever proves the committee makes it one."""
    aggregate = uncompressed_key(key_of_compressed(committee.aggregate))
    return CommitteeSum(Hash32(key_tree(committee.keys)[-1][0]), aggregate)
