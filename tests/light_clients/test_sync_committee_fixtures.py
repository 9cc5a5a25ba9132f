"""Real beacon data: Ethereum in Capella and Deneb, Sepolia in Electra, a devnet in Fulu."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from light_clients.errors import LightClientError, QuorumNotReached
from light_clients.sync_committee.beacon import LightClientUpdate
from light_clients.sync_committee.beacon_json import parse_bootstrap, parse_committee, parse_update
from light_clients.sync_committee.bootstrap import start
from light_clients.sync_committee.build import assemble
from light_clients.sync_committee.network import Network
from light_clients.sync_committee.presets import ETHEREUM, SEPOLIA
from light_clients.types import Hash32
from tests.light_clients.beacon_data import (
    DEVNET_FILES,
    SOURCE,
    Follower,
    a_follower,
    committee_of,
    devnet,
    devnet_updates,
    rebuilt,
    trusted_header,
)
from tests.light_clients.shared import load
from tests.vectors.beacon_world import filler

CAPELLA_BOOTSTRAP = Hash32.from_hex("0x5afc212a7924789b2bc86acad3ab3a6ffb1f6e97253ea50bee7f4f51422c9275")


def begun(network: Network, file: str, root: Hash32 | None = None) -> Follower:
    """A client that trusts the block of a bootstrap."""
    bootstrap = parse_bootstrap(load(file))
    now = network.time(bootstrap.header.beacon.slot)
    client, committee = start(SOURCE, network, bootstrap, root or bootstrap.header.beacon.root(), now)
    return Follower(client, {max(client.committees): committee})


def test_ethereum_is_followed_through_capella() -> None:
    follower = begun(ETHEREUM, "beacon_mainnet/capella/bootstrap_7069376.json", CAPELLA_BOOTSTRAP)
    older, update = (parse_update(load(f"beacon_mainnet/capella/update_period{period}.json")) for period in (862, 863))

    first = follower.follow(older)
    header = follower.follow(update)

    assert older.finalized is not None
    assert update.finalized is not None
    assert first == trusted_header(older.finalized)
    assert header == trusted_header(update.finalized)
    assert sorted(follower.client.committees) == [863, 864]
    assert (older.signed, update.signed) == (511, 512)


def test_ethereum_is_followed_through_deneb_over_a_change_of_committees() -> None:
    follower = begun(ETHEREUM, "beacon_mainnet/deneb/committee-change_BootstrapDeneb.json")
    update = parse_update(load("beacon_mainnet/deneb/committee-change_UpdateDeneb.json"))
    following = parse_update(load("beacon_mainnet/deneb/committee-change_UpdateNewPeriodDeneb.json"))
    period = ETHEREUM.period(update.signature_slot)

    follower.follow(update)
    header = follower.follow(following)

    assert sorted(follower.client.committees) == [period + 1, period + 2]
    assert following.finalized is not None
    assert header == trusted_header(following.finalized)


def sepolia() -> tuple[Follower, list[LightClientUpdate]]:
    committees = {
        SEPOLIA.period(7167008) + ahead: parse_committee(load(f"beacon_sepolia/electra/{name}_7167008.json"))
        for ahead, name in enumerate(("current_sync_committee", "next_sync_committee"))
    }
    slots = (7167008, 7167040)
    updates = [parse_update(load(f"beacon_sepolia/electra/finality_update_{slot}.json")) for slot in slots]
    return a_follower(SEPOLIA, committees, 7167008), updates


def test_sepolia_is_followed_in_electra() -> None:
    follower, updates = sepolia()

    for update in updates:
        header = follower.follow(update)
        assert update.finalized is not None
        assert header == trusted_header(update.finalized)
        assert follower.client.slot == update.finalized.beacon.slot

    assert min(update.signed for update in updates) < 512


@pytest.mark.parametrize("file", DEVNET_FILES)
def test_a_devnet_is_followed_in_fulu_with_its_execution_headers(file: str) -> None:
    network, content = devnet(file)
    served = list(devnet_updates(content))
    updates = [parse_update(update) for update, _ in served]
    first = parse_committee(served[0][1])
    known = {network.period(updates[0].signature_slot): first}
    follower = a_follower(network, known, content["client_state"]["latest_slot"])

    for update, (_, committee) in zip(updates, served, strict=True):
        assert update.finalized is not None
        assert rebuilt(update.finalized) is not None
        assert follower.follow(update) == trusted_header(update.finalized)
        signers = follower.committees[network.period(update.signature_slot)]
        assert signers == committee_of(parse_committee(committee))

    assert follower.client.slot == updates[-1].attested.beacon.slot - 16


def a_capella_update() -> tuple[Follower, Any]:
    follower = begun(ETHEREUM, "beacon_mainnet/capella/bootstrap_7069376.json")
    return follower, load("beacon_mainnet/capella/update_period862.json")


@pytest.mark.parametrize(
    ("path", "value", "rejects"),
    [
        (("attested_header", "beacon", "proposer_index"), "1", "SignatureInvalid"),
        (("attested_header", "beacon", "state_root"), str(filler("x")), "FinalityBranchInvalid"),
        (("finalized_header", "beacon", "proposer_index"), "1", "FinalityBranchInvalid"),
        (("finalized_header", "execution", "block_hash"), str(filler("x")), "ExecutionBranchInvalid"),
        (("finalized_header", "execution", "gas_used"), "1", "ExecutionBranchInvalid"),
        (("finality_branch", 0), str(filler("x")), "FinalityBranchInvalid"),
        (("finalized_header", "execution_branch", 3), str(filler("x")), "ExecutionBranchInvalid"),
        (("next_sync_committee_branch", 4), str(filler("x")), "NextCommitteeBranchInvalid"),
        (("signature_slot",), "7061719", "SlotsUnordered"),
        (("signature_slot",), "7078912", "CommitteeUnknown"),
        (("sync_aggregate", "sync_committee_bits"), "0x" + "55" * 64, "QuorumNotReached"),
        (("sync_aggregate", "sync_committee_bits"), "0x7f" + "ff" * 63, "SignatureInvalid"),
        (("sync_aggregate", "sync_committee_signature"), "0xc0" + "00" * 95, "PointInvalid"),
        (("sync_aggregate", "sync_committee_bits"), "0x" + "ff" * 4, "CommitteeSizeMismatch"),
        (("finality_branch", 5), None, "BeaconJsonMalformed"),
    ],
)
def test_real_updates_that_were_changed_break_the_named_rule(
    path: tuple[str | int, ...], value: str | None, rejects: str
) -> None:
    follower, served = a_capella_update()
    place: Any = served["data"]
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value

    with pytest.raises(LightClientError) as error:
        follower.follow(parse_update(served))

    assert type(error.value).__name__ == rejects


def test_a_real_update_is_refused_by_another_fork_table_and_another_genesis() -> None:
    follower, served = a_capella_update()
    update = parse_update(served)
    shifted = tuple(replace(fork, version=bytes(4)) for fork in ETHEREUM.forks)
    networks = [replace(ETHEREUM, forks=shifted), replace(ETHEREUM, genesis_validators_root=filler("x"))]

    for network in networks:
        follower.client = replace(follower.client, network=network)
        with pytest.raises(LightClientError) as error:
            follower.follow(update)
        assert type(error.value).__name__ == "SignatureInvalid"


def test_sepolia_keys_that_did_not_sign_are_counted() -> None:
    follower, updates = sepolia()
    update = updates[0]
    half = replace(update, bits=bytes(32) + update.bits[32:])

    with pytest.raises(QuorumNotReached) as error:
        follower.follow(half)

    assert error.value.needed == 342
    committee = follower.committees[SEPOLIA.period(update.signature_slot)]
    assert len(assemble(update, committee, b"\xc0", SEPOLIA).missing) == 512 - update.signed
