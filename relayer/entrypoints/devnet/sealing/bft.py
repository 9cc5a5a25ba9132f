"""QBFT and IBFT 2.0 as Besu has them: validators vote each other in and out, and two thirds of them seal a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from light_clients.bft.extra_data import (
    ISTANBUL_DIGEST,
    Dialect,
    ExtraData,
    Vote,
    block_hash,
    decode_extra,
    sealed,
)
from light_clients.crypto.secp256k1 import compact, recover
from light_clients.errors import LightClientError
from light_clients.evm.header import Header
from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, Hash32
from relayer.entrypoints.devnet.sealing.consensus import RefusedToSeal

VANITY = b"lockkeeper devnet".ljust(32, b"\0")
NO_NONCE = bytes(8)
OMMERS = Hash32.from_hex("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347")

Ballots = tuple[tuple[Address, Address, bool], ...]
"""Who voted on whom, and whether to add: at most one vote of a validator on an account counts."""


@dataclass(frozen=True, slots=True)
class BftConsensus:
    """The validators after a block and the votes that are open (Besu `VoteTally`)."""

    dialect: Dialect
    epoch: int
    height: int
    hash: Hash32
    timestamp: int
    validators: tuple[Address, ...]
    ballots: Ballots = ()

    @property
    def needed(self) -> int:
        return -(-2 * len(self.validators) // 3)

    def turn(self, round_: int) -> Address:
        return self.validators[(self.height + 1 + round_) % len(self.validators)]

    def propose(self, template: Header, proposer: Address, wishes: Mapping[Address, bool], round_: int) -> Header:
        extra = ExtraData(VANITY, self.validators, self._vote(template.number, proposer, wishes), round_)
        return replace(
            template,
            parent_hash=self.hash,
            beneficiary=proposer,
            difficulty=1,
            extra_data=extra.encode(self.dialect),
            mix_hash=ISTANBUL_DIGEST,
            nonce=NO_NONCE,
        )

    def _vote(self, number: int, proposer: Address, wishes: Mapping[Address, bool]) -> Vote | None:
        if number % self.epoch == 0:
            return None
        for account, add in sorted(wishes.items()):
            if (account in self.validators) != add and (proposer, account, add) not in self.ballots:
                return Vote(account, add)
        return None

    def slot(self, round_: int) -> int:
        return round_

    def check(self, proposal: Header) -> int:
        extra = self._extra(proposal)
        require(not extra.seals, "a proposal has no seals yet")
        self._check_header(proposal)
        require(extra.validators == self.validators, "its validators are not those that the votes say")
        require(proposal.beneficiary == self.turn(extra.round), f"it is not {proposal.beneficiary}'s turn")
        require(proposal.number % self.epoch != 0 or extra.vote is None, "nobody votes in the block of an epoch")
        return extra.round

    def _check_header(self, header: Header) -> None:
        require(header.number == self.height + 1, f"block {header.number} does not follow block {self.height}")
        require(header.parent_hash == self.hash, "its parent is another block")
        require(header.timestamp >= self.timestamp, "it is older than its parent")
        require(header.mix_hash == ISTANBUL_DIGEST, "its mix hash is not the Istanbul digest")
        require(header.difficulty == 1, "its difficulty is not 1")
        require(header.nonce == NO_NONCE, "its nonce is not zero")
        require(header.ommers_hash == OMMERS, "it has ommers")

    def after(self, header: Header) -> Self:
        kind = Bft(self.dialect, self.epoch)
        self.check(kind.bare(header))
        seals = kind.sealers(header)
        require(len(seals) == len(self._extra(header).seals), "somebody sealed twice")
        require(seals.keys() <= set(self.validators), "somebody sealed who is no validator")
        require(len(seals) >= self.needed, f"{len(seals)} seals of {self.needed}")
        moved = replace(self, height=header.number, hash=kind.block_hash(header), timestamp=header.timestamp)
        if header.number % self.epoch == 0:
            return replace(moved, ballots=())
        vote = self._extra(header).vote
        return moved if vote is None else moved.counted(header.beneficiary, vote)

    def counted(self, voter: Address, vote: Vote) -> Self:
        """Besu: a strict majority of the validators decides, and then every vote on or of the account is forgotten."""
        others = [each for each in self.ballots if each[:2] != (voter, vote.recipient)]
        ballots = [*others, (voter, vote.recipient, vote.add)]
        votes = sum(1 for _, recipient, add in ballots if (recipient, add) == (vote.recipient, vote.add))
        if votes < len(self.validators) // 2 + 1:
            return replace(self, ballots=tuple(ballots))
        left = [each for each in ballots if each[1] != vote.recipient and (vote.add or each[0] != vote.recipient)]
        validators = {*self.validators, vote.recipient} if vote.add else {*self.validators} - {vote.recipient}
        return replace(self, validators=tuple(sorted(validators)), ballots=tuple(left))

    def _extra(self, header: Header) -> ExtraData:
        try:
            return decode_extra(header.extra_data, self.dialect)
        except LightClientError as trouble:
            raise RefusedToSeal(str(trouble)) from trouble

    def to_json(self) -> Any:
        return {
            "height": self.height,
            "hash": str(self.hash),
            "timestamp": self.timestamp,
            "validators": [str(each) for each in self.validators],
            "ballots": [[str(voter), str(recipient), add] for voter, recipient, add in self.ballots],
        }


@dataclass(frozen=True, slots=True)
class Bft:
    """QBFT or IBFT 2.0; votes are forgotten every `epoch` blocks."""

    dialect: Dialect
    epoch: int

    def genesis(self, template: Header, validators: Sequence[Address]) -> Header:
        return replace(
            template,
            parent_hash=ZERO_HASH,
            beneficiary=ZERO_ADDRESS,
            difficulty=1,
            extra_data=ExtraData(bytes(32), tuple(sorted(validators))).encode(self.dialect),
            mix_hash=ISTANBUL_DIGEST,
            nonce=NO_NONCE,
        )

    def start(self, genesis: Header) -> BftConsensus:
        extra = decode_extra(genesis.extra_data, self.dialect)
        return BftConsensus(self.dialect, self.epoch, 0, self.block_hash(genesis), genesis.timestamp, extra.validators)

    def resume(self, saved: Any) -> BftConsensus:
        return BftConsensus(
            self.dialect,
            self.epoch,
            saved["height"],
            Hash32.from_hex(saved["hash"]),
            saved["timestamp"],
            tuple(map(Address.from_hex, saved["validators"])),
            tuple((Address.from_hex(voter), Address.from_hex(of), add) for voter, of, add in saved["ballots"]),
        )

    def block_hash(self, header: Header) -> Hash32:
        return block_hash(header, self.dialect)

    def bare(self, header: Header) -> Header:
        extra = replace(decode_extra(header.extra_data, self.dialect), seals=())
        return replace(header, extra_data=extra.encode(self.dialect))

    def digest(self, proposal: Header) -> Hash32:
        return sealed(proposal, self.dialect).digest

    def assemble(self, proposal: Header, seals: Mapping[Address, bytes]) -> Header:
        extra = decode_extra(proposal.extra_data, self.dialect)
        given = tuple(seals[each] for each in extra.validators if each in seals)
        return replace(proposal, extra_data=replace(extra, seals=given).encode(self.dialect))

    def sealers(self, header: Header) -> Mapping[Address, bytes]:
        parts = sealed(header, self.dialect)
        try:
            return {recover(parts.digest, short(seal)): seal for seal in parts.extra.seals}
        except LightClientError as trouble:
            raise RefusedToSeal(str(trouble)) from trouble

    def eligible(self, header: Header) -> Sequence[Address]:
        return decode_extra(header.extra_data, self.dialect).validators


def short(seal: bytes) -> bytes:
    """A seal of 65 bytes, r ‖ s ‖ v, in the 64 of EIP-2098."""
    require(len(seal) == 65 and seal[64] < 2, "a seal is r, s and a parity")
    return compact(int.from_bytes(seal[:32], "big"), int.from_bytes(seal[32:64], "big"), seal[64])


def require(true: bool, words: str) -> None:
    if not true:
        raise RefusedToSeal(words)
