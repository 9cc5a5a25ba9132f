"""A Clique chain of real processes passes the walk of EIP-225 over every header."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from light_clients.clique.seal import signer_of
from light_clients.clique.snapshot import IN_TURN, OUT_OF_TURN, Snapshot
from tests.entrypoints.sealing_support import SealedChain, a_sealed_chain

pytestmark = pytest.mark.timeout(180)
EPOCH = 30_000


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[SealedChain]:
    async with a_sealed_chain(tmp_path, "clique") as chain:
        yield chain


async def walked(chain: SealedChain, epoch: int = EPOCH) -> Snapshot:
    """The signers, by the votes in the headers alone."""
    genesis, *headers = await chain.headers(0, await chain.head())
    return Snapshot.of_checkpoint(genesis, epoch).walk(headers)


async def test_signers_take_turns(chain: SealedChain) -> None:
    await chain.mine(9)

    headers = await chain.headers(1, 9)

    assert (await walked(chain)).number == 9
    assert {header.difficulty for header in headers} == {IN_TURN}
    assert [signer_of(header) for header in headers] == [list(chain.validators)[n % 4] for n in range(1, 10)]
    block = await chain.rpc("eth_getBlockByNumber", "latest", False)
    assert (str(headers[-1].hash()), hex(1 + 9 * IN_TURN)) == (block["hash"], block["totalDifficulty"])


async def test_others_seal_out_of_turn_for_a_dead_signer(chain: SealedChain) -> None:
    dead = list(chain.validators)[1]
    await chain.validators[dead].kill()

    await chain.mine(12)

    assert (await walked(chain)).number == 12
    headers = await chain.headers(1, 12)
    assert dead not in {signer_of(header) for header in headers}
    assert {header.difficulty for header in headers} == {IN_TURN, OUT_OF_TURN}


async def test_signers_are_voted_in_and_out(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, "clique", validators=4, genesis=3) as chain:
        *council, newcomer = chain.validators
        await chain.rpc("clique_propose", str(newcomer), True)
        await chain.mine(4)
        assert (await walked(chain)).signers == (*council, newcomer)

        await chain.rpc("clique_propose", str(council[0]), False)
        await chain.mine(6)

        after = await walked(chain)
        assert after.signers == (*council[1:], newcomer)
        assert await chain.rpc("clique_getSigners") == [str(each) for each in after.signers]


async def test_an_epoch_lists_the_signers(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, "clique", validators=3, genesis=2, epoch=5) as chain:
        await chain.rpc("clique_propose", str(list(chain.validators)[2]), True)
        await chain.mine(12)

        after = await walked(chain, 5)

        checkpoint, _ = await chain.header(10)
        assert Snapshot.of_checkpoint(checkpoint, 5).signers == after.signers == tuple(chain.validators)
