"""Clique (EIP-225): signers take turns, each seals one of n/2 + 1 consecutive blocks, and they vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from light_clients.clique.seal import NO_SEAL, ExtraData, is_epoch, seal_hash, signer_of, unsealed
from light_clients.clique.snapshot import AGAINST, FOR, Snapshot
from light_clients.errors import LightClientError
from light_clients.evm.header import Header
from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, Hash32, Height
from relayer.entrypoints.devnet.sealing.consensus import RefusedToSeal

VANITY = b"lockkeeper devnet".ljust(32, b"\0")


@dataclass(frozen=True, slots=True)
class CliqueConsensus:
    """The signers after a block."""

    snapshot: Snapshot
    timestamp: int

    @property
    def height(self) -> int:
        return self.snapshot.number

    @property
    def hash(self) -> Hash32:
        return self.snapshot.block_hash

    @property
    def validators(self) -> tuple[Address, ...]:
        return self.snapshot.signers

    @property
    def needed(self) -> int:
        return 1

    def turn(self, round_: int) -> Address:
        """The signer in turn, then those after it; whoever sealed recently is passed over."""
        signers, first = self.validators, (self.height + 1) % len(self.validators)
        free = [each for each in (*signers[first:], *signers[:first]) if self.snapshot.may_seal(each)]
        return free[round_ % len(free)]

    def propose(self, template: Header, proposer: Address, wishes: Mapping[Address, bool], round_: int) -> Header:  # noqa: ARG002 - the order of rounds is all
        number = template.number
        epoch = is_epoch(template, self.snapshot.epoch_length)
        vote = None if epoch else self._vote(proposer, wishes)
        header = replace(
            template,
            parent_hash=self.hash,
            beneficiary=vote[0] if vote else ZERO_ADDRESS,
            difficulty=self.snapshot.difficulty_of(number, proposer),
            mix_hash=ZERO_HASH,
            nonce=FOR if vote and vote[1] else AGAINST,
        )
        return unsealed(header, VANITY, self.validators if epoch else ())

    def _vote(self, proposer: Address, wishes: Mapping[Address, bool]) -> tuple[Address, bool] | None:
        for account, add in sorted(wishes.items()):
            cast = self.snapshot.votes.get((proposer, account))
            if (account in self.validators) != add and cast is not add:
                return account, add
        return None

    def slot(self, round_: int) -> int:  # noqa: ARG002 - whatever the round
        return 0

    def check(self, proposal: Header) -> int:  # noqa: ARG002 - whatever it is
        raise RefusedToSeal("a signer of Clique seals what it proposes itself")

    def after(self, header: Header) -> Self:
        if header.timestamp < self.timestamp:
            raise RefusedToSeal("it is older than its parent")
        try:
            return replace(self, snapshot=self.snapshot.apply(header), timestamp=header.timestamp)
        except LightClientError as trouble:
            raise RefusedToSeal(str(trouble)) from trouble

    def to_json(self) -> Any:
        snapshot = self.snapshot
        return {
            "height": snapshot.number,
            "hash": str(snapshot.block_hash),
            "timestamp": self.timestamp,
            "signers": [str(each) for each in snapshot.signers],
            "recents": [[number, str(signer)] for number, signer in snapshot.recents.items()],
            "votes": [[str(by), str(on), add] for (by, on), add in snapshot.votes.items()],
        }


@dataclass(frozen=True, slots=True)
class Clique:
    """Clique; every `epoch` blocks a header lists the signers, and votes are forgotten."""

    epoch: int

    def genesis(self, template: Header, validators: Sequence[Address]) -> Header:
        return replace(
            template,
            parent_hash=ZERO_HASH,
            beneficiary=ZERO_ADDRESS,
            difficulty=1,
            extra_data=ExtraData(signers=tuple(sorted(validators))).encode(),
            mix_hash=ZERO_HASH,
            nonce=AGAINST,
        )

    def start(self, genesis: Header) -> CliqueConsensus:
        return CliqueConsensus(Snapshot.of_checkpoint(genesis, self.epoch), genesis.timestamp)

    def resume(self, saved: Any) -> CliqueConsensus:
        snapshot = Snapshot(
            self.epoch,
            Height(saved["height"]),
            Hash32.from_hex(saved["hash"]),
            tuple(map(Address.from_hex, saved["signers"])),
            {number: Address.from_hex(signer) for number, signer in saved["recents"]},
            {(Address.from_hex(by), Address.from_hex(on)): add for by, on, add in saved["votes"]},
        )
        return CliqueConsensus(snapshot, saved["timestamp"])

    def block_hash(self, header: Header) -> Hash32:
        return header.hash()

    def bare(self, header: Header) -> Header:
        return replace(header, extra_data=header.extra_data[: -len(NO_SEAL)] + NO_SEAL)

    def digest(self, proposal: Header) -> Hash32:
        return seal_hash(proposal)

    def assemble(self, proposal: Header, seals: Mapping[Address, bytes]) -> Header:
        (seal,) = seals.values()
        return replace(proposal, extra_data=proposal.extra_data[: -len(NO_SEAL)] + seal)

    def sealers(self, header: Header) -> Mapping[Address, bytes]:
        return {signer_of(header, header.number): header.extra_data[-len(NO_SEAL) :]}

    def eligible(self, header: Header) -> Sequence[Address]:
        """Another signer would stand elsewhere in the order, and the headers after it with it."""
        return tuple(self.sealers(header))
