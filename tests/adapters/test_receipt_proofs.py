"""The proof of a lane's newest message in a block, out of the receipts of a real node."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from light_clients.errors import LightClientError
from light_clients.evm.errors import LogEmitterMismatch
from light_clients.evm.receipts import logged_word
from light_clients.types import Address, Hash32, TrustedHeader
from relayer.adapters.evm.headers import BlockReader
from relayer.domain.errors import Transient
from relayer.domain.slots import accumulated_topics
from tests.adapters.support.anvil import FIRST_ACCOUNT, Anvil, Log, an_anvil, an_emitter
from tests.adapters.support.gateway import BACK, GATEWAY, LANE, THERE, a_message, accumulator_of, sent_logs
from tests.adapters.support.liar import a_liar
from tests.adapters.support.opened import opened
from tests.light_clients.shared import flipped

MESSAGES = [a_message(b"one"), a_message(b"two")]
STRANGER = Address(b"\xee" * 20)


@pytest.fixture
async def node() -> AsyncIterator[Anvil]:
    async with an_anvil() as node:
        yield node


@dataclass(frozen=True)
class Transfer:
    """A transaction of one of the types that anvil takes."""

    kind: int

    def fields(self) -> dict[str, str | list[str]]:
        match self.kind:
            case 0:
                return {"gasPrice": hex(2 * 10**9), "type": "0x0"}
            case 1:
                return {"gasPrice": hex(2 * 10**9), "type": "0x1", "accessList": []}
            case _:
                return {"maxFeePerGas": hex(2 * 10**9), "maxPriorityFeePerGas": hex(10**9), "type": "0x2"}


async def a_block_of(node: Anvil, calls: Sequence[tuple[Address, Transfer]]) -> TrustedHeader:
    """One block with these calls in their order."""
    await node.rpc("evm_setAutomine", False)
    for to, transfer in calls:
        call = {"from": str(FIRST_ACCOUNT), "to": str(to), "gas": hex(400_000)} | transfer.fields()
        await node.rpc("eth_sendTransaction", call)
    number = await node.mine()
    block = await node.rpc("eth_getBlockByNumber", hex(number), False)
    assert len(block["transactions"]) == len(calls)
    header, block_hash = BlockReader().header(block)
    return header.trusted(node.id, block_hash)


async def emitting(node: Anvil, at: Address, *logs: Log) -> None:
    await node.rpc("anvil_setCode", str(at), "0x" + an_emitter(*logs).hex())


def proven(header: TrustedHeader, proof: bytes) -> Hash32:
    return logged_word(header.receipts_root, GATEWAY, accumulated_topics(THERE), proof)


@pytest.mark.parametrize("kind", [0, 1, 2])
async def test_the_lanes_newest_message_of_a_block_is_proven_among_other_transactions(node: Anvil, kind: int) -> None:
    await emitting(node, GATEWAY, *sent_logs(MESSAGES))
    await emitting(node, STRANGER, *sent_logs([a_message(b"look-alike")]))
    others = [(STRANGER, Transfer(place % 3)) for place in range(20)]
    header = await a_block_of(node, [*others[:11], (GATEWAY, Transfer(kind)), *others[11:]])

    async with opened(node.http) as open_:
        proof = await open_.chain.receipt_proof(LANE, header)

    assert proven(header, proof) == accumulator_of(MESSAGES)


async def test_every_byte_of_a_real_receipt_proof_counts(node: Anvil) -> None:
    await emitting(node, GATEWAY, *sent_logs(MESSAGES))
    header = await a_block_of(node, [(GATEWAY, Transfer(2))] * 3)
    async with opened(node.http) as open_:
        proof = await open_.chain.receipt_proof(LANE, header)

    accepted = []
    for place in range(len(proof)):
        try:
            word = proven(header, flipped(proof, place, 1 + place % 255))
        except LightClientError:
            continue
        accepted.append(word)

    assert accepted == []


async def test_an_older_block_is_proven_like_the_newest(node: Anvil) -> None:
    await emitting(node, GATEWAY, *sent_logs(MESSAGES))
    header = await a_block_of(node, [(GATEWAY, Transfer(2))])
    await node.mine(20)

    async with opened(node.http) as open_:
        assert proven(header, await open_.chain.receipt_proof(LANE, header)) == accumulator_of(MESSAGES)


async def test_a_block_without_a_message_of_the_lane_has_no_proof(node: Anvil) -> None:
    await emitting(node, STRANGER, *sent_logs(MESSAGES))
    header = await a_block_of(node, [(STRANGER, Transfer(2))])

    async with opened(node.http) as open_:
        with pytest.raises(Transient, match="holds no such log"):
            await open_.chain.receipt_proof(LANE, header)


async def test_messages_to_another_destination_prove_nothing_of_the_lane(node: Anvil) -> None:
    elsewhere = replace(LANE, destination=BACK.destination)
    await emitting(node, GATEWAY, *sent_logs(MESSAGES, lane=elsewhere))
    header = await a_block_of(node, [(GATEWAY, Transfer(2))])

    async with opened(node.http) as open_:
        with pytest.raises(Transient, match="holds no such log"):
            await open_.chain.receipt_proof(LANE, header)


async def test_an_endpoint_that_changes_a_receipt_is_not_believed(node: Anvil) -> None:
    await emitting(node, GATEWAY, *sent_logs(MESSAGES))
    header = await a_block_of(node, [(GATEWAY, Transfer(2))])

    def forged(method: str, _params: list[Any], result: Any) -> Any:
        if method != "eth_getBlockReceipts":
            return result
        changed = copy.deepcopy(result)
        changed[0]["logs"][-1]["data"] = "0x" + "11" * 160
        return changed

    async with a_liar(node.http) as liar, opened(liar.url) as open_:
        liar.tamper = forged
        with pytest.raises(Transient, match="not its own"):
            await open_.chain.receipt_proof(LANE, header)

    async with a_liar(node.http) as liar, opened(liar.url, node.http) as open_:
        liar.tamper = forged
        assert proven(header, await open_.chain.receipt_proof(LANE, header)) == accumulator_of(MESSAGES)


async def test_the_proof_says_nothing_of_another_gateway(node: Anvil) -> None:
    await emitting(node, GATEWAY, *sent_logs(MESSAGES))
    header = await a_block_of(node, [(GATEWAY, Transfer(2))])
    async with opened(node.http) as open_:
        proof = await open_.chain.receipt_proof(LANE, header)

    with pytest.raises(LogEmitterMismatch):
        logged_word(header.receipts_root, STRANGER, accumulated_topics(THERE), proof)
