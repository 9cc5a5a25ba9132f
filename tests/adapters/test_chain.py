"""The `Chain` port against a real node."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from eth_abi.abi import encode

from light_clients.evm.accounts import slot_value
from light_clients.types import Address, Hash32, Height, TrustedHeader
from relayer.adapters.evm.chain import FinalityRule
from relayer.adapters.evm.headers import BlockReader
from relayer.domain.errors import Misconfigured, Transient
from relayer.domain.events import (
    BatchDelivered,
    BouncesPaid,
    FeesClaimed,
    MessageBounced,
    MessageExpired,
    MessageExpressed,
    MessageFailed,
    MessageRetried,
    MessageSent,
)
from relayer.domain.ids import Nonce, Wei
from relayer.domain.message import lane_id
from relayer.domain.slots import sent_accumulator_slot
from relayer.ports import Finality
from tests.adapters.support.anvil import Anvil, Log, an_anvil
from tests.adapters.support.gateway import (
    BACK,
    GATEWAY,
    HERE,
    LANE,
    THERE,
    a_message,
    accumulator_of,
    delivered_log,
    outcome_log,
    payment_log,
    sent_logs,
)
from tests.adapters.support.opened import head_at, opened


@pytest.fixture
async def node() -> AsyncIterator[Anvil]:
    async with an_anvil() as node:
        yield node


async def trusted(node: Anvil, number: int) -> TrustedHeader:
    header, block_hash = BlockReader().header(await node.rpc("eth_getBlockByNumber", hex(number), False))
    return header.trusted(node.id, block_hash)


@pytest.mark.parametrize("transport", ["http", "ws"])
async def test_heads_are_announced_as_they_come(node: Anvil, transport: str) -> None:
    async with opened(getattr(node, transport)) as open_:
        await head_at(open_.chain, 0)
        number = await node.mine()

        head = await head_at(open_.chain, number)

        assert head == await open_.chain.block(Height(number))
        assert head.parent_hash == (await trusted(node, number - 1)).block_hash


@pytest.mark.parametrize("transport", ["http", "ws"])
async def test_a_reorg_is_announced(node: Anvil, transport: str) -> None:
    async with opened(getattr(node, transport)) as open_:
        number = await node.mine(3)
        before = await head_at(open_.chain, number)
        await node.rpc("anvil_reorg", 2, [])

        async with asyncio.timeout(10):
            async for after in open_.chain.heads():
                if after.hash != before.hash:
                    break

        assert after.number <= before.number


async def test_there_is_no_block_beyond_the_head(node: Anvil) -> None:
    async with opened(node.http) as open_:
        await head_at(open_.chain, 0)

        assert await open_.chain.block(Height(99)) is None


@pytest.mark.parametrize("transport", ["http", "ws"])
async def test_events_come_decoded_and_placed(node: Anvil, transport: str) -> None:
    messages = [a_message(b"one"), a_message(b"", deadline=9, gas_limit=1)]
    relayer, identity = Address(b"\x0c" * 20), Hash32(b"\x0d" * 32)
    sent_in = await node.emit(GATEWAY, *sent_logs(messages))
    outcomes = [outcome_log("MessageFailed", 4, identity), outcome_log("MessageRetried", 3, identity)]
    delivered_in = await node.emit(GATEWAY, delivered_log(3, 5, b"\x0e" * 32, relayer), *outcomes)
    last = int(await node.rpc("eth_blockNumber"), 16)

    async with opened(getattr(node, transport)) as open_:
        events = await open_.chain.events(Height(0), Height(last))
        block = await open_.chain.block(Height(last - 1))

    sent, also_sent, delivered, failed, retried = events
    assert isinstance(sent, MessageSent)
    assert isinstance(also_sent, MessageSent)
    assert [sent.message, also_sent.message] == messages
    assert (sent.lane, sent.nonce, sent.id) == (LANE, 1, messages[0].leaf(LANE, sent.nonce))
    assert also_sent.accumulator == accumulator_of(messages)
    assert (sent.at.hash, sent.at.block) == (sent_in, block)
    assert isinstance(delivered, BatchDelivered)
    assert (delivered.source, delivered.destination, delivered.first, delivered.last) == (THERE, HERE, 3, 5)
    assert (delivered.relayer, delivered.at.hash) == (relayer, delivered_in)
    assert isinstance(failed, MessageFailed)
    assert isinstance(retried, MessageRetried)
    assert (failed.nonce, retried.nonce, failed.id) == (4, 3, identity)


async def test_what_becomes_of_messages_and_fees_is_decoded(node: Anvil) -> None:
    identity, back, relayer = Hash32(b"\x0d" * 32), Hash32(b"\x0f" * 32), Address(b"\x0c" * 20)
    await node.emit(
        GATEWAY,
        outcome_log("MessageExpired", 1, identity),
        outcome_log("MessageBounced", 2, identity, back),
        outcome_log("MessageExpressed", 3, identity, bytes(12) + relayer),
        payment_log("FeesClaimed", relayer, 10**21),
        payment_log("BouncesPaid", relayer, 5),
    )
    last = int(await node.rpc("eth_blockNumber"), 16)

    async with opened(node.http) as open_:
        events = await open_.chain.events(Height(last), Height(last))

    at = events[0].at
    assert events == [
        MessageExpired(THERE, HERE, Nonce(1), identity, at),
        MessageBounced(THERE, HERE, Nonce(2), identity, back, at),
        MessageExpressed(THERE, HERE, Nonce(3), identity, relayer, at),
        FeesClaimed(HERE, THERE, relayer, Wei(10**21), at),
        BouncesPaid(HERE, THERE, relayer, Wei(5), at),
    ]


@pytest.mark.parametrize(
    "log",
    [
        outcome_log("MessageBounced", 2, b"\x0d" * 32, b"short"),
        payment_log("FeesClaimed", Address(b"\x0c" * 20), 1, owed=b""),
    ],
)
async def test_malformed_outcomes_are_not_believed(node: Anvil, log: Log) -> None:
    await node.emit(GATEWAY, log)
    last = int(await node.rpc("eth_blockNumber"), 16)

    async with opened(node.http) as open_:
        with pytest.raises(Transient):
            await open_.chain.events(Height(last), Height(last))


async def test_look_alike_events_of_other_contracts_are_not_seen(node: Anvil) -> None:
    await node.emit(Address(b"\xee" * 20), *sent_logs([a_message()]))
    last = int(await node.rpc("eth_blockNumber"), 16)

    async with opened(node.http) as open_:
        assert await open_.chain.events(Height(0), Height(last)) == []


async def test_the_lanes_slot_is_proven_under_the_header(node: Anvil) -> None:
    accumulator = accumulator_of([a_message()])
    await node.rpc("anvil_setCode", str(GATEWAY), "0x00")
    await node.rpc("anvil_setStorageAt", str(GATEWAY), str(sent_accumulator_slot(THERE)), str(accumulator))
    header = await trusted(node, await node.mine())
    await node.mine(2)

    async with opened(node.http) as open_:
        proof = await open_.chain.lane_proof(LANE, header)

    assert slot_value(header.state_root, GATEWAY, sent_accumulator_slot(THERE), proof) == accumulator


async def test_a_lane_that_never_sent_has_no_proof(node: Anvil) -> None:
    await node.rpc("anvil_setCode", str(GATEWAY), "0x00")
    header = await trusted(node, await node.mine())

    async with opened(node.http) as open_:
        with pytest.raises(Transient, match="does not verify"):
            await open_.chain.lane_proof(LANE, header)


async def test_both_ends_of_a_lane_are_read(node: Anvil) -> None:
    answer = encode(["bytes32", "uint64", "address"], [lane_id(BACK), 7, str(GATEWAY)])
    code = b"\x60" + bytes([len(answer)]) + b"\x60\x0b\x5f\x39\x60" + bytes([len(answer)]) + b"\x5f\xf3"
    await node.rpc("anvil_setCode", str(GATEWAY), "0x" + (code.ljust(11, b"\0") + answer).hex())

    async with opened(node.http) as open_:
        assert await open_.chain.delivered(BACK) == (lane_id(BACK), 7)
        assert await open_.chain.sent(LANE) == (lane_id(BACK), 7)


async def test_a_gateway_that_is_not_there_is_said_so(node: Anvil) -> None:
    async with opened(node.http) as open_:
        with pytest.raises(Transient, match="no gateway at 0x5fbdb"):
            await open_.chain.delivered(BACK)


@pytest.mark.parametrize(
    ("rule", "behind"),
    [
        (FinalityRule(Finality.LATEST), 0),
        (FinalityRule(Finality.CONFIRMATIONS, 4), 4),
        (FinalityRule(Finality.CONFIRMATIONS, 40), 10),
    ],
)
async def test_finality_is_what_the_rule_says(node: Anvil, rule: FinalityRule, behind: int) -> None:
    await node.mine(10)

    async with opened(node.http, finality=rule) as open_:
        await head_at(open_.chain, 10)

        assert await open_.chain.final_height() == 10 - behind


async def test_the_finalized_tag_is_followed() -> None:
    async with an_anvil(HERE, "--slots-in-an-epoch", "1") as node:
        await node.mine(10)
        finalized = int((await node.rpc("eth_getBlockByNumber", "finalized", False))["number"], 16)

        async with opened(node.http, finality=FinalityRule(Finality.FINALIZED)) as open_:
            assert await open_.chain.final_height() == finalized == 8


async def test_an_endpoint_of_another_chain_is_the_operators_mistake(node: Anvil) -> None:
    with pytest.raises(Misconfigured, match="serves chain 31337; name an endpoint of chain 1"):
        async with opened(node.http, chain=1):
            raise AssertionError("opened")


async def test_a_node_that_comes_back_is_followed_again(node: Anvil) -> None:
    async with an_anvil() as mortal:
        port = mortal.port
        opening = opened(mortal.ws, mortal.http, deadline=0.5)
        open_ = await opening.__aenter__()
        await mortal.mine()
        await head_at(open_.chain, 1)
        mortal.process.kill()
        await mortal.process.wait()

        with pytest.raises(Transient):
            await open_.chain.events(Height(0), Height(1))

    async with an_anvil(port=port) as risen:
        await risen.mine(5)
        assert (await head_at(open_.chain, 5)).number == 5
        await opening.__aexit__(None, None, None)
