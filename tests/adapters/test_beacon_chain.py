"""What the local beacon chain serves is what the specification's own light client accepts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from eth_consensus_specs.debug.decode import decode as decode_ssz

from light_clients.evm.header import check_announced
from tests.beacon_chain.consensus import Spec, consensus
from tests.beacon_chain.process import Beacon, a_beacon_chain

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


async def a_store(beacon: Beacon, slot: int) -> Any:
    """A light client store bootstrapped at the block of that slot."""
    root = (await beacon.get(f"/eth/v1/beacon/headers/{slot}"))["data"]["root"]
    bootstrap = decode(await beacon.get(f"{LIGHT_CLIENT}/bootstrap/{root}"), spec.LightClientBootstrap)
    return spec.initialize_light_client_store(spec.Root(bytes.fromhex(root[2:])), bootstrap)


async def head_slot(beacon: Beacon) -> int:
    return int((await beacon.get("/eth/v1/beacon/headers/head"))["data"]["header"]["message"]["slot"])


async def a_finality_update(beacon: Beacon) -> Any:
    return decode(await beacon.get(f"{LIGHT_CLIENT}/finality_update"), spec.LightClientFinalityUpdate)


async def test_the_specification_follows_the_chain_over_a_committee_hand_over(beacon: Beacon) -> None:
    store = await a_store(beacon, slot=AGE - 60 - 8 * 2)
    updates = await beacon.get(f"{LIGHT_CLIENT}/updates?start_period=0&count=2")
    root, now = await validators_root(beacon), await head_slot(beacon) + 1
    assert [spec.compute_sync_committee_period_at_slot(store.finalized_header.beacon.slot), len(updates)] == [0, 2]

    for answer in updates:
        update = decode(answer, spec.LightClientUpdate)
        spec.process_light_client_update(store, update, spec.Slot(now), root)
    newest = await a_finality_update(beacon)
    spec.process_light_client_finality_update(store, newest, spec.Slot(now + 2), root)

    assert spec.compute_sync_committee_period_at_slot(store.finalized_header.beacon.slot) == 1
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


async def test_members_who_are_absent_do_not_sign(beacon: Beacon) -> None:
    update = await a_finality_update(beacon)

    assert sum(update.sync_aggregate.sync_committee_bits) == 32 - 5


async def test_a_lying_committee_signs_a_second_history_that_verifies_as_well(beacon: Beacon) -> None:
    store = await a_store(beacon, slot=AGE - 28)
    path = f"/byzantine{LIGHT_CLIENT}/finality_update"
    lie = decode(await beacon.get(path), spec.LightClientFinalityUpdate)
    root, now = await validators_root(beacon), spec.Slot(await head_slot(beacon) + 2)

    spec.process_light_client_finality_update(store, lie, now, root)

    final = store.finalized_header.beacon
    honest = (await beacon.get(f"/eth/v1/beacon/headers/{final.slot}"))["data"]["root"]
    assert final == lie.finalized_header.beacon
    assert "0x" + bytes(spec.hash_tree_root(final)).hex() != honest
