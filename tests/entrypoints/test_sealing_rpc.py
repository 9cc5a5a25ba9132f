"""JSON-RPC of a sealed chain: every hash it shows is the sealed one, and its proofs hold against sealed headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from light_clients.bft.extra_data import Dialect, block_hash
from light_clients.evm.accounts import pack_proof, slot_value
from light_clients.evm.header import header_from_json
from light_clients.types import Address, Hash32
from tests.adapters.support.anvil import FIRST_ACCOUNT, Log, an_emitter
from tests.entrypoints.sealing_support import SealedChain, a_sealed_chain

pytestmark = pytest.mark.timeout(180)

EMITTER = Address.from_hex("00000000000000000000000000000000000e1717")
TOPIC = b"\x11" * 32
STORER = Address.from_hex("0000000000000000000000000000000000057012")
STORE_7_AT_1 = "0x600760015500"
SLOT_1 = Hash32((1).to_bytes(32, "big"))
UNKNOWN = "0x" + "ab" * 32


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[SealedChain]:
    async with a_sealed_chain(tmp_path, validators=1) as chain:
        yield chain


async def sent(chain: SealedChain, to: Address) -> str:
    call = {"from": str(FIRST_ACCOUNT), "to": str(to), "gas": hex(500_000)}
    transaction: str = await chain.rpc("eth_sendTransaction", call)
    return transaction


async def emitted(chain: SealedChain) -> str:
    """A transaction that logs, in a block of its own."""
    await chain.rpc("anvil_setCode", str(EMITTER), "0x" + an_emitter(Log((TOPIC,), b"said")).hex())
    transaction = await sent(chain, EMITTER)
    await chain.mine()
    return transaction


async def test_everything_that_names_a_block_names_the_sealed_one(chain: SealedChain) -> None:
    transaction = await emitted(chain)
    number = hex(await chain.head())

    block = await chain.rpc("eth_getBlockByNumber", number, False)

    name = block["hash"]
    assert str(block_hash(header_from_json(block), Dialect.QBFT)) == name
    full = await chain.rpc("eth_getBlockByHash", name, True)
    receipt = await chain.rpc("eth_getTransactionReceipt", transaction)
    logs = await chain.rpc("eth_getLogs", {"address": str(EMITTER), "fromBlock": "0x0", "toBlock": "latest"})
    said: list[Any] = [
        full["hash"],
        full["transactions"][0]["blockHash"],
        receipt["blockHash"],
        receipt["logs"][0]["blockHash"],
        (await chain.rpc("eth_getTransactionByHash", transaction))["blockHash"],
        (await chain.rpc("eth_getTransactionByBlockHashAndIndex", name, "0x0"))["blockHash"],
        (await chain.rpc("eth_getTransactionByBlockNumberAndIndex", number, "0x0"))["blockHash"],
        (await chain.rpc("eth_getBlockReceipts", number))[0]["blockHash"],
        (await chain.rpc("eth_getBlockReceipts", name))[0]["logs"][0]["blockHash"],
        *(log["blockHash"] for log in logs),
    ]
    assert said == [name] * 10
    assert full["transactions"][0]["hash"] == block["transactions"][0] == transaction
    assert await chain.rpc("eth_getBlockTransactionCountByHash", name) == "0x1"
    assert await chain.rpc("eth_getLogs", {"blockHash": name}) == logs


async def test_heads_of_every_name_are_the_sealed_head(chain: SealedChain) -> None:
    await chain.mine(3)

    found = [(await chain.rpc("eth_getBlockByNumber", tag, False))["number"] for tag in ("latest", "safe", "finalized")]

    assert found == ["0x3"] * 3
    assert (await chain.rpc("eth_getBlockByNumber", "pending", False))["number"] == "0x4"
    assert (await chain.rpc("eth_getBlockByNumber", "earliest", False))["number"] == "0x0"


async def test_unknown_hashes_and_heights_are_unknown(chain: SealedChain) -> None:
    mined = await chain.anvil.rpc("eth_getBlockByNumber", "0x0", False)

    assert await chain.rpc("eth_getBlockByHash", UNKNOWN, False) is None
    assert await chain.rpc("eth_getBlockByHash", mined["hash"], False) is None
    assert await chain.rpc("eth_getBlockByNumber", "0x99", False) is None
    assert await chain.rpc("eth_getBlockReceipts", "0x99") is None
    assert await chain.rpc("eth_getLogs", {"fromBlock": "0x98", "toBlock": "0x99"}) == []
    answer = await chain.post({"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [{"blockHash": UNKNOWN}]})
    assert "unknown block" in answer["error"]["message"]


async def test_a_proof_holds_against_the_sealed_header(chain: SealedChain) -> None:
    await chain.rpc("anvil_setCode", str(STORER), STORE_7_AT_1)
    await sent(chain, STORER)
    header, name = await chain.header(await chain.mine())
    await chain.mine(2)

    for block in (hex(header.number), str(name), {"blockHash": str(name)}):
        proof = await chain.rpc("eth_getProof", str(STORER), [str(SLOT_1)], block)
        packed = pack_proof(
            [bytes.fromhex(node[2:]) for node in proof["accountProof"]],
            [bytes.fromhex(node[2:]) for node in proof["storageProof"][0]["proof"]],
        )
        assert int.from_bytes(slot_value(header.state_root, STORER, SLOT_1, packed), "big") == 7


async def test_state_can_be_asked_for_by_the_sealed_hash(chain: SealedChain) -> None:
    before = (await chain.header(await chain.mine()))[1]
    await chain.rpc("anvil_setCode", str(STORER), STORE_7_AT_1)
    await sent(chain, STORER)
    after = (await chain.header(await chain.mine()))[1]

    values = [
        await chain.rpc("eth_getStorageAt", str(STORER), "0x1", {"blockHash": str(each)}) for each in (before, after)
    ]

    assert [int(value, 16) for value in values] == [0, 7]


async def test_a_batch_is_answered_in_order_whoever_answers(chain: SealedChain) -> None:
    await chain.mine(2)
    calls = [("eth_blockNumber", []), ("eth_chainId", []), ("eth_getBlockByNumber", ["0x1", False]), ("eth_none", [])]

    answers = await chain.post(
        [
            {"jsonrpc": "2.0", "id": f"#{at}", "method": name, "params": params}
            for at, (name, params) in enumerate(calls)
        ]
    )

    assert [each["id"] for each in answers] == ["#0", "#1", "#2", "#3"]
    assert answers[0]["result"] == "0x2"
    assert int(answers[1]["result"], 16) == chain.anvil.id
    assert answers[2]["result"]["number"] == "0x1"
    assert answers[3]["error"]["code"] == -32601


async def test_what_is_mined_and_not_sealed_is_pending(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, validators=1) as chain:
        (validator,) = chain.validators.values()
        await validator.kill()
        transaction = await sent(chain, EMITTER)
        await chain.anvil.rpc("evm_mine")

        assert await chain.head() == 0
        assert await chain.rpc("eth_getTransactionReceipt", transaction) is None
        assert (await chain.rpc("eth_getTransactionByHash", transaction))["blockHash"] is None
        assert await chain.rpc("eth_getBlockByNumber", "0x1", False) is None


async def test_new_heads_and_logs_are_pushed(chain: SealedChain) -> None:
    async with chain.session.ws_connect(chain.url) as socket:
        await socket.send_json({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]})
        heads = (await socket.receive_json())["result"]
        query = {"address": str(EMITTER)}
        await socket.send_json({"jsonrpc": "2.0", "id": 2, "method": "eth_subscribe", "params": ["logs", query]})
        logs = (await socket.receive_json())["result"]

        transaction = await emitted(chain)

        told = [(await socket.receive_json())["params"] for _ in range(2)]
        header, name = await chain.header(await chain.head())
        by_subscription = {each["subscription"]: each["result"] for each in told}
        assert header_from_json(by_subscription[heads]) == header
        assert by_subscription[heads]["hash"] == str(name)
        assert by_subscription[logs]["transactionHash"] == transaction
        assert by_subscription[logs]["blockHash"] == str(name)


async def test_calls_go_over_the_websocket_too(chain: SealedChain) -> None:
    async with chain.session.ws_connect(chain.url) as socket:
        await socket.send_json({"jsonrpc": "2.0", "id": 7, "method": "eth_chainId", "params": []})

        answer = await socket.receive_json()

    assert (answer["id"], int(answer["result"], 16)) == (7, chain.anvil.id)


async def test_a_sealed_chain_takes_nothing_back(chain: SealedChain) -> None:
    answer = await chain.post({"jsonrpc": "2.0", "id": 1, "method": "anvil_reorg", "params": [1, []]})

    assert "not for a sealed chain" in answer["error"]["message"]


async def test_blocks_come_on_schedule(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, validators=1, options=("--block-seconds", "0.2")) as chain:
        await chain.reaches(5)
        assert await chain.rpc("anvil_getIntervalMining") == 0.2

        await chain.rpc("evm_setIntervalMining", 0)

        stopped = await chain.head()
        assert await chain.mine() == stopped + 1


async def test_no_anvil_is_an_error_and_not_the_end(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, validators=1) as chain:
        chain.anvil.process.kill()
        await chain.anvil.process.wait()

        answer = await chain.post({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []})

        assert "anvil does not answer" in answer["error"]["message"]
        assert await chain.head() == 0
