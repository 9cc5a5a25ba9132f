"""The client against the consensus spec: its sync and ranking vectors, and its validation of mutated updates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
import snappy
from eth_consensus_specs.test.helpers.keys import pubkey_to_privkey
from remerkleable.basic import boolean

from light_clients.errors import LightClientError, UpdateError
from light_clients.ssz.containers import PayloadHeader
from light_clients.ssz.merkle import branch_root
from light_clients.sync_committee.beacon import LightClientHeader
from light_clients.sync_committee.beacon_json import parse_update
from light_clients.sync_committee.build import assemble
from light_clients.sync_committee.client import DRIFT
from light_clients.sync_committee.errors import BootstrapMismatch, SyncCommitteeError
from light_clients.sync_committee.network import Fork
from light_clients.sync_committee.ranking import is_better_update
from light_clients.types import Hash32
from tests.light_clients.beacon_data import Follower, folder, rebuilt
from tests.light_clients.beacon_specs import SYNC_CASES, SpecCase, served, spec_of, spec_update
from tests.light_clients.shared import flipped
from tests.vectors.beacon_world import MINIMAL, filler

# What becomes of each update of a case, in order: the slot finalized, or the rule broken. Where the spec's store is
# forced onto a header that was never final, ours stays where it is and does not know the committees that follow.
LONG = (24, 72, 96, "FinalityBranchInvalid", 96, "FinalityBranchInvalid", "CommitteeUnknown", "CommitteeUnknown")
OUTCOMES: dict[str, tuple[int | str, ...]] = {
    "advance_finality_without_sync_committee": (24, 72, "FinalityBranchInvalid", 80, 80),
    "light_client_sync": LONG,
    "supply_sync_committee_from_past_update": (16,),
    "light_client_sync_no_force_update": (24, "FinalityBranchInvalid"),
}


@pytest.mark.parametrize("path", SYNC_CASES)
def test_updates_of_the_spec_are_followed_if_final_and_refused_by_name_if_not(path: str) -> None:
    case = SpecCase(path)
    follower = case.follower()
    steps = [step["process_update"] for step in case.steps if "process_update" in step]
    expected = OUTCOMES[path.rsplit("/", 1)[-1]]

    assert len(steps) == len(expected)
    for step, outcome in zip(steps, expected, strict=True):
        update = spec_update(case.update(step["update"]))
        now = case.network.time(int(step["current_slot"]))
        if isinstance(outcome, int):
            assert update.finalized is not None
            header = follower.follow(update, now)
            assert update.finalized.beacon.slot == outcome
            assert header.block_hash == update.finalized.block_hash
            assert follower.client.slot >= outcome
            assert rebuilt(update.finalized) is not None
        else:
            before = follower.client
            with pytest.raises((SyncCommitteeError, UpdateError)) as error:
                follower.follow(update, now)
            assert type(error.value).__name__ == outcome
            assert follower.client == before


@pytest.mark.parametrize("path", SYNC_CASES)
def test_a_bootstrap_of_another_block_is_refused(path: str) -> None:
    case = SpecCase(path)
    case.meta["trusted_block_root"] = str(filler("another block"))

    with pytest.raises(BootstrapMismatch):
        case.follower()


@pytest.mark.parametrize("field", ["current_sync_committee", "current_sync_committee_branch"])
def test_a_bootstrap_with_another_committee_is_refused(field: str) -> None:
    case = SpecCase(SYNC_CASES[3])
    if field == "current_sync_committee":
        keys = case.bootstrap.current_sync_committee.pubkeys
        keys[0], keys[1] = keys[1].copy(), keys[0].copy()
    else:
        case.bootstrap.current_sync_committee_branch[2] = filler("x")

    with pytest.raises(SyncCommitteeError) as error:
        case.follower()

    assert type(error.value).__name__ == "CurrentCommitteeBranchInvalid"


def test_updates_rank_as_the_spec_ranks_them() -> None:
    path = folder("beacon_spec_vectors/pyspec_minimal/electra/light_client/update_ranking/pyspec_tests/update_ranking")
    spec = spec_of("electra")
    files = sorted(path.glob("updates_*.ssz_snappy"), key=lambda file: int(file.name.split("_")[1].split(".")[0]))
    theirs = [spec.LightClientUpdate.decode_bytes(snappy.decompress(file.read_bytes())) for file in files]
    updates = list(map(spec_update, theirs))

    assert len(updates) == 57
    for better, worse in pairwise(updates):
        assert is_better_update(better, worse, MINIMAL)
        assert not is_better_update(worse, better, MINIMAL)
    for first in range(0, 57, 5):
        for second in range(57):
            ours = is_better_update(updates[first], updates[second], MINIMAL)
            assert ours == spec.is_better_update(theirs[first], theirs[second])


@dataclass
class Duel:
    """One update, judged by both."""

    spec: Any
    store: Any
    follower: Follower
    genesis: Hash32
    original: Any

    def theirs(self, update: Any, current_slot: int) -> bool:
        """The spec's answer, of what both look at: the attested execution header is no part of our updates."""
        seen = update.copy()
        seen.attested_header.execution = self.original.attested_header.execution
        seen.attested_header.execution_branch = self.original.attested_header.execution_branch
        try:
            self.spec.validate_light_client_update(self.store, seen, current_slot, self.genesis)
        except (AssertionError, IndexError, ValueError):
            return False
        return True

    def ours(self, update: Any, current_slot: int) -> str:
        """Empty if accepted, or the rule broken."""
        client = self.follower.client
        now = client.network.time(current_slot) - DRIFT
        try:
            read = parse_update(served(update))
            period = client.network.period(read.signature_slot)
            committee = self.follower.committees.get(period, self.follower.committees[0])
            header = rebuilt(read.finalized) if read.finalized is not None else None
            if header is not None:
                client.build_update(read, committee, header.encode(), now)
            else:
                assembled = assemble(read, committee, b"\xc0", client.network)
                assert read.finalized is not None
                client.check(assembled, read.finalized.block_hash, now)
        except LightClientError as error:
            return type(error).__name__
        return ""

    def stricter(self, update: Any) -> bool:
        """What we refuse by a rule of our own."""
        bits = sum(update.sync_aggregate.sync_committee_bits)
        final = any(any(bytes(node)) for node in update.finality_branch)
        return 3 * bits < 2 * len(update.sync_aggregate.sync_committee_bits) or not final


