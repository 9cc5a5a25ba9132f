"""A QBFT chain of real processes: its headers are Besu's, and it lives through what a quorum lives through."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from light_clients.bft.extra_data import ISTANBUL_DIGEST, Dialect, block_hash, decode_extra, sealed
from light_clients.crypto.secp256k1 import compact, recover
from light_clients.evm.header import FRONTIER, PRAGUE, Header, decode_header
from light_clients.evm.rlp import decode_list
from light_clients.types import Address
from tests.entrypoints.sealing_support import SealedChain, a_sealed_chain
from tests.light_clients.shared import data, load

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[SealedChain]:
    async with a_sealed_chain(tmp_path) as chain:
        yield chain


def signers(header: Header, dialect: Dialect = Dialect.QBFT) -> set[Address]:
    parts = sealed(header, dialect)
    return {
        recover(parts.digest, compact(int.from_bytes(seal[:32], "big"), int.from_bytes(seal[32:64], "big"), seal[64]))
        for seal in parts.extra.seals
    }


async def test_headers_are_linked_and_sealed_by_a_quorum_of_their_validators(chain: SealedChain) -> None:
    await chain.mine(5)

    parent = (await chain.header(0))[1]
    for number in range(1, 6):
        header, announced = await chain.header(number)
        extra = decode_extra(header.extra_data, Dialect.QBFT)
        assert header.parent_hash == parent
        assert block_hash(header, Dialect.QBFT) == announced
        assert (header.mix_hash, header.difficulty, extra.round) == (ISTANBUL_DIGEST, 1, 0)
        assert extra.validators == tuple(chain.validators)
        assert header.beneficiary == extra.validators[number % 4]
        assert signers(header) <= set(extra.validators)
        assert len(signers(header)) == len(extra.seals) >= 3
        parent = announced


async def test_a_header_has_the_form_of_a_header_of_besu(chain: SealedChain) -> None:
    fixture = load("bft/qbft_besu_block7528_round1_4val.json")
    theirs = decode_header(data(fixture["headerRlp"]))
    await chain.mine()

    ours, announced = await chain.header(1)

    # Theirs is of Berlin: ours has the fields of later forks after those.
    same = ("mix_hash", "nonce", "difficulty", "ommers_hash")
    assert {name: getattr(ours, name) for name in same} == {name: getattr(theirs, name) for name in same}
    assert [len(decode_list(each.encode())) for each in (ours, theirs)] == [len(PRAGUE), len(FRONTIER)]
    extra_of_ours, extra_of_theirs = (decode_extra(each.extra_data, Dialect.QBFT) for each in (ours, theirs))
    assert len(extra_of_ours.vanity) == len(extra_of_theirs.vanity)
    assert len(extra_of_ours.seals) == len(extra_of_theirs.seals)
    assert list(extra_of_theirs.validators) == sorted(extra_of_theirs.validators)
    assert len(ours.extra_data) == len(theirs.extra_data)
    assert str(block_hash(theirs, Dialect.QBFT)) == fixture["expected"]["blockHash"]
    assert block_hash(ours, Dialect.QBFT) == announced


async def test_three_of_four_validators_are_enough(chain: SealedChain) -> None:
    dead = next(iter(chain.validators))
    await chain.validators[dead].kill()

    await chain.mine(5)

    assert all(dead not in signers(header) for header in await chain.headers(1, 5))


async def test_a_dead_proposer_costs_a_round(chain: SealedChain) -> None:
    proposer = list(chain.validators)[1]
    await chain.validators[proposer].kill()

    await chain.mine(2)

    rounds = [decode_extra(header.extra_data, Dialect.QBFT).round for header in await chain.headers(1, 2)]
    assert rounds == [1, 0]


async def test_a_silent_proposer_costs_its_time(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, options=("--block-seconds", "0", "--round-seconds", "0.3")) as chain:
        silent = list(chain.validators.values())[1].process
        assert silent is not None
        silent.send_signal(signal.SIGSTOP)

        await chain.mine()

        silent.send_signal(signal.SIGCONT)
        header, _ = await chain.header(1)
        assert decode_extra(header.extra_data, Dialect.QBFT).round >= 1


async def test_without_a_quorum_the_chain_halts_and_goes_on_when_it_is_back(chain: SealedChain) -> None:
    dead = list(chain.validators.values())[:2]
    for part in dead:
        await part.kill()

    mining = asyncio.ensure_future(chain.mine())
    await asyncio.wait([mining], timeout=2.5)
    assert not mining.done()
    assert await chain.head() == 0

    await dead[0].start()
    assert await mining == 1
    header, _ = await chain.header(1)
    assert decode_extra(header.extra_data, Dialect.QBFT).round >= 1


async def test_a_validator_that_was_away_seals_again(chain: SealedChain) -> None:
    address, part = next(iter(chain.validators.items()))
    await part.kill()
    await chain.mine(7)
    other = list(chain.validators.values())[1]

    await part.start()
    await other.kill()
    await chain.mine(3)

    assert all(address in signers(header) for header in await chain.headers(8, 10))


async def test_validators_are_voted_in_and_out_by_a_majority(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, validators=5, genesis=4) as chain:
        *council, newcomer = chain.validators
        for voter in council[:2]:
            await chain.vote(voter, newcomer, add=True)
        await chain.mine(5)
        assert newcomer not in decode_extra((await chain.header(5))[0].extra_data, Dialect.QBFT).validators

        await chain.vote(council[2], newcomer, add=True)
        await chain.mine(5)
        with_newcomer = decode_extra((await chain.header(10))[0].extra_data, Dialect.QBFT)
        assert with_newcomer.validators == (*council, newcomer)

        await chain.rpc("qbft_proposeValidatorVote", str(council[0]), False)
        await chain.mine(6)
        validators = await chain.rpc("qbft_getValidatorsByBlockNumber", "latest")
        assert validators == [str(each) for each in (*council[1:], newcomer)]


async def test_votes_are_forgotten_at_an_epoch(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, validators=5, genesis=4, epoch=3) as chain:
        *council, newcomer = chain.validators
        # block  1   2   3      4   5   6
        # votes  v1  v2  epoch  v0  v1  epoch    three of four are never together
        for voter in council[:3]:
            await chain.vote(voter, newcomer, add=True)

        await chain.mine(7)

        votes = [decode_extra(header.extra_data, Dialect.QBFT).vote for header in await chain.headers(1, 6)]
        assert [vote is not None for vote in votes] == [True, True, False, True, True, False]
        assert newcomer not in decode_extra((await chain.header(7))[0].extra_data, Dialect.QBFT).validators


async def test_ibft2_headers_are_sealed_and_hashed_as_its_dialect_says(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, "ibft2") as chain:
        await chain.mine(3)

        parent = (await chain.header(0))[1]
        for number in range(1, 4):
            header, announced = await chain.header(number)
            assert (header.parent_hash, block_hash(header, Dialect.IBFT2)) == (parent, announced)
            assert len(signers(header, Dialect.IBFT2)) >= 3
            parent = announced
