"""Chains that our own rules seal, read by a node that others wrote: it takes what we take, and refuses what we refuse.

So votes, turns, recency and epochs mean the same to both, with as many signers as we like.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import rlp

from light_clients.clique.errors import (
    CheckpointMismatch,
    CliqueError,
    DifficultyInvalid,
    SignedRecently,
    SignerUnauthorized,
)
from light_clients.clique.snapshot import Snapshot
from light_clients.evm import trie
from light_clients.evm.header import Header
from light_clients.evm.rlp import decode_list
from tests.assumptions.clique_node import Ended, a_clique_node, a_genesis
from tests.vectors.clique_chains import Block, child_of, named, ranked, resealed
from tests.vectors.clique_chains import a_genesis as a_genesis_header

A, B, C = ranked("ABC")
EMPTY: Mapping[str, object] = {"state_root": trie.EMPTY_ROOT, "receipts_root": trie.EMPTY_ROOT}


class Growing:
    """A chain of empty blocks that somebody could seal now, block by block."""

    def __init__(self, names: str, epoch: int = 8) -> None:
        self.epoch = epoch
        genesis = a_genesis_header(names)
        self.headers = [replace(genesis, state_root=trie.EMPTY_ROOT, timestamp=int(time.time()) - 5_000)]
        self.snapshot = Snapshot.of_checkpoint(self.headers[0], epoch)
        self.names = names

    @property
    def lists(self) -> bool:
        """Whether the next block is an epoch's."""
        return (self.snapshot.number + 1) % self.epoch == 0

    def may_seal(self) -> list[str]:
        return [name for name in self.names if self.snapshot.may_seal(named(name).address)]

    def signers(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if named(name).address in self.snapshot.signers)

    def next(self, block: Block) -> Header:
        """The block's header in turn, whether it may be sealed or not."""
        number = self.snapshot.number + 1
        difficulty = self.snapshot.difficulty_of(number, named(block.signer).address)
        return child_of(self.headers[-1], block, difficulty, EMPTY)

    def grow(self, *blocks: Block) -> None:
        for block in blocks:
            header = self.next(block)
            self.snapshot = self.snapshot.apply(header)
            self.headers.append(header)


async def read_by_the_node(folder: Path, headers: Sequence[Header], epoch: int) -> list[str]:
    """The hashes of the blocks that it has read; raises `Ended` when it refuses one."""
    signers = Snapshot.of_checkpoint(headers[0], epoch).signers
    genesis = a_genesis(signers, epoch=epoch, started=headers[0].timestamp)
    file = folder / "blocks.rlp"
    file.write_bytes(b"".join(rlp.encode([decode_list(header.encode()), [], []]) for header in headers[1:]))
    async with a_clique_node(folder, genesis | {"alloc": {}}, "--loadBlocksFromRlp", str(file), sealing=False) as node:
        await node.reaches(len(headers) - 1)
        blocks = [await node.rpc("eth_getBlockByNumber", hex(number), False) for number in range(len(headers))]
        return [block["hash"] for block in blocks]


async def test_it_takes_votes_turns_and_epochs_that_we_take(tmp_path: Path) -> None:
    """As far as this node keeps to the EIP itself.

    After a decision it remembers votes that it should discard, so there is one decision an epoch. For a block after a
    signer has gone it looks one block too far back for who sealed lately, so nobody seals twice in four blocks.
    """
    dice, chain = Random(225), Growing("ABCDEF", epoch=20)
    changes, decided, last = 0, False, [""] * 3
    for number in range(1, 105):
        before, signer = chain.signers(), dice.choice([name for name in chain.may_seal() if name not in last])
        last = [*last[1:], signer]
        if chain.lists:
            chain.grow(Block(signer, checkpoint=before))
            decided = False
        elif not decided and dice.random() < 0.8:
            candidate = "AB"[number // chain.epoch % 2]
            chain.grow(Block(signer, candidate, auth=candidate not in before))
        else:
            chain.grow(Block(signer))
        if chain.signers() != before:
            changes, decided = changes + 1, True

    assert changes > 3
    read = await read_by_the_node(tmp_path, chain.headers, chain.epoch)
    assert read == [str(header.hash()) for header in chain.headers]


def sealed_by_a_stranger(chain: Growing) -> Header:
    return chain.next(Block("X"))


def sealed_too_soon(chain: Growing) -> Header:
    return chain.next(Block(C))


def of_another_turn(chain: Growing) -> Header:
    header = chain.next(Block(A))
    return resealed(replace(header, difficulty=3 - header.difficulty), A)


def listing_others(chain: Growing) -> Header:
    chain.grow(Block(A), Block(B), Block(C), Block(A), Block(B))
    return chain.next(Block(C, checkpoint=("A", "B", "D")))


@pytest.mark.parametrize(
    ("spoiled", "rule", "words"),
    [
        (sealed_by_a_stranger, SignerUnauthorized, "invalid PoA block signature"),
        (sealed_too_soon, SignedRecently, "recently signed"),
        (of_another_turn, DifficultyInvalid, "invalid clique difficulty"),
        (listing_others, CheckpointMismatch, "checkpoint signer not found"),
    ],
)
async def test_it_refuses_what_we_refuse(
    spoiled: Callable[[Growing], Header], rule: type[CliqueError], words: str, tmp_path: Path
) -> None:
    chain = Growing("ABC")
    chain.grow(Block(B), Block(C))
    header = spoiled(chain)

    with pytest.raises(rule):
        chain.snapshot.apply(header)
    with pytest.raises(Ended, match=words):
        await read_by_the_node(tmp_path, [*chain.headers, header], chain.epoch)
