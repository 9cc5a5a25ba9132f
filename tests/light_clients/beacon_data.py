"""Real and spec-made beacon data, as the client's values; execution headers where the data suffices to rebuild them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from light_clients.crypto.keccak import keccak256
from light_clients.evm.header import Header
from light_clients.ssz.containers import PayloadHeader
from light_clients.sync_committee.beacon import CommitteeKeys, LightClientHeader, LightClientUpdate
from light_clients.sync_committee.build import assemble
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.committee import SyncCommittee
from light_clients.sync_committee.network import CAPELLA, DENEB, ELECTRA, FULU, Fork, Network
from light_clients.types import ChainId, Hash32, TrustedHeader
from tests.light_clients.shared import FOLDER

EMPTY_LIST = keccak256(b"\xc0")
EMPTY_TRIE = keccak256(b"\x80")
NO_REQUESTS = Hash32(sha256(b"").digest())
SOURCE = ChainId(1)


def folder(name: str) -> Path:
    """That folder of the fixtures; the test is skipped where there are none."""
    if not FOLDER.is_dir():
        pytest.skip(f"no real-world data at {FOLDER} (set LOCKKEEPER_FIXTURES)")
    return FOLDER / name


def rebuilt(header: LightClientHeader) -> Header | None:
    """The execution header of an empty block, if this is one: its tries' roots are not in the payload's header."""
    payload = header.execution
    assert isinstance(payload, PayloadHeader)
    plain = Header(
        parent_hash=payload.parent_hash,
        ommers_hash=EMPTY_LIST,
        beneficiary=payload.fee_recipient,
        state_root=payload.state_root,
        transactions_root=EMPTY_TRIE,
        receipts_root=payload.receipts_root,
        logs_bloom=payload.logs_bloom,
        difficulty=0,
        number=payload.block_number,
        gas_limit=payload.gas_limit,
        gas_used=payload.gas_used,
        timestamp=payload.timestamp,
        extra_data=payload.extra_data,
        mix_hash=payload.prev_randao,
        nonce=bytes(8),
        base_fee_per_gas=payload.base_fee_per_gas,
        withdrawals_root=EMPTY_TRIE,
    )
    deneb = replace(
        plain,
        blob_gas_used=payload.blob_gas_used,
        excess_blob_gas=payload.excess_blob_gas,
        parent_beacon_block_root=header.beacon.parent_root,
    )
    candidates = [plain, deneb, replace(deneb, requests_hash=NO_REQUESTS)]
    for candidate in candidates if payload.blob_gas_used is not None else [plain]:
        if candidate.hash() == payload.block_hash:
            return candidate
    return None


@dataclass
class Follower:
    """A client with the committees that sign for it, fed with what beacon nodes serve."""

    client: SyncCommitteeClient
    committees: dict[int, SyncCommittee]

    def follow(self, update: LightClientUpdate, now: int | None = None) -> TrustedHeader:
        """Advances by the update; by the beacon chain's rules alone where the execution header cannot be rebuilt."""
        network = self.client.network
        at = network.time(update.signature_slot) if now is None else now
        period = network.period(update.signature_slot)
        committee = self.committees.get(period) or next(iter(self.committees.values()))
        assert update.finalized is None or isinstance(update.finalized.execution, PayloadHeader)
        header = rebuilt(update.finalized) if update.finalized is not None else None
        if header is not None:
            built = self.client.build_update(update, committee, header.encode(), at)
            self.client, trusted = self.client.advance(built, at)
        else:
            read = assemble(update, committee, b"\xc0", network)
            assert update.finalized is not None
            trusted = trusted_header(update.finalized)
            self.client.check(read, trusted.block_hash, at)
            self.client = self.client._after(read, trusted)
        self._learn(update)
        return trusted

    def _learn(self, update: LightClientUpdate) -> None:
        period = self.client.network.period(update.attested.beacon.slot) + 1
        if update.next_committee is not None and period in self.client.committees:
            self.committees[period] = committee_of(update.next_committee)


def trusted_header(header: LightClientHeader) -> TrustedHeader:
    payload = header.execution
    assert isinstance(payload, PayloadHeader)
    roots = payload.block_hash, payload.state_root, payload.receipts_root
    return TrustedHeader(SOURCE, payload.block_number, *roots, payload.timestamp)


def committee_of(keys: CommitteeKeys) -> SyncCommittee:
    return SyncCommittee.from_keys(keys.keys, keys.aggregate)


def a_follower(network: Network, committees: dict[int, CommitteeKeys], slot: int) -> Follower:
    known = {period: committee_of(keys) for period, keys in committees.items()}
    commitments = {period: committee.commitment for period, committee in known.items()}
    return Follower(SyncCommitteeClient(SOURCE, network, commitments, slot, network.time(slot)), known)


DEVNET_FILES = (
    "Test_MultiPeriodClientUpdateToCosmos.json",
    "Test_ICS20TransferERC20TokenfromEthereumToCosmosAndBack.json",
)


def devnet(file: str) -> tuple[Network, dict[str, Any]]:
    """A Fulu devnet of the minimal preset, and the whole file."""
    content = json.loads((folder("beacon_devnet_fulu") / file).read_text())
    state = content["client_state"]
    rows = [("capella", CAPELLA), ("deneb", DENEB), ("electra", ELECTRA), ("fulu", FULU)]
    forks = [
        Fork(row["epoch"], bytes.fromhex(row["version"][2:]), indices)
        for name, indices in rows
        for row in [state["fork_parameters"][name]]
    ]
    network = Network(
        genesis_validators_root=Hash32.from_hex(state["genesis_validators_root"]),
        genesis_time=state["genesis_time"],
        forks=tuple(forks),
        seconds_per_slot=state["seconds_per_slot"],
        slots_per_epoch=state["slots_per_epoch"],
        epochs_per_period=state["epochs_per_sync_committee_period"],
        committee_size=state["sync_committee_size"],
    )
    return network, content


def as_served(value: Any) -> Any:
    """The consensus update of the devnet files as a beacon node serves it: numbers in decimal, nothing null."""
    if isinstance(value, dict):
        served = {key: as_served(item) for key, item in value.items() if item is not None}
        if str(served.get("base_fee_per_gas", "")).startswith("0x"):
            served["base_fee_per_gas"] = str(int(served["base_fee_per_gas"], 16))
        return served
    return value


def devnet_updates(content: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Each update with the committee that signed it."""
    for message in content["messages"]:
        if message["kind"] == "update":
            (committee,) = message["data"]["active_sync_committee"].values()
            yield as_served(message["data"]["consensus_update"]), committee
