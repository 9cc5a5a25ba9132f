"""The sync-committee client: nothing short of two thirds, each branch to its root, and nothing from another chain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from light_clients.crypto.bls import uncompressed_key
from light_clients.errors import (
    ClientFrozen,
    EvidenceInvalid,
    LightClientError,
    QuorumNotReached,
    RlpError,
    TrustExpired,
    UpdateMalformed,
)
from light_clients.interface import LightClient
from light_clients.sync_committee.client import SyncCommitteeClient
from light_clients.sync_committee.committee import SyncCommittee
from light_clients.sync_committee.errors import (
    AggregateMismatch,
    CommitteeUnknown,
    ForkUnknown,
    KeysProofInvalid,
    SlotsUnordered,
)
from light_clients.sync_committee.network import GLOAS
from light_clients.sync_committee.presets import ETHEREUM, GNOSIS, SEPOLIA
from light_clients.sync_committee.wire import decode_update, join_evidence
from light_clients.types import Hash32, Height, TrustedHeader
from tests.light_clients.shared import flipped
from tests.light_clients.sync_committee_cases import client_of
from tests.light_clients.vectors import Case, cases, name_of
from tests.vectors.beacon_world import MAINNET, MINIMAL, SOURCE, Scene, public_key, validators, validators_of

UPDATES = [*cases("sync_committee/updates.json"), *cases("sync_committee/bench.json")]


def rule_broken_by(error: pytest.ExceptionInfo[LightClientError]) -> str:
    return type(error.value).__name__


@pytest.mark.parametrize("case", UPDATES, ids=name_of)
def test_an_update_proves_its_header_or_breaks_the_named_rule(case: Case) -> None:
    client, now = client_of(case), case.number("now")
    expected = TrustedHeader(
        client.source,
        Height(case.number("height")),
        Hash32(case.data("blockHash")),
        Hash32(case.data("stateRoot")),
        Hash32(case.data("receiptsRoot")),
        case.number("timestamp"),
    )

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.advance(case.data("update"), now)
        assert rule_broken_by(error) == case.rejects
    else:
        after, header = client.advance(case.data("update"), now)
        assert header == expected
        assert after.frozen == bool(case.number("freezes"))
        assert after.slot == case.number("finalizedSlot")
        assert max(after.committees) == case.number("newestPeriod")
        assert after.committees[case.number("newestPeriod")] == case.data("newestCommitment")


@pytest.mark.parametrize("case", cases("sync_committee/evidence.json"), ids=name_of)
def test_evidence_contradicts_itself_or_breaks_the_named_rule(case: Case) -> None:
    client, now = client_of(case), case.number("now")

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify_misbehaviour(case.data("evidence"), now)
        assert rule_broken_by(error) == case.rejects
    else:
        one, _ = client.verify_misbehaviour(case.data("evidence"), now)
        assert one.height == case.number("height")


def test_the_client_is_a_light_client() -> None:
    client: LightClient = Scene().client

    assert client.source == SOURCE


@pytest.mark.parametrize("size", [32, 512])
def test_a_quorum_is_two_thirds_and_not_one_less(size: int) -> None:
    slot = 411_456 * 32
    scene = Scene(who=range(22)) if size == 32 else Scene(MAINNET, slot, slot + 66, slot + 67, who=range(342))
    short = replace(scene, who=range(len(scene.who or ()) - 1))

    scene.client.advance(scene.update.encode(), scene.now)
    with pytest.raises(QuorumNotReached) as error:
        scene.client.advance(short.update.encode(), scene.now)

    assert error.value.signed + 1 == error.value.needed == len(scene.who or ())


@pytest.mark.parametrize(
    "scene",
    [Scene(), Scene(who=[*range(2, 17), *range(18, 32)], hands_over=True)],
    ids=["everybody", "three away, handing over"],
)
def test_every_byte_of_an_update_counts(scene: Scene) -> None:
    update, client, now = scene.update.encode(), scene.client, scene.now

    for place in range(len(update)):
        with pytest.raises(LightClientError):
            client.advance(flipped(update, place, 1 << place % 8), now)


def test_a_sample_of_the_bytes_of_an_update_of_512_counts() -> None:
    slot = 411_456 * 32
    scene = Scene(MAINNET, slot, slot + 66, slot + 67, who=range(9, 512), hands_over=True)
    update, client, now = scene.update.encode(), scene.client, scene.now

    for place in range(0, len(update), 29):
        with pytest.raises(LightClientError):
            client.advance(flipped(update, place, 0x80), now)


@pytest.mark.parametrize("scene", [Scene(), Scene(who=range(3, 32), hands_over=True)], ids=["plain", "handing over"])
def test_every_prefix_of_an_update_is_malformed(scene: Scene) -> None:
    update = scene.update.encode()

    for length in range(len(update)):
        with pytest.raises((UpdateMalformed, RlpError)):
            decode_update(update[:length], MINIMAL)
    with pytest.raises(UpdateMalformed):
        decode_update(update + b"\0", MINIMAL)


@settings(max_examples=20)
@given(st.sets(st.integers(0, 31), max_size=10), st.booleans())
def test_whatever_is_encoded_reads_back(absentees: set[int], hands_over: bool) -> None:
    scene = Scene(who=[index for index in range(32) if index not in absentees], hands_over=hands_over)

    update = scene.update

    assert decode_update(update.encode(), MINIMAL) == update
    _, header = scene.client.advance(update.encode(), scene.now)
    assert header == scene.header.trusted(SOURCE, scene.header.hash())


@settings(max_examples=30)
@given(st.integers(2, 31), st.integers(0, 63), st.integers(0, 63), st.integers(0, 40))
def test_updates_of_every_fork_verify_in_any_slot(epoch: int, ahead: int, attested: int, signature: int) -> None:
    first = 8 * epoch
    slots = first, first + ahead, first + ahead + 1 + signature
    scene = Scene(finalized_slot=slots[0], attested_slot=slots[1], signature_slot=slots[2])
    period = MINIMAL.period(slots[2])
    client = replace(scene.client, committees={period: validators_of(period).committee.commitment})

    _, header = client.advance(scene.update.encode(), scene.now)

    assert header.height == first + 1000


def test_a_client_follows_handovers_and_forgets_old_committees() -> None:
    client = Scene(finalized_slot=80).client

    for period in range(1, 12):
        slot = 64 * period + 16
        scene = Scene(finalized_slot=slot, attested_slot=slot + 17, signature_slot=slot + 18, hands_over=True)
        client, header = client.advance(scene.update.encode(), scene.now)
        assert client.slot == slot
        assert client.timestamp == header.timestamp
        assert sorted(client.committees) == [period, period + 1]

    old = Scene(finalized_slot=80, attested_slot=97, signature_slot=98)
    with pytest.raises(CommitteeUnknown):
        client.advance(old.update.encode(), scene.now)


def test_another_next_committee_freezes_and_the_frozen_client_stays_so() -> None:
    scene = Scene(hands_over=True)
    client, _ = scene.client.advance(scene.update.encode(), scene.now)
    liar = replace(scene, following=validators(32, 9000))

    frozen, header = client.advance(liar.update.encode(), liar.now)

    assert frozen.frozen
    assert frozen.committees == client.committees
    assert header.height == scene.header.number
    with pytest.raises(ClientFrozen):
        frozen.advance(scene.update.encode(), scene.now)


def test_an_older_finalized_header_does_not_move_the_client_back() -> None:
    newer, older = Scene(finalized_slot=216), Scene(finalized_slot=208)
    client, _ = newer.client.advance(newer.update.encode(), newer.now)

    after, header = client.advance(older.update.encode(), older.now)

    assert after == client
    assert header.height == older.header.number


def test_trust_expires_for_evidence_too() -> None:
    scene = Scene()
    fork = replace(scene, text=" fork")
    late = scene.client.timestamp + MINIMAL.trusting_period + 1
    evidence = join_evidence(scene.update.encode(), fork.update.encode())

    with pytest.raises(TrustExpired):
        scene.client.verify_misbehaviour(evidence, late)


def test_evidence_is_only_built_of_a_contradiction() -> None:
    scene = Scene()
    one, other = scene.update.encode(), replace(scene, text=" fork").update.encode()

    evidence = scene.client.build_evidence(one, other, scene.now)

    assert evidence == len(one).to_bytes(4, "big") + one + other
    with pytest.raises(EvidenceInvalid):
        scene.client.build_evidence(one, one, scene.now)


def test_the_order_of_two_missing_keys_counts_even_when_their_sum_is_the_same() -> None:
    scene = Scene(who=range(2, 32))
    update = scene.update
    swapped = replace(update, missing=update.missing[::-1])

    with pytest.raises(KeysProofInvalid):
        scene.client.advance(swapped.encode(), scene.now)


def test_a_committee_must_add_up() -> None:
    keys = [public_key(number) for number in range(4)]
    committee = SyncCommittee.from_keys(keys)

    assert committee.key(2) == uncompressed_key(committee.points[2])
    with pytest.raises(AggregateMismatch):
        SyncCommittee.from_keys(keys, public_key(0))


@pytest.mark.parametrize("network", [ETHEREUM, SEPOLIA, GNOSIS])
def test_presets_know_their_forks(network: object) -> None:
    assert isinstance(network, type(MINIMAL))
    epochs = [fork.epoch for fork in network.forks]

    assert epochs == sorted(epochs)
    assert network.trusting_period > network.epochs_per_period * network.slots_per_epoch * network.seconds_per_slot
    with pytest.raises(ForkUnknown):
        network.fork(network.forks[0].epoch * network.slots_per_epoch - 1)
    for before, fork in zip((None, *network.forks), network.forks, strict=False):
        first = fork.epoch * network.slots_per_epoch
        assert network.fork(first) == fork
        assert before is None or network.fork(first - 1) == before


def test_gloas_is_one_more_row_of_the_table() -> None:
    assert MINIMAL.fork(256).indices == GLOAS
    assert MINIMAL.fork(255).indices != GLOAS


def test_a_client_that_knows_another_genesis_refuses_everything() -> None:
    scene = Scene()
    elsewhere = replace(scene.client, network=replace(MINIMAL, genesis_validators_root=Hash32(b"\1" * 32)))

    with pytest.raises(LightClientError) as error:
        elsewhere.advance(scene.update.encode(), scene.now)

    assert rule_broken_by(error) == "SignatureInvalid"


def test_slots_are_compared_before_anything_is_looked_up() -> None:
    scene = Scene(signature_slot=226)
    client: SyncCommitteeClient = replace(scene.client, committees={})

    with pytest.raises(SlotsUnordered):
        client.advance(scene.update.encode(), scene.now)
