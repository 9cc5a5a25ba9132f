"""Endpoints that lie, tamper, stall and fail: the pool survives, and unverified data never comes out of it."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from light_clients.evm.accounts import slot_value
from light_clients.types import Height, TrustedHeader
from relayer.adapters.evm.chain import EvmChain
from relayer.adapters.evm.headers import BlockReader
from relayer.domain.errors import Transient
from relayer.domain.events import GatewayEvent
from relayer.domain.slots import sent_accumulator_slot
from tests.adapters.support.anvil import Anvil, an_anvil
from tests.adapters.support.gateway import GATEWAY, LANE, THERE, a_message, accumulator_of, sent_logs
from tests.adapters.support.liar import Refusal, Tamper, a_liar, broken, garbage, silence, too_many_requests
from tests.adapters.support.opened import head_at, opened

MESSAGES = [a_message(b"one"), a_message(b"two")]
BLOCKS = 3


@dataclass(frozen=True)
class World:
    node: Anvil
    header: TrustedHeader
    events: list[GatewayEvent]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with an_anvil() as node:
        slot = str(sent_accumulator_slot(THERE))
        await node.rpc("anvil_setStorageAt", str(GATEWAY), slot, str(accumulator_of(MESSAGES)))
        await node.emit(GATEWAY, *sent_logs(MESSAGES))
        await node.mine(BLOCKS - 1)
        header, block_hash = BlockReader().header(await node.rpc("eth_getBlockByNumber", hex(BLOCKS), False))
        async with opened(node.http) as open_:
            await head_at(open_.chain, BLOCKS)
            events = list(await open_.chain.events(Height(0), Height(BLOCKS)))
        yield World(node, header.trusted(node.id, block_hash), events)


def lie(method: str, change: Callable[[Any], Any]) -> Tamper:
    def tamper(asked: str, _params: list[Any], result: Any) -> Any:
        return change(copy.deepcopy(result)) if asked == method and result else result

    return tamper


def with_changes(**changes: Any) -> Callable[[Any], Any]:
    return lambda result: result | changes


def each(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda results: [change(result) for result in results]


def another_byte(text: str) -> str:
    return text[:-2] + f"{int(text[-2:], 16) ^ 1:02x}"


def with_forged_data(log: Any) -> Any:
    """One bit of the payload, or of the last field."""
    return log | {"data": another_byte(log["data"][:-128]) + log["data"][-128:]}


def with_forged_topic(log: Any) -> Any:
    kind, first, *others = log["topics"]
    return log | {"topics": [kind, another_byte(first), *others]}


def with_forged_node(proof: Any) -> Any:
    first, *others = proof["accountProof"]
    return proof | {"accountProof": [another_byte(first), *others]}


LIES_ABOUT_LOGS = {
    "a forged payload": lie("eth_getLogs", each(with_forged_data)),
    "another emitter": lie("eth_getLogs", each(with_changes(address="0x" + "ee" * 20))),
    "another block": lie("eth_getLogs", each(with_changes(blockNumber="0x2"))),
    "an invented block": lie("eth_getLogs", each(with_changes(blockHash="0x" + "ab" * 32))),
    "a block that was not asked for": lie("eth_getLogs", each(with_changes(blockNumber="0x999"))),
    "one of a pair": lie("eth_getLogs", lambda logs: logs[:1] + logs[2:]),
    "the first of a pair": lie("eth_getLogs", lambda logs: logs[:3]),
    "out of order": lie("eth_getLogs", lambda logs: logs[2:] + logs[:2]),
    "twice": lie("eth_getLogs", lambda logs: logs + logs),
    "taken back": lie("eth_getLogs", each(with_changes(removed=True))),
    "no logs at all": lie("eth_getLogs", lambda _: []),
    "half of the logs": lie("eth_getLogs", lambda logs: logs[2:]),
    "a forged id": lie("eth_getLogs", each(with_forged_topic)),
    "no list": lie("eth_getLogs", lambda _: {"logs": []}),
    "no hex": lie("eth_getLogs", each(with_changes(data="0xzz"))),
    "a block of another hash": lie("eth_getBlockByNumber", with_changes(stateRoot="0x" + "01" * 32)),
}  # fmt: skip
LEFT_TO_THE_ACCUMULATOR = {"half of the logs"}
"""A block that speaks, but not of everything: the watcher notices, because the messages do not fold."""

LIES_ABOUT_PROOFS = {
    "a node changed": with_forged_node,
    "a node missing": lambda proof: proof | {"accountProof": proof["accountProof"][:-1]},
    "nothing": lambda proof: proof | {"accountProof": [], "storageProof": []},
    "no storage": lambda proof: proof | {"storageProof": [proof["storageProof"][0] | {"proof": []}]},
    "a node too many": lambda proof: proof | {"accountProof": proof["accountProof"] * 2},
    "another form": lambda _: "0x",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(set(LIES_ABOUT_LOGS) - LEFT_TO_THE_ACCUMULATOR))
async def test_a_lie_about_logs_is_overruled_by_an_honest_endpoint(world: World, kind: str) -> None:
    async with a_liar(world.node.http, LIES_ABOUT_LOGS[kind]) as liar, opened(liar.url, world.node.http) as open_:
        await head_at(open_.chain, BLOCKS)

        assert await open_.chain.events(Height(0), Height(BLOCKS)) == world.events


@pytest.mark.parametrize("kind", sorted(set(LIES_ABOUT_LOGS) - LEFT_TO_THE_ACCUMULATOR))
async def test_a_lie_about_logs_is_never_believed(world: World, kind: str) -> None:
    async with a_liar(world.node.http, LIES_ABOUT_LOGS[kind]) as liar, opened(liar.url) as open_:
        with pytest.raises(Transient):
            await open_.chain.events(Height(0), Height(BLOCKS))


@pytest.mark.parametrize("kind", LIES_ABOUT_PROOFS)
async def test_a_false_proof_is_never_believed(world: World, kind: str) -> None:
    tamper = lie("eth_getProof", LIES_ABOUT_PROOFS[kind])
    async with a_liar(world.node.http, tamper) as liar:
        async with opened(liar.url) as open_:
            with pytest.raises(Transient):
                await open_.chain.lane_proof(LANE, world.header)

        async with opened(liar.url, world.node.http) as open_:
            proof = await open_.chain.lane_proof(LANE, world.header)

    assert slot_value(world.header.state_root, GATEWAY, sent_accumulator_slot(THERE), proof) == accumulator_of(MESSAGES)


async def test_a_proof_of_another_block_is_never_believed(world: World) -> None:
    await world.node.rpc("anvil_setStorageAt", str(GATEWAY), str(sent_accumulator_slot(THERE)), "0x" + "07" * 32)
    stale = await world.node.rpc(
        "eth_getProof", str(GATEWAY), [str(sent_accumulator_slot(THERE))], hex(await world.node.mine())
    )
    async with a_liar(world.node.http, lie("eth_getProof", lambda _: stale)) as liar, opened(liar.url) as open_:
        with pytest.raises(Transient, match="does not verify"):
            await open_.chain.lane_proof(LANE, world.header)


@pytest.mark.parametrize("answer", [too_many_requests, broken, garbage, silence])
async def test_an_endpoint_that_fails_is_passed_over(world: World, answer: Any) -> None:
    async with a_liar(world.node.http) as liar, opened(liar.url, world.node.http, deadline=0.3) as open_:
        await head_at(open_.chain, BLOCKS)
        liar.answer = answer

        for _ in range(8):
            assert await open_.chain.events(Height(0), Height(BLOCKS)) == world.events
        asked = liar.asked.count("eth_getLogs")

        assert asked <= 3


async def test_an_endpoint_that_recovers_serves_again(world: World) -> None:
    async with a_liar(world.node.http) as liar, opened(liar.url, deadline=0.3) as open_:
        liar.answer = broken
        with pytest.raises(Transient, match="HTTP 500"):
            await open_.chain.events(Height(0), Height(BLOCKS))

        liar.answer = None

        assert await open_.chain.events(Height(0), Height(BLOCKS)) == world.events


async def test_a_stale_endpoint_does_not_hide_what_it_has_not_seen(world: World) -> None:
    genesis = await world.node.rpc("eth_getBlockByNumber", "0x0", False)

    def stale(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == "latest":
            return genesis
        return {"eth_getLogs": [], "eth_blockNumber": "0x0"}.get(method, result)

    async with a_liar(world.node.http, stale) as liar, opened(liar.url, world.node.http) as open_:
        await head_at(open_.chain, BLOCKS)

        assert await open_.chain.events(Height(0), Height(BLOCKS)) == world.events


async def test_one_of_three_endpoints_cannot_announce_the_future(world: World) -> None:
    async with an_anvil() as fabricated:
        await fabricated.mine(500)
        async with opened(fabricated.http, world.node.http, world.node.ws) as open_:
            head = await head_at(open_.chain, BLOCKS)
            await world.node.mine()

            assert head.number == BLOCKS
            assert (await head_at(open_.chain, BLOCKS + 1)).number == BLOCKS + 1
            assert await open_.chain.final_height() == BLOCKS + 1


async def test_a_minority_cannot_have_its_fork_attested(world: World) -> None:
    async with an_anvil() as fork:
        await fork.mine(BLOCKS)
        async with opened(fork.http, world.node.http, world.node.ws) as open_:
            header = await open_.final_headers.final_header(above=Height(BLOCKS - 1))
            assert header == world.header
            assert await open_.final_headers.final_header_at(Height(BLOCKS)) == world.header

        async with opened(fork.http, world.node.http) as open_:
            await head_at(open_.chain, BLOCKS)
            async with asyncio.timeout(5):
                with pytest.raises(Transient, match="1 of 2 endpoints agree on block 3"):
                    await open_.final_headers.final_header(above=Height(0))


async def test_a_majority_of_all_endpoints_is_needed_not_of_those_that_answer(world: World) -> None:
    async with opened(world.node.http, "http://127.0.0.1:1", "http://127.0.0.1:2", deadline=0.3) as open_:
        await head_at(open_.chain, BLOCKS)

        with pytest.raises(Transient, match="not final"):
            await open_.final_headers.final_header_at(Height(BLOCKS))


async def test_wide_ranges_are_split_until_the_endpoint_serves_them(world: World) -> None:
    def narrow(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getLogs" and int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) >= 7:
            raise Refusal("query returned more than 10000 results")
        return result

    await world.node.mine(100)
    async with a_liar(world.node.http, narrow) as liar, opened(liar.url) as open_:
        await head_at(open_.chain, 100)

        assert await _all(open_.chain, 100) == world.events


async def _all(chain: EvmChain, last: int) -> list[GatewayEvent]:
    return list(await chain.events(Height(0), Height(last)))
