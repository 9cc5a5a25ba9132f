from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from relayer.domain.facts import BatchPrepared, MessagesSeen
from tests.makers import a_message
from tests.pipeline.daemon import Daemon, World, lane_between
from tests.world import FakeNode


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    harbour, island = FakeNode(31337), FakeNode(31338)
    world = World(tmp_path, (harbour, island), (lane_between(harbour, island), lane_between(island, harbour)))
    daemon = Daemon(world)
    await daemon.start()
    yield daemon
    await daemon.kill()


async def test_a_message_is_on_its_way_as_soon_as_its_block_is_final_and_delivered_in_the_next(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())

    harbour.mine()
    await daemon.settle()
    island.mine()
    await daemon.settle()

    assert daemon.world.listener.troubles == []
    state = daemon.relay.engine.lane(daemon.world.lanes[0])
    assert (state.seen.nonce, state.included.nonce, state.settled, state.in_flight) == (1, 1, 1, ())


async def test_a_burst_is_seen_at_once_and_leaves_in_as_few_transactions_as_it_fits_in(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    for seed in range(500):
        harbour.send(island.id, a_message(seed))

    harbour.mine()
    await daemon.settle()
    prepared = [fact for fact in daemon.world.listener.facts if isinstance(fact, BatchPrepared)]
    seen = [fact for fact in daemon.world.listener.facts if isinstance(fact, MessagesSeen)]
    island.mine()
    await daemon.settle()

    assert len(seen) == 1
    assert len(prepared) == 3
    assert len({fact.height for fact in prepared}) == 1
    assert daemon.relay.engine.lane(daemon.world.lanes[0]).settled == 500
