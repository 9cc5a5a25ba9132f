"""The walk of EIP-225 against a second one, written the other way round: with a mutable tally, as geth keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from light_clients.clique.errors import SignedRecently, SignerUnauthorized
from light_clients.clique.snapshot import Snapshot
from tests.vectors.clique_chains import Block, a_genesis, addresses, child_of, named

NAMES = "ABCDEF"


class Refused(Exception):
    """The signer may not seal this block."""


@dataclass
class Tallied:
    """Signers, recent signers, votes and a tally for each candidate, all changed in place."""

    epoch: int
    signers: set[str]
    recents: dict[int, str] = field(default_factory=dict)
    votes: list[tuple[str, str, bool]] = field(default_factory=list)
    tally: dict[str, tuple[bool, int]] = field(default_factory=dict)

    def apply(self, number: int, signer: str, candidate: str, authorize: bool) -> None:
        if number % self.epoch == 0:
            self.votes, self.tally = [], {}
        self.recents.pop(number - (len(self.signers) // 2 + 1), None)
        if signer not in self.signers or signer in self.recents.values():
            raise Refused
        self.recents[number] = signer
        for vote in list(self.votes):
            if vote[:2] == (signer, candidate):
                self.uncast(vote)
        if authorize != (candidate in self.signers):
            count = self.tally.get(candidate, (authorize, 0))[1]
            self.tally[candidate] = (authorize, count + 1)
            self.votes.append((signer, candidate, authorize))
        direction, count = self.tally.get(candidate, (False, 0))
        if count > len(self.signers) // 2:
            self.decide(number, candidate, direction)

    def uncast(self, vote: tuple[str, str, bool]) -> None:
        self.votes.remove(vote)
        direction, count = self.tally.pop(vote[1])
        if count > 1:
            self.tally[vote[1]] = (direction, count - 1)

    def decide(self, number: int, candidate: str, direction: bool) -> None:
        if direction:
            self.signers.add(candidate)
        else:
            self.signers.discard(candidate)
            self.recents.pop(number - (len(self.signers) // 2 + 1), None)
            for vote in list(self.votes):
                if vote[0] == candidate:
                    self.uncast(vote)
        self.votes = [vote for vote in self.votes if vote[1] != candidate]
        self.tally.pop(candidate, None)


letters = st.sampled_from(NAMES)
steps = st.lists(st.tuples(letters, st.one_of(st.just(""), letters), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=200)
@given(st.sets(letters, min_size=1), steps, st.sampled_from([3, 7, 30_000]))
def test_both_walks_agree_on_every_block(
    names: set[str], wanted: list[tuple[str, str, bool]], epoch_length: int
) -> None:
    last = a_genesis(names)
    snapshot, tallied = Snapshot.of_checkpoint(last, epoch_length), Tallied(epoch_length, set(names))

    for signer, candidate, authorize in wanted:
        if not tallied.signers:
            break
        number = last.number + 1
        listing = number % epoch_length == 0
        voted = "" if listing else candidate
        block = Block(signer, voted, authorize and bool(voted), tuple(tallied.signers) if listing else ())
        header = child_of(last, block, snapshot.difficulty_of(number, named(signer).address))
        try:
            after = snapshot.apply(header)
        except (SignedRecently, SignerUnauthorized):
            after = None
        assert (after is not None) == snapshot.may_seal(named(signer).address)
        before = Tallied(
            epoch_length, set(tallied.signers), dict(tallied.recents), list(tallied.votes), dict(tallied.tally)
        )
        try:
            tallied.apply(number, signer, voted, block.auth)
        except Refused:
            tallied = before
            assert after is None
            continue
        assert after is not None
        last, snapshot = header, after
        assert snapshot.signers == addresses(tallied.signers)
        votes = {(named(by).address, named(on).address): vote for by, on, vote in tallied.votes}
        assert dict(snapshot.votes) == votes