FUZZED = [path for path in SYNC_CASES if path.endswith("light_client_sync")]


def duels(path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Duel]:
    """The first two updates of a case, each before it is processed: the second is of the second period."""
    case = SpecCase(path)
    spec = case.configure(monkeypatch)
    store = spec.initialize_light_client_store(bytes(case.trusted_block_root), case.bootstrap)
    follower = case.follower()
    for step in case.steps[:2]:
        update = case.update(step["process_update"]["update"])
        yield Duel(spec, store, follower, case.genesis_validators_root, update)
        slot = int(step["process_update"]["current_slot"])
        spec.process_light_client_update(store, update.copy(), slot, case.genesis_validators_root)
        follower.follow(spec_update(update), case.network.time(slot))


@pytest.mark.parametrize("path", FUZZED)
def test_mutated_updates_are_judged_as_the_spec_judges_them(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(path)

    for duel in duels(path, monkeypatch):
        slot = int(duel.original.signature_slot)
        verdicts = set()
        for update, current_slot in [(duel.original, slot), *mutations(duel, slot, random)]:
            accepted, rule = duel.theirs(update, current_slot), duel.ours(update, current_slot)
            verdicts.add((accepted, rule))
            if accepted:
                assert not rule or duel.stricter(update), rule
            else:
                assert rule, "accepted what the spec refuses"
        assert (True, "") in verdicts
        assert {(True, "QuorumNotReached"), (True, "FinalityBranchInvalid"), (False, "SignatureInvalid")} <= verdicts


def mutations(duel: Duel, slot: int, random: Random) -> Iterator[tuple[Any, int]]:
    """Bytes changed anywhere, fields replaced, signatures made anew by fewer, and other times."""
    original = duel.original
    yield original, slot - 1
    yield original, slot + 1000
    for _ in range(80):
        yield scrambled(original.copy(), random), slot
    for change in CHANGES:
        update = original.copy()
        change(update)
        yield update, slot
        yield signed(duel, update, 32), slot
    for count in (0, 1, 10, 20, 21, 22, 23, 31, 32):
        yield signed(duel, original.copy(), count), slot


def scrambled(value: Any, random: Random) -> Any:
    """The same with one bit changed, in any field at any depth."""
    if isinstance(value, bytes):
        place = random.randrange(max(len(value), 1))
        return type(value)(flipped(value, place, 1 << random.randrange(8)) if value else b"x")
    if isinstance(value, int):
        kind: Any = type(value)
        return kind(value ^ 1 << random.randrange(8 * kind.type_byte_length()))
    if hasattr(value, "fields"):
        name = random.choice(list(value.fields()))
        setattr(value, name, scrambled(getattr(value, name), random))
    else:
        place = random.randrange(len(value))
        value[place] = not value[place] if isinstance(value[place], boolean) else scrambled(value[place], random)
    return value


def no_finality(update: Any) -> None:
    update.finalized_header = type(update.finalized_header)()
    update.finality_branch = type(update.finality_branch)()


def no_finalized_header(update: Any) -> None:
    update.finalized_header = type(update.finalized_header)()


def no_next_committee(update: Any) -> None:
    update.next_sync_committee = type(update.next_sync_committee)()
    update.next_sync_committee_branch = type(update.next_sync_committee_branch)()


def attested_is_finalized(update: Any) -> None:
    update.attested_header.beacon = update.finalized_header.beacon


def finalized_is_attested(update: Any) -> None:
    update.finalized_header = update.attested_header


def signed_too_early(update: Any) -> None:
    update.signature_slot = update.attested_header.beacon.slot


def signed_a_period_later(update: Any) -> None:
    update.signature_slot += 64


def another_state(update: Any) -> None:
    update.attested_header.beacon.state_root = filler("another state")


def another_proposer(update: Any) -> None:
    update.attested_header.beacon.proposer_index += 1


def another_block_hash(update: Any) -> None:
    update.finalized_header.execution.block_hash = filler("another block")


CHANGES: tuple[Callable[[Any], None], ...] = (
    no_finality,
    no_finalized_header,
    no_next_committee,
    attested_is_finalized,
    finalized_is_attested,
    signed_too_early,
    signed_a_period_later,
    another_state,
    another_proposer,
    another_block_hash,
)


def signed(duel: Duel, update: Any, count: int) -> Any:
    """The update, signed anew by the first `count` of the committee that should."""
    spec, size = duel.spec, 32
    period = int(update.signature_slot) // 64
    keys = duel.store.current_sync_committee if period == store_period(duel) else duel.store.next_sync_committee
    epoch = spec.compute_epoch_at_slot(max(int(update.signature_slot), 1) - 1)
    version = spec.compute_fork_version(epoch)
    domain = spec.compute_domain(spec.DOMAIN_SYNC_COMMITTEE, version, duel.genesis)
    root = spec.compute_signing_root(update.attested_header.beacon, domain)
    who = [pubkey_to_privkey[key] for key in keys.pubkeys[:count] if key in pubkey_to_privkey]
    aggregate = update.sync_aggregate
    aggregate.sync_committee_bits = [index < count for index in range(size)]
    if who:
        aggregate.sync_committee_signature = spec.bls.Aggregate([spec.bls.Sign(key, root) for key in who])
    return update


def store_period(duel: Duel) -> int:
    return int(duel.store.finalized_header.beacon.slot) // 64


@pytest.mark.parametrize("fork", ["capella", "deneb", "fulu", "gloas"])
def test_a_header_of_the_spec_proves_its_execution_block_in_gloas_containers_too(
    fork: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("CAPELLA", "DENEB", "ELECTRA", "FULU", "GLOAS")
    spec = spec_of("gloas")
    reached = ("capella", "deneb", "electra", "fulu", "gloas").index(fork)
    epochs = {f"{name}_FORK_EPOCH": spec.Epoch(1 if place <= reached else 1000) for place, name in enumerate(names)}
    monkeypatch.setattr(spec, "config", spec.config._replace(**epochs))
    block = spec_of(fork).SignedBeaconBlock()
    block.message.slot = 20
    body = block.message.body
    if fork == "gloas":
        body.signed_execution_payload_bid.message.parent_block_hash = filler("execution block")
    else:
        body.execution_payload.block_hash = filler("execution block")
    header = spec.block_to_light_client_header(block)
    update = spec.LightClientUpdate(attested_header=header, finalized_header=header, signature_slot=21)

    read: LightClientHeader = parse_update(served(update)).attested

    assert not isinstance(read.execution, PayloadHeader)
    assert read.block_hash == filler("execution block")
    network = replace(MINIMAL, forks=(Fork(1, bytes(4), MINIMAL.forks[reached].indices),))
    branch, gindex = read.block_hash_branch(network), network.fork(20).indices.execution_block_hash
    assert branch_root(read.block_hash, branch, gindex) == read.beacon.body_root
