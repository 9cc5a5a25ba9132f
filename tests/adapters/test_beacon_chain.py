"""What the local beacon chain serves is what the specification's own light client accepts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from eth_consensus_specs.debug.decode import decode as decode_ssz

from light_clients.evm.header import check_announced
from tests.adapters.support.anvil import FIRST_ACCOUNT
from tests.beacon_chain.consensus import Spec, consensus
from tests.beacon_chain.process import Beacon, a_beacon_chain

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("beacon_chain")]

AGE = 100
"""Slots: a whole period of 64, and finality well inside the next."""
LIGHT_CLIENT = "/eth/v1/beacon/light_client"
spec: Spec = consensus(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def beacon() -> AsyncIterator[Beacon]:
    async with a_beacon_chain(AGE, "--absent", "5", "--equivocates-from", str(AGE - 10)) as running:
        yield running


def decode(answer: Any, kind: Any) -> Any:
    assert answer["version"] == "fulu"
    return decode_ssz(_numbers(answer["data"]), kind)


def _numbers(value: Any) -> Any:
    """The decimal strings of the API as the integers that the specification's own decoder takes."""
    match value:
        case str() if not value.startswith("0x"):
            return int(value)
        case dict():
            return {key: _numbers(item) for key, item in value.items()}
        case list():
            return [_numbers(item) for item in value]
    return value


async def validators_root(beacon: Beacon) -> Any:
    genesis = (await beacon.get("/eth/v1/beacon/genesis"))["data"]
    return spec.Root(bytes.fromhex(genesis["genesis_validators_root"][2:]))


async def a_store(beacon: Beacon, block: str) -> Any:
    """A light client store bootstrapped at that block."""
    root = (await beacon.get(f"/eth/v1/beacon/headers/{block}"))["data"]["root"]
    bootstrap = decode(await beacon.get(f"{LIGHT_CLIENT}/bootstrap/{root}"), spec.LightClientBootstrap)
    return spec.initialize_light_client_store(spec.Root(bytes.fromhex(root[2:])), bootstrap)


async def hand_over(beacon: Beacon, store: Any) -> int:
    """Process every period's update; returns how many there were."""
    start = period_of(store)
    updates = await beacon.get(f"{LIGHT_CLIENT}/updates?start_period={start}&count=8")
    now, root = spec.Slot(await head_slot(beacon) + 1), await validators_root(beacon)
    for answer in updates:
        spec.process_light_client_update(store, decode(answer, spec.LightClientUpdate), now, root)
    return len(updates)


def period_of(store: Any) -> int:
    return int(spec.compute_sync_committee_period_at_slot(store.finalized_header.beacon.slot))


async def head_slot(beacon: Beacon) -> int:
    return int((await beacon.get("/eth/v1/beacon/headers/head"))["data"]["header"]["message"]["slot"])


async def a_finality_update(beacon: Beacon) -> Any:
    return decode(await beacon.get(f"{LIGHT_CLIENT}/finality_update"), spec.LightClientFinalityUpdate)


async def an_optimistic_execution(beacon: Beacon) -> Any:
    """The execution header of the newest block that the committee signed."""
    answer = await beacon.get(f"{LIGHT_CLIENT}/optimistic_update")
    return decode(answer, spec.LightClientOptimisticUpdate).attested_header.execution


async def test_the_specification_follows_the_chain_over_a_committee_hand_over(beacon: Beacon) -> None:
    store = await a_store(beacon, "24")
    assert period_of(store) == 0

    updates = await hand_over(beacon, store)
    newest = await a_finality_update(beacon)
    now, root = spec.Slot(await head_slot(beacon) + 2), await validators_root(beacon)
    spec.process_light_client_finality_update(store, newest, now, root)

    assert updates > 1
    assert period_of(store) >= 1
    assert store.finalized_header == newest.finalized_header


async def test_every_final_header_is_that_of_a_real_execution_block(beacon: Beacon) -> None:
    update = await a_finality_update(beacon)
    execution = update.finalized_header.execution

    block = await beacon.execution.rpc("eth_getBlockByHash", "0x" + bytes(execution.block_hash).hex(), False)
    header, block_hash = check_announced(block)

    assert block_hash == bytes(execution.block_hash)
    assert (header.state_root, header.receipts_root) == (bytes(execution.state_root), bytes(execution.receipts_root))
    genesis = (await beacon.get("/eth/v1/beacon/genesis"))["data"]
    assert header.timestamp == int(genesis["genesis_time"]) + int(update.finalized_header.beacon.slot)


async def test_a_transaction_is_in_the_payload_of_the_slot_that_mined_it(beacon: Beacon) -> None:
    transaction = await beacon.execution.send(FIRST_ACCOUNT, b"anything")

    receipt = await beacon.execution.rpc("eth_getTransactionReceipt", str(transaction))
    execution = await an_optimistic_execution(beacon)
    while execution.block_number < int(receipt["blockNumber"], 16):
        execution = await an_optimistic_execution(beacon)

    transactions = spec.ExecutionPayload.fields()["transactions"]
    assert execution.transactions_root != spec.hash_tree_root(transactions())
    assert "0x" + bytes(execution.block_hash).hex() == receipt["blockHash"]


async def test_members_who_are_absent_do_not_sign(beacon: Beacon) -> None:
    update = await a_finality_update(beacon)

    assert sum(update.sync_aggregate.sync_committee_bits) == 32 - 5


async def test_a_lying_committee_signs_a_second_history_that_verifies_as_well(beacon: Beacon) -> None:
    store = await a_store(beacon, "finalized")
    await hand_over(beacon, store)
    path = f"/byzantine{LIGHT_CLIENT}/finality_update"
    lie = decode(await beacon.get(path), spec.LightClientFinalityUpdate)
    root, now = await validators_root(beacon), spec.Slot(await head_slot(beacon) + 2)

    spec.process_light_client_finality_update(store, lie, now, root)  # which asserts that it is valid

    final = lie.finalized_header.beacon
    honest = (await beacon.get(f"/eth/v1/beacon/headers/{final.slot}"))["data"]["root"]
    assert "0x" + bytes(spec.hash_tree_root(final)).hex() != honest
