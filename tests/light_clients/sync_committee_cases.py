"""The client that a vector's contract is deployed as."""

from __future__ import annotations

from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.network import Fork, Indices, Network
from light_clients.types import ChainId, Hash32
from tests.light_clients.vectors import Case


def network_of(case: Case) -> Network:
    rows = zip(
        case["forkEpochs"],
        case["forkVersions"],
        case["forkFinalities"],
        case["forkNextCommittees"],
        case["forkExecutionBlockHashes"],
        strict=True,
    )
    forks = tuple(
        Fork(int(epoch, 16), bytes.fromhex(version[2:]), Indices(*(int(index, 16) for index in indices)))
        for epoch, version, *indices in rows
    )
    return Network(
        genesis_validators_root=Hash32(case.data("genesisValidatorsRoot")),
        genesis_time=case.number("genesisTime"),
        forks=forks,
        seconds_per_slot=case.number("secondsPerSlot"),
        slots_per_epoch=case.number("slotsPerEpoch"),
        epochs_per_period=case.number("epochsPerPeriod"),
        committee_size=case.number("committeeSize"),
        trusting_period=case.number("trustingPeriod"),
    )


def client_of(case: Case) -> SyncCommitteeClient:
    first = case.number("trustedPeriod")
    committees = {first + place: Hash32.from_hex(text) for place, text in enumerate(case["commitments"])}
    source = ChainId(case.number("sourceChain"))
    return SyncCommitteeClient(
        source, network_of(case), committees, case.number("trustedSlot"), case.number("trustedTimestamp")
    )
