"""The rules that a validator of a sealed chain goes by, without any process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from coincurve import PrivateKey

from light_clients.bft.extra_data import Dialect, ExtraData, Vote, decode_extra
from light_clients.evm.header import Header
from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, Bloom, Height
from relayer.adapters.signers.local import LocalSigner
from relayer.entrypoints.devnet.sealing.bft import OMMERS, Bft, BftConsensus
from relayer.entrypoints.devnet.sealing.clique import Clique
from relayer.entrypoints.devnet.sealing.consensus import Consensus, Kind, RefusedToSeal
from relayer.entrypoints.devnet.sealing.memory import Memory
from relayer.entrypoints.devnet.sealing.validator import Behind, Validator

SIGNERS = sorted((LocalSigner(bytes([n]) * 32) for n in range(1, 6)), key=lambda signer: signer.address)
KEYS = {LocalSigner(bytes([n]) * 32).address: PrivateKey(bytes([n]) * 32) for n in range(1, 6)}
A, B, C, D, NEW = (signer.address for signer in SIGNERS)
QBFT = Bft(Dialect.QBFT, 30_000)
Start = Callable[..., Validator]


def executed(number: int) -> Header:
    """What the node below says of a block."""
    return Header(
        parent_hash=ZERO_HASH,
        ommers_hash=OMMERS,
        beneficiary=ZERO_ADDRESS,
        state_root=ZERO_HASH,
        transactions_root=ZERO_HASH,
        receipts_root=ZERO_HASH,
        logs_bloom=Bloom(bytes(256)),
        difficulty=0,
        number=Height(number),
        gas_limit=30_000_000,
        gas_used=0,
        timestamp=1_000 + number,
        extra_data=b"",
        mix_hash=ZERO_HASH,
        nonce=bytes(8),
    )


GENESIS = QBFT.genesis(executed(0), [D, B, A, C])


def sealed_by(kind: Kind, proposal: Header, *signers: Address) -> Header:
    digest = kind.digest(proposal)
    return kind.assemble(proposal, {each: KEYS[each].sign_recoverable(digest, hasher=None) for each in signers})


def a_block(at: Consensus, wishes: dict[Address, bool] | None = None, kind: Kind = QBFT) -> Header:
    proposer = at.turn(0)
    proposal = at.propose(executed(at.height + 1), proposer, wishes or {}, 0)
    return sealed_by(kind, proposal, *(at.validators[: at.needed] if at.needed > 1 else (proposer,)))


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Start]:
    """Starts a validator, each time from the same memory."""
    with ExitStack() as stack:

        def start(signer: LocalSigner = SIGNERS[1], kind: Kind = QBFT, *, byzantine: bool = False) -> Validator:
            stack.enter_context(closing(memory := Memory(tmp_path / "memory")))
            validator = Validator(signer, kind, memory, byzantine=byzantine)
            if kind is QBFT:
                validator.learn([GENESIS])
            return validator

        yield start


def other(header: Header) -> Header:
    return replace(header, state_root=type(header.state_root)(b"\1" * 32))


def a_consensus() -> BftConsensus:
    return QBFT.start(GENESIS)


def voted(ballots: list[tuple[Address, Address, bool]]) -> BftConsensus:
    at = a_consensus()
    for voter, of, add in ballots:
        at = at.counted(voter, Vote(of, add))
    return at


def test_more_than_half_of_the_validators_vote_one_in() -> None:
    assert voted([(A, NEW, True), (B, NEW, True)]).validators == (A, B, C, D)
    assert voted([(A, NEW, True), (B, NEW, True), (C, NEW, True)]).validators == tuple(sorted((A, B, C, D, NEW)))


def test_a_vote_can_be_changed_and_counts_once() -> None:
    assert voted([(A, NEW, True), (A, NEW, True), (B, NEW, True)]).validators == (A, B, C, D)
    assert voted([(A, NEW, True), (B, NEW, True), (A, NEW, False), (C, NEW, True)]).validators == (A, B, C, D)


def test_who_is_voted_out_takes_its_votes_along() -> None:
    out = [(voter, A, False) for voter in (B, C, D)]

    after = voted([(A, NEW, True), *out])

    assert after.validators == (B, C, D)
    assert after.ballots == ()
    assert after.counted(B, Vote(NEW, add=True)).validators == (B, C, D)


def test_the_consensus_comes_back_from_json_as_it_was() -> None:
    at = replace(voted([(A, NEW, True), (B, C, False)]), height=7)
    clique = Clique(30_000)
    started = clique.start(clique.genesis(executed(0), [A, B, C]))
    later = started.after(a_block(started, {NEW: True}, clique))

    assert QBFT.resume(at.to_json()) == at
    assert clique.resume(later.to_json()) == later


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": Height(2)}, "does not follow"),
        ({"parent_hash": ZERO_HASH}, "another block"),
        ({"timestamp": 999}, "older"),
        ({"mix_hash": ZERO_HASH}, "mix hash"),
        ({"difficulty": 2}, "difficulty"),
        ({"nonce": b"\1" * 8}, "nonce"),
        ({"ommers_hash": ZERO_HASH}, "ommers"),
        ({"beneficiary": A}, "turn"),
        ({"extra_data": ExtraData(bytes(32), (A, B, C)).encode(Dialect.QBFT)}, "validators"),
        ({"extra_data": b"\xc0"}, "ExtraDataMalformed"),
    ],
)
async def test_a_proposal_that_breaks_a_rule_is_refused(started: Start, change: dict[str, object], words: str) -> None:
    proposal = a_consensus().propose(executed(1), B, {}, 0)

    with pytest.raises(RefusedToSeal, match=words):
        await started(SIGNERS[0]).seal(GENESIS, replace(proposal, **change))  # type: ignore[arg-type]


async def test_one_header_is_sealed_at_a_height_and_round_also_after_a_restart(started: Start) -> None:
    proposal = a_consensus().propose(executed(1), B, {}, 0)
    seal = await started().seal(GENESIS, proposal)

    again = started()

    assert await again.seal(GENESIS, proposal) == seal
    with pytest.raises(RefusedToSeal, match="sealed another block"):
        await again.seal(GENESIS, other(proposal))
    in_round_1 = a_consensus().propose(other(executed(1)), C, {}, 1)
    assert await again.seal(GENESIS, in_round_1)


async def test_a_byzantine_validator_seals_anything(started: Start) -> None:
    validator = started(byzantine=True)
    proposal = a_consensus().propose(executed(1), B, {}, 0)

    assert await validator.seal(GENESIS, proposal) != await validator.seal(GENESIS, other(proposal))


async def test_a_memory_that_was_cut_off_loses_only_the_seal_that_never_left(started: Start, tmp_path: Path) -> None:
    proposal = a_consensus().propose(executed(1), B, {}, 0)
    await started().seal(GENESIS, proposal)
    with (tmp_path / "memory").open("ab") as memory:
        memory.write(b'{"height":1,"slot":1,"dig')

    again = started()

    with pytest.raises(RefusedToSeal, match="sealed another block"):
        await again.seal(GENESIS, other(proposal))


async def test_a_validator_follows_only_what_a_quorum_sealed(started: Start) -> None:
    proposal = a_consensus().propose(executed(1), B, {}, 0)
    validator = started()
    seals = tuple(KEYS[each].sign_recoverable(QBFT.digest(proposal), hasher=None) for each in (A, B, NEW))
    extra = replace(decode_extra(proposal.extra_data, QBFT.dialect), seals=seals)
    by_a_stranger = replace(proposal, extra_data=extra.encode(QBFT.dialect))

    with pytest.raises(RefusedToSeal, match="2 seals of 3"):
        validator.learn([sealed_by(QBFT, proposal, A, B)])
    with pytest.raises(RefusedToSeal, match="no validator"):
        validator.learn([by_a_stranger])
    validator.learn([sealed_by(QBFT, proposal, A, B, D)])
    assert validator.height == 1


async def test_a_validator_says_how_far_it_is_behind(started: Start) -> None:
    at = a_consensus()
    blocks = []
    for _ in range(3):
        blocks.append(a_block(at))
        at = at.after(blocks[-1])
    validator = started()

    with pytest.raises(Behind) as behind:
        await validator.propose(blocks[-1], executed(4), 0)

    assert behind.value.height == 0
    validator.learn(blocks)
    with pytest.raises(RefusedToSeal, match="turn"):
        await validator.propose(blocks[-1], executed(4), 0)


async def test_a_signer_of_clique_seals_only_what_it_proposes(started: Start) -> None:
    clique = Clique(30_000)
    genesis = clique.genesis(executed(0), [A, B])
    validator = started(SIGNERS[1], clique)
    validator.learn([genesis])
    proposal, seal = await validator.propose(genesis, executed(1), 0)

    with pytest.raises(RefusedToSeal, match="proposes itself"):
        await validator.seal(genesis, other(proposal))

    assert clique.start(genesis).after(clique.assemble(proposal, {B: seal})).height == 1
    with pytest.raises(RefusedToSeal, match="sealed another block"):
        await validator.propose(genesis, other(executed(1)), 0)
