"""Headers of a running beacon chain for a light client that is up to date, behind, or lied to."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from light_clients.types import Height
from relayer.adapters.beacon.api import BeaconNodes
from relayer.adapters.beacon.identity import check_identity
from relayer.domain.errors import Misbehaviour, Rejected
from tests.adapters.support.beacon_contract import a_contract, a_contract_that_trusts, following, network_of
from tests.adapters.support.beacon_liar import lying_beacon
from tests.beacon_chain.process import Beacon, a_beacon_chain

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("beacon_headers")]

AGE = 104
"""Slots: a whole period of 64, and finality well inside the next."""
IN_FIRST_PERIOD = "40"
"""Slot of a final block."""
ANY = Height(0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def beacon() -> AsyncIterator[Beacon]:
    async with a_beacon_chain(AGE, "--absent", "3", "--equivocates-from", "90") as running:
        yield running


async def test_a_final_header_is_proven_to_the_contract(beacon: Beacon) -> None:
    contract = await a_contract(beacon)
    async with following(beacon, contract) as node:
        update = await node.headers.newest(ANY)

    assert contract.submit(update.update) == update.header
    block = await beacon.execution.rpc("eth_getBlockByNumber", hex(update.header.height), False)
    assert (str(update.header.block_hash), str(update.header.state_root)) == (block["hash"], block["stateRoot"])
    assert update.signed == 32 - 3
    assert not node.faults


async def test_the_node_is_of_the_chain_that_it_says(beacon: Beacon) -> None:
    await check_identity(BeaconNodes([beacon.url], beacon.session), await network_of(beacon), "beacon")


async def test_a_header_that_the_contract_holds_needs_no_update(beacon: Beacon) -> None:
    contract = await a_contract(beacon)
    async with following(beacon, contract) as node:
        first = await node.headers.newest(ANY)
        contract.submit(first.update)

        again = await node.headers.newest(first.header.height, first.header.height)

    assert (again.header, again.update) == (first.header, b"")


async def test_finality_is_awaited(beacon: Beacon) -> None:
    contract = await a_contract(beacon)
    async with following(beacon, contract) as node:
        first = await node.headers.newest(ANY)

        second = await node.headers.newest(Height(first.header.height + 1))

    assert second.header.height > first.header.height
    assert contract.submit(second.update) == second.header


async def test_a_contract_that_is_behind_is_handed_the_committees_first(beacon: Beacon) -> None:
    contract = await a_contract_that_trusts(beacon, IN_FIRST_PERIOD)
    async with following(beacon, contract) as node:
        final = int((await beacon.get("/eth/v1/beacon/headers/finalized"))["data"]["header"]["message"]["slot"])
        waiting = asyncio.ensure_future(node.headers.newest(Height(final + 1)))
        updates = await node.hand_over()
        update = await waiting

    assert updates
    assert max(contract.client.committees) == len(updates)
    assert contract.submit(update.update) == update.header


async def test_nothing_is_overdue_once_every_committee_is_known(beacon: Beacon) -> None:
    contract = await a_contract_that_trusts(beacon, IN_FIRST_PERIOD)
    async with following(beacon, contract) as node:
        await node.hand_over()

        assert not await node.hand_over()


async def test_of_a_backlog_a_header_in_between_is_preferred(beacon: Beacon) -> None:
    contract = await a_contract(beacon)
    async with following(beacon, contract) as node:
        first = await node.headers.newest(ANY)
        second = await node.headers.newest(Height(first.header.height + 1))

        between = await node.headers.newest(first.header.height, Height(second.header.height - 1))
        above = await node.headers.newest(Height(first.header.height + 1), Height(first.header.height + 2))

    assert (between.header, above.header) == (first.header, second.header)


def with_a_broken_branch(path: str, answer: Any) -> Any:
    if path.endswith("finality_update"):
        answer["data"]["finality_branch"][2] = "0x" + "11" * 32
    return answer


def with_a_broken_execution(path: str, answer: Any) -> Any:
    if path.endswith("finality_update"):
        answer["data"]["finalized_header"]["execution"]["block_hash"] = "0x" + "22" * 32
    return answer


def with_one_more_signer(path: str, answer: Any) -> Any:
    if path.endswith("finality_update"):
        answer["data"]["sync_aggregate"]["sync_committee_bits"] = "0xffffffff"
    return answer


def with_malformed_numbers(path: str, answer: Any) -> Any:
    if path.endswith("finality_update"):
        answer["data"]["signature_slot"] = int(answer["data"]["signature_slot"])
    return answer


LIES = {
    "FinalityBranchInvalid": with_a_broken_branch,
    "ExecutionBranchInvalid": with_a_broken_execution,
    "SignatureInvalid": with_one_more_signer,
    "BeaconJsonMalformed": with_malformed_numbers,
}


@pytest.mark.parametrize(("rule", "lie"), LIES.items())
async def test_a_node_that_lies_is_found_out_and_the_honest_one_believed(
    beacon: Beacon, rule: str, lie: Callable[[str, Any], Any]
) -> None:
    contract = await a_contract(beacon)
    async with (
        lying_beacon(beacon.url, lie) as liar,
        following(beacon, contract, [liar.url, beacon.url]) as node,
    ):
        update = await node.headers.newest(ANY)

    assert contract.submit(update.update) == update.header
    assert node.faults == [(liar.url, rule)] * len(node.faults)
    assert node.faults


async def test_lies_alone_prove_nothing(beacon: Beacon) -> None:
    contract = await a_contract(beacon)
    async with lying_beacon(beacon.url, with_one_more_signer) as liar, following(beacon, contract, [liar.url]) as node:
        waiting = asyncio.ensure_future(node.headers.newest(ANY))
        while len(node.faults) < 2:
            await node.headers.follow()

        assert not waiting.done()
        liar.tamper = lambda _path, answer: answer
        assert contract.submit((await waiting).update)


async def test_keys_that_are_not_the_committees_are_refused(beacon: Beacon) -> None:
    def with_other_keys(path: str, answer: Any) -> Any:
        if path.endswith("updates"):
            for update in answer:
                update["data"]["next_sync_committee"]["pubkeys"].reverse()
        return answer

    contract = await a_contract(beacon)
    async with (
        lying_beacon(beacon.url, with_other_keys) as liar,
        following(beacon, contract, [liar.url, beacon.url]) as node,
    ):
        update = await node.headers.newest(ANY)

    assert contract.submit(update.update) == update.header
    assert (liar.url, "CommitteeMismatch") in node.faults


async def test_a_node_that_is_down_holds_nobody_up(beacon: Beacon) -> None:
    contract = await a_contract(beacon)
    async with following(beacon, contract, ["http://127.0.0.1:1", beacon.url]) as node:
        update = await node.headers.newest(ANY)

    assert contract.submit(update.update) == update.header
    assert ("http://127.0.0.1:1", "NodeFault") in node.faults


async def test_a_node_that_is_behind_does_not_hold_the_newest_back(beacon: Beacon) -> None:
    old = await beacon.get("/eth/v1/beacon/light_client/finality_update")

    def behind(path: str, answer: Any) -> Any:
        return copy.deepcopy(old) if path.endswith("finality_update") else answer

    contract = await a_contract(beacon)
    async with lying_beacon(beacon.url, behind) as late, following(beacon, contract, [late.url, beacon.url]) as node:
        first = await node.headers.newest(ANY)
        second = await node.headers.newest(Height(first.header.height + 1))

    assert second.header.height > first.header.height
    assert not node.faults


async def test_a_committee_that_signs_two_histories_is_caught_with_evidence(beacon: Beacon) -> None:
    contract = await a_contract(beacon)
    async with following(beacon, contract, [beacon.url, beacon.contradicting]) as node:
        with pytest.raises(Misbehaviour):
            await node.headers.newest(ANY)

    assert node.headers.evidence is not None
    one, other = contract.client.verify_misbehaviour(node.headers.evidence, int(time.time()))
    assert one.height == other.height


async def test_a_contract_that_is_frozen_or_expired_can_be_told_nothing(beacon: Beacon) -> None:
    contract = await a_contract(beacon)
    async with following(beacon, contract) as node:
        contract.client = replace(contract.client, frozen=True)
        with pytest.raises(Rejected, match="frozen"):
            await node.headers.newest(ANY)

        contract.client = replace(contract.client, frozen=False, timestamp=1)
        with pytest.raises(Rejected, match="trusts nothing"):
            await node.headers.newest(ANY)
