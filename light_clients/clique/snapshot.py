"""Who may seal the next block: the walk of EIP-225 over every header, with votes, turns and recency.

A contract cannot walk every header; the relayer does, to know the signers between two epochs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from light_clients.clique.errors import (
    CheckpointMismatch,
    DifficultyInvalid,
    ExtraDataMalformed,
    HeaderReserved,
    HeadersUnlinked,
    SignedRecently,
    SignerUnauthorized,
    VoteMalformed,
)
from light_clients.clique.seal import is_epoch, read_extra, signer_of
from light_clients.evm.header import Header
from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, Hash32, Height

FOR = b"\xff" * 8
AGAINST = bytes(8)
IN_TURN, OUT_OF_TURN = 2, 1

NO_OMMERS = Hash32.from_hex("0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347")
"""keccak-256 of the empty list."""

Votes = Mapping[tuple[Address, Address], bool]
"""What (signer, candidate) stands to: True is for, False is against."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The signers after one block, and the open votes on them."""

    epoch_length: int
    number: Height
    block_hash: Hash32
    signers: tuple[Address, ...]
    """Ascending."""
    recents: Mapping[int, Address] = field(default_factory=dict)
    """Who sealed the blocks that still keep their signer from sealing."""
    votes: Votes = field(default_factory=dict)

    @classmethod
    def of_checkpoint(cls, header: Header, epoch_length: int) -> Self:
        """The signers that a trusted epoch's header (or the genesis) lists; its own seal is not looked at."""
        if not is_epoch(header, epoch_length):
            raise ExtraDataMalformed
        signers = tuple(sorted(read_extra(header, epoch_length).signers))
        return cls(epoch_length, header.number, header.hash(), signers)

    @property
    def limit(self) -> int:
        """Of so many consecutive blocks a signer may seal one."""
        return len(self.signers) // 2 + 1

    def difficulty_of(self, number: int, signer: Address) -> int:
        """2 if the block `number` is the signer's turn, otherwise 1."""
        return IN_TURN if self.signers[number % len(self.signers)] == signer else OUT_OF_TURN

    def may_seal(self, signer: Address) -> bool:
        """Whether the signer may seal the next block."""
        return signer in self.signers and signer not in self._recents_at(self.number + 1).values()

    def walk(self, headers: Iterable[Header]) -> Snapshot:
        """The snapshot after all of `headers`, each the child of the one before."""
        after: Snapshot = self
        for header in headers:
            after = after.apply(header)
        return after

    def apply(self, header: Header) -> Snapshot:
        """The snapshot after the next header, or the rule that it breaks."""
        number = header.number
        if number != self.number + 1 or header.parent_hash != self.block_hash:
            raise HeadersUnlinked(number)
        self._check_fields(header)
        signer = signer_of(header, number)
        if signer not in self.signers:
            raise SignerUnauthorized(number, signer)
        recents = self._recents_at(number)
        if signer in recents.values():
            raise SignedRecently(number, signer)
        if header.difficulty != self.difficulty_of(number, signer):
            raise DifficultyInvalid(number, header.difficulty)
        sealed = replace(
            self,
            number=number,
            block_hash=header.hash(),
            recents={**recents, number: signer},
            votes={} if is_epoch(header, self.epoch_length) else self.votes,
        )
        return _voted(sealed, signer, header.beneficiary, authorize=header.nonce == FOR)

    def _check_fields(self, header: Header) -> None:
        if header.mix_hash != ZERO_HASH:
            raise HeaderReserved("mix_hash")
        if header.ommers_hash != NO_OMMERS:
            raise HeaderReserved("ommers_hash")
        if header.nonce not in (FOR, AGAINST):
            raise VoteMalformed(header.number)
        extra = read_extra(header, self.epoch_length)
        if is_epoch(header, self.epoch_length):
            if header.beneficiary != ZERO_ADDRESS or header.nonce != AGAINST:
                raise VoteMalformed(header.number)
            if extra.signers != self.signers:
                raise CheckpointMismatch(header.number)

    def _recents_at(self, number: int) -> dict[int, Address]:
        """Who may not seal block `number`, by the blocks they sealed."""
        return {at: signer for at, signer in self.recents.items() if at > number - self.limit}


def _voted(snapshot: Snapshot, signer: Address, candidate: Address, *, authorize: bool) -> Snapshot:
    """The vote replaces the signer's last on the candidate; one that would change nothing only withdraws it."""
    votes = {pair: vote for pair, vote in snapshot.votes.items() if pair != (signer, candidate)}
    if authorize != (candidate in snapshot.signers):
        votes[signer, candidate] = authorize
    after = replace(snapshot, votes=votes)
    tally = sum(on == candidate for _, on in votes)
    return _decided(after, candidate) if tally > len(snapshot.signers) // 2 else after


def _decided(snapshot: Snapshot, candidate: Address) -> Snapshot:
    """The candidate comes in or goes; votes on it are done with, and those of who went count no more.

    Recency looks at the limit anew at each block, so a smaller set frees whoever it must.
    """
    if candidate in snapshot.signers:
        signers = tuple(signer for signer in snapshot.signers if signer != candidate)
    else:
        signers = tuple(sorted((*snapshot.signers, candidate)))
    votes = {(by, on): vote for (by, on), vote in snapshot.votes.items() if on != candidate and by in signers}
    return replace(snapshot, signers=signers, votes=votes)
