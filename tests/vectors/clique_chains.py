"""Small Clique chains of our own making, sealed by keys that follow from their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from light_clients.clique.seal import seal_hash, unsealed, with_seal
from light_clients.clique.snapshot import AGAINST, FOR, NO_OMMERS, Snapshot
from light_clients.crypto.keccak import keccak256
from light_clients.evm.header import Header
from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, Bloom, Height
from tests.vectors.attesters import Attester, attester

PERIOD = 5
START = 1_800_000_000


def named(name: str) -> Attester:
    """The signer of that letter."""
    return attester(ord(name))


def addresses(names: Iterable[str]) -> tuple[Address, ...]:
    """Their addresses, ascending."""
    return tuple(sorted(named(name).address for name in names))


@dataclass(frozen=True)
class Block:
    """Who seals it, and what it says."""

    signer: str
    voted: str = ""
    auth: bool = False
    checkpoint: tuple[str, ...] = ()


def a_genesis(names: Iterable[str]) -> Header:
    blank = Header(
        parent_hash=ZERO_HASH,
        ommers_hash=NO_OMMERS,
        beneficiary=ZERO_ADDRESS,
        state_root=keccak256(b"state 0"),
        transactions_root=keccak256(b"\x80"),
        receipts_root=keccak256(b"\x80"),
        logs_bloom=Bloom(bytes(256)),
        difficulty=1,
        number=Height(0),
        gas_limit=30_000_000,
        gas_used=0,
        timestamp=START,
        extra_data=b"",
        mix_hash=ZERO_HASH,
        nonce=AGAINST,
        base_fee_per_gas=7,
    )
    return unsealed(blank, signers=addresses(names))


def child_of(parent: Header, block: Block, difficulty: int, changes: Mapping[str, object] | None = None) -> Header:
    """The next header, sealed; `changes` are made before the seal."""
    number = Height(parent.number + 1)
    header = replace(
        parent,
        parent_hash=parent.hash(),
        number=number,
        difficulty=difficulty,
        timestamp=parent.timestamp + PERIOD,
        state_root=keccak256(f"state {number}".encode()),
        receipts_root=keccak256(f"receipts {number}".encode()),
        beneficiary=named(block.voted).address if block.voted else ZERO_ADDRESS,
        nonce=FOR if block.auth else AGAINST,
    )
    bare = unsealed(header, signers=addresses(block.checkpoint))
    return resealed(replace(bare, **(changes or {})), block.signer)  # type: ignore[arg-type]


def resealed(header: Header, name: str) -> Header:
    """The header under that signer's seal."""
    return with_seal(header, named(name).sign(seal_hash(header)))


def chain(names: Iterable[str], blocks: Iterable[Block], epoch_length: int = 30_000) -> list[Header]:
    """The genesis and the headers after it, each with the difficulty of its signer's turn.

    A block that its signer may not seal ends the chain.
    """
    headers = [a_genesis(names)]
    snapshot = Snapshot.of_checkpoint(headers[0], epoch_length)
    for block in blocks:
        signer = named(block.signer).address
        headers.append(child_of(headers[-1], block, snapshot.difficulty_of(headers[-1].number + 1, signer)))
        if not snapshot.may_seal(signer):
            break
        snapshot = snapshot.apply(headers[-1])
    return headers


def ranked(names: Iterable[str]) -> list[str]:
    """The signers of those letters in the order of their addresses."""
    return sorted(names, key=lambda name: named(name).address)


EPOCH = 8
"""Short, so that a segment can reach one."""

Changes = Mapping[int, Mapping[str, object]]


def a_segment(
    who: Iterable[int | str], names: str = "ABCD", first: int = 5, before: Changes | None = None, lists: str = ""
) -> list[Header]:
    """A target and its confirmations, sealed by signers of those ranks, or strangers by their letters.

    `before` changes the header of an index before it is sealed; `lists` is what an epoch's header lists.
    """
    ranks = ranked(names)
    headers = [replace(a_genesis(names), number=Height(first - 1), timestamp=START + PERIOD * (first - 1))]
    for index, one in enumerate(who):
        number = headers[-1].number + 1
        name = ranks[one] if isinstance(one, int) else one
        block = Block(name, checkpoint=tuple(lists or names) if number % EPOCH == 0 else ())
        difficulty = 2 if number % len(ranks) == one else 1
        headers.append(child_of(headers[-1], block, difficulty, (before or {}).get(index)))
    return headers[1:]
