"""Lanes whose messages are proven by what the gateway logged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from light_clients.evm.receipts import RECEIPT_PROOF
from relayer.domain.errors import Transient
from relayer.domain.facts import BatchPrepared
from relayer.ports import Proofs
from tests.makers import a_message
from tests.pipeline.daemon import Daemon, World, lane_between
from tests.world import FakeNode


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    """From a harbour whose lanes are proven by receipts to an island."""
    harbour, island = FakeNode(31337), FakeNode(31338)
    world = World(tmp_path, (harbour, island), (lane_between(harbour, island),))
    world.proofs[harbour.id] = Proofs.RECEIPTS
    daemon = Daemon(world)
    await daemon.start()
    yield daemon
    await daemon.kill()


@pytest.fixture
async def pruned(tmp_path: Path) -> AsyncIterator[Daemon]:
    """From a harbour that keeps the state of its newest block only, and has a backlog for the island."""
    harbour, island = FakeNode(31337), FakeNode(31338)
    world = World(tmp_path, (harbour, island), (lane_between(harbour, island),))
    world.chains[harbour.id].pruned = True
    for _ in range(6):
        for seed in range(400):
            harbour.send(island.id, a_message(seed))
        harbour.mine()
        harbour.mine()
    daemon = Daemon(world)
    await daemon.start()
    yield daemon
    await daemon.kill()


def prepared(daemon: Daemon) -> list[BatchPrepared]:
    return [fact for fact in daemon.world.listener.facts if isinstance(fact, BatchPrepared)]


async def test_a_message_is_proven_under_the_header_of_its_own_block(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    sent_in = harbour.mine()
    harbour.mine()
    harbour.mine()
    await daemon.settle()
    island.mine()
    await daemon.settle()

    assert daemon.world.listener.troubles == []
    assert [fact.height for fact in prepared(daemon)] == [sent_in.ref.number]
    assert RECEIPT_PROOF in prepared(daemon)[0].call.data
    assert daemon.relay.engine.lane(daemon.world.lanes[0]).settled == 1


#   harbour   1 ─ 2 ─ 3 ─ 4 ─ 5        messages in 1, 2 and 4; blocks up to 3 are final
#   proven        ▲
async def test_the_newest_final_message_proves_those_before_it(tmp_path: Path) -> None:
    harbour, island = FakeNode(31337, depth=2), FakeNode(31338)
    world = World(tmp_path, (harbour, island), (lane_between(harbour, island),))
    world.proofs[harbour.id] = Proofs.RECEIPTS
    for number in (1, 2, 3, 4, 5):
        if number in {1, 2, 4}:
            harbour.send(island.id, a_message(number))
        harbour.mine()
    daemon = Daemon(world)

    await daemon.start()

    assert [(fact.first, fact.last, fact.height) for fact in prepared(daemon)] == [(1, 2, 2)]
    await daemon.kill()


async def test_a_burst_over_several_blocks_leaves_under_one_header(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    await daemon.kill()
    for _ in range(3):
        for seed in range(100):
            harbour.send(island.id, a_message(seed))
        harbour.mine()
    await daemon.start()
    for _ in range(3):
        island.mine()
        await daemon.settle()

    assert {fact.height for fact in prepared(daemon)} == {3}
    assert daemon.relay.engine.lane(daemon.world.lanes[0]).settled == 300


async def test_a_backlog_whose_state_is_pruned_is_proven_by_receipts(pruned: Daemon) -> None:
    _, island = pruned.world.nodes.values()

    for _ in range(10):
        island.mine()
        await pruned.settle()

    assert pruned.world.listener.troubles == []
    assert pruned.relay.engine.lane(pruned.world.lanes[0]).settled == 2400


async def test_a_source_that_cannot_prove_its_newest_state_is_asked_again(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    daemon.world.down.add(harbour.id)
    harbour.mine()
    await daemon.settle()
    assert all(isinstance(error, Transient) for _, error in daemon.world.listener.troubles)

    daemon.world.down.clear()
    daemon.world.clock.advance(60)
    await daemon.settle()
    island.mine()
    await daemon.settle()

    assert daemon.relay.engine.lane(daemon.world.lanes[0]).settled == 1
