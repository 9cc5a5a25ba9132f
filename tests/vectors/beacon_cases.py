"""One case of a vector file: a scene of the beacon world, the contract before and after it."""

from __future__ import annotations

from dataclasses import replace

from light_clients.sync_committee.client import SyncCommitteeClient
from tests.vectors.beacon_world import MINIMAL, Scene, validators_of

Case = dict[str, object]


def constructor(client: SyncCommitteeClient) -> Case:
    """Everything the contract is deployed with."""
    network, first = client.network, min(client.committees)
    forks = network.forks
    return {
        "commitments": [str(client.committees[period]) for period in sorted(client.committees)],
        "committeeSize": hex(network.committee_size),
        "epochsPerPeriod": hex(network.epochs_per_period),
        "forkEpochs": [hex(fork.epoch) for fork in forks],
        "forkExecutionBlockHashes": [hex(fork.indices.execution_block_hash) for fork in forks],
        "forkFinalities": [hex(fork.indices.finality) for fork in forks],
        "forkNextCommittees": [hex(fork.indices.next_committee) for fork in forks],
        "forkVersions": ["0x" + fork.version.hex() for fork in forks],
        "genesisTime": hex(network.genesis_time),
        "genesisValidatorsRoot": str(network.genesis_validators_root),
        "secondsPerSlot": hex(network.seconds_per_slot),
        "slotsPerEpoch": hex(network.slots_per_epoch),
        "sourceChain": hex(client.source),
        "trustedPeriod": hex(first),
        "trustedSlot": hex(client.slot),
        "trustedTimestamp": hex(client.timestamp),
        "trustingPeriod": hex(network.trusting_period),
    }


def case(
    name: str,
    scene: Scene,
    rejects: str = "",
    *,
    update: bytes | None = None,
    now: int | None = None,
    client: SyncCommitteeClient | None = None,
) -> Case:
    """The update of a scene, or another one, with what the contract knows after it."""
    before = client or scene.client
    data = scene.update.encode() if update is None else update
    at = scene.now if now is None else now
    after = before if rejects else before.advance(data, at)[0]
    newest = max(after.committees)
    header = scene.header
    return constructor(before) | {
        "blockHash": str(header.hash()),
        "finalizedSlot": hex(after.slot),
        "freezes": hex(after.frozen),
        "height": hex(header.number),
        "name": name,
        "newestCommitment": str(after.committees[newest]),
        "newestPeriod": hex(newest),
        "now": hex(at),
        "receiptsRoot": str(header.receipts_root),
        "rejects": rejects,
        "stateRoot": str(header.state_root),
        "timestamp": hex(header.timestamp),
        "update": "0x" + data.hex(),
    }


def at(slot: int, following: int = 0) -> SyncCommitteeClient:
    """A client that trusts the committees of the slot's period and of as many after it."""
    scene = Scene(finalized_slot=slot)
    period = MINIMAL.period(slot)
    known = {p: validators_of(p).committee.commitment for p in range(period, period + following + 1)}
    return replace(scene.client, committees=known)


def number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def coordinate(value: int) -> bytes:
    return value.to_bytes(48, "big")


def flip(data: bytes, place: int, mask: int = 1) -> bytes:
    return data[:place] + bytes((data[place] ^ mask,)) + data[place + 1 :]
