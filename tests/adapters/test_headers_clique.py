"""Headers of a Clique chain for a contract: deep enough, and every epoch's list of signers in its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from light_clients.clique.signers import Signers
from light_clients.evm.header import Header
from light_clients.types import Height
from relayer.adapters.headers.clique import CliqueRules
from relayer.adapters.headers.sealed import SealedChainHeaders
from relayer.domain.errors import Transient
from relayer.ports import Evidence
from tests.adapters.support.sealed_source import CliqueContract, Endpoints, SetClock
from tests.vectors.clique import NOW, SOURCE, TRUSTING, a_client
from tests.vectors.clique_chains import EPOCH, START, a_segment, addresses

DEPTH = 3


def a_chain(length: int, lists: str = "ABCD") -> list[Header]:
    """From block 1 on, sealed in turns; the blocks of an epoch list these signers."""
    return a_segment([number % 4 for number in range(1, length + 1)], first=1, lists=lists)


@dataclass
class Watched:
    """A chain, a contract that trusts its first signers, and the headers for it."""

    endpoints: Endpoints
    contract: CliqueContract
    clock: SetClock

    @property
    def headers(self) -> SealedChainHeaders:
        rules = CliqueRules(SOURCE, addresses("ABCD"), DEPTH, self.endpoints, self.contract, self.clock)
        return SealedChainHeaders("island", rules, self.endpoints, self.contract)


def watched(*shown: Sequence[Header]) -> Watched:
    return Watched(Endpoints(*shown), CliqueContract(a_client(confirmations=DEPTH)), SetClock(NOW))


async def test_the_newest_header_that_lies_deep_enough_is_proven() -> None:
    chain = a_chain(7)
    scene = watched(chain)

    update = await scene.headers.newest(Height(2))

    assert (update.header.height, update.signed) == (4, DEPTH)
    assert scene.contract.submit(update.update, NOW) == update.header
    assert update.header.block_hash == chain[3].hash()


async def test_a_header_is_awaited_until_it_lies_deep_enough() -> None:
    scene = watched(a_chain(6))
    waiting = asyncio.create_task(scene.headers.newest(Height(4)))
    await scene.endpoints.awaited.wait()

    scene.endpoints.show(a_chain(7)[-1])

    assert (await waiting).header.height == 4


async def test_strangers_on_top_make_no_depth() -> None:
    scene = watched(a_segment([1, 2, "X", "Y", "Z"], first=1))

    with pytest.raises(Transient, match="block 2 is not proven"):
        await scene.headers.newest(Height(2))


async def test_an_endpoint_that_shows_what_strangers_sealed_is_not_followed() -> None:
    chain = a_chain(5)
    scene = watched(a_segment([1, 2, "X", "Y", "Z"], first=1), chain)

    update = await scene.headers.newest(Height(2))

    assert update.header.block_hash == chain[1].hash()


async def test_every_epoch_is_due_in_its_turn_and_then_its_signers_are_known() -> None:
    scene = watched(a_chain(2 * EPOCH + DEPTH, lists="ABCDE"))

    first = await scene.headers.overdue()
    scene.contract.submit(first.update, NOW)
    second = await scene.headers.overdue()
    scene.contract.submit(second.update, NOW)

    assert [first.header.height, second.header.height] == [EPOCH, 2 * EPOCH]
    assert (EPOCH, EPOCH) in scene.endpoints.asked  # where those are listed whom the contract trusts by then
    assert scene.contract.client.signers == Signers.of(addresses("ABCDE"))


async def test_an_epoch_is_not_due_before_it_lies_deep_enough() -> None:
    scene = watched(a_chain(EPOCH + DEPTH - 1))
    waiting = asyncio.create_task(scene.headers.overdue())
    await scene.endpoints.awaited.wait()

    scene.endpoints.show(*a_chain(EPOCH + DEPTH + 7)[EPOCH + DEPTH - 1 :])

    assert (await waiting).header.height == EPOCH


async def test_trust_is_renewed_long_before_it_runs_out() -> None:
    scene = watched(a_chain(7))
    scene.clock.time = START + TRUSTING // 2

    update = await scene.headers.overdue()

    assert update.header.height == 4
    scene.contract.submit(update.update, scene.clock.time)


async def test_signers_that_no_header_lists_are_not_guessed() -> None:
    scene = watched(a_chain(EPOCH + DEPTH))
    signers = Signers.of(addresses("EFGH"))
    scene.contract.client = replace(scene.contract.client, signers=signers, signers_height=Height(EPOCH))

    with pytest.raises(Transient, match=f"block {EPOCH} does not list whom its light client trusts"):
        await scene.headers.newest(Height(2))


async def test_a_header_that_lists_nobody_where_signers_should_be_is_trouble_of_the_ordinary_kind() -> None:
    scene = watched(a_chain(7))
    signers = Signers.of(addresses("EFGH"))
    scene.contract.client = replace(scene.contract.client, signers=signers, signers_height=Height(1))

    with pytest.raises(Transient, match="SignersEmpty"):
        await scene.headers.overdue()


async def test_two_histories_that_a_majority_built_on_are_evidence() -> None:
    chain = a_chain(8)
    other = a_segment([number % 4 for number in range(1, 9)], first=1, before={2: {"gas_used": 21_000}})
    scene = watched(chain, other)

    found = await scene.headers.misbehaviour()

    assert isinstance(found, Evidence)
    one, two = scene.contract.client.verify_misbehaviour(found.proof, NOW)
    assert {one.block_hash, two.block_hash} == {chain[2].hash(), other[2].hash()}
