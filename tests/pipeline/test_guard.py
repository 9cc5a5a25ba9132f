from __future__ import annotations

import pickle

from relayer.domain.errors import Misbehaviour
from relayer.domain.facts import LaneContradicted
from relayer.pipeline.frost import LOOK_AFTER
from tests.makers import a_message
from tests.pipeline.daemon import Daemon
from tests.world import FakeHeaders


async def test_evidence_of_misbehaviour_reaches_the_light_client_and_the_lane_stops(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    lane = daemon.world.lanes[0]

    harbour.caught.set()
    await daemon.settle()
    island.mine()
    await daemon.settle()

    (call,) = island.head.ledger.told
    assert (call.to, pickle.loads(call.data)) == (FakeHeaders.client, ("misbehaviour", b"both"))
    assert "two headers of one height" in daemon.relay.engine.lane(lane).halted
    assert any(isinstance(error, Misbehaviour) for _, error in daemon.world.listener.troubles)


async def test_nothing_of_a_chain_that_misbehaved_is_delivered_any_more(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.caught.set()
    await daemon.settle()

    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    island.mine()
    await daemon.settle()

    assert daemon.relay.engine.lane(daemon.world.lanes[0]).included.nonce == 0


async def test_evidence_found_before_a_kill_is_found_and_submitted_after_it(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    daemon.world.kill_after = "commit"
    harbour.caught.set()
    await daemon.settle()

    island.mine()
    await daemon.settle()

    assert {call.to for call in island.head.ledger.told} == {FakeHeaders.client}


async def test_a_light_client_is_kept_alive_though_nobody_sends_anything(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.mine()
    await daemon.settle()

    harbour.aged.set()
    await daemon.settle()
    island.mine()
    await daemon.settle()

    (call,) = island.head.ledger.told
    assert (call.to, pickle.loads(call.data)[0]) == (FakeHeaders.client, "update")


async def test_a_lane_stops_whose_light_client_somebody_else_has_frozen(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    daemon.world.frozen = True
    for _ in range(2 * LOOK_AFTER):
        island.mine()
        await daemon.settle()

    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()

    assert "frozen" in daemon.relay.engine.lane(daemon.world.lanes[0]).halted
    assert island.pool == {}


async def test_a_halted_lane_is_told_of_when_the_relayer_starts_again(daemon: Daemon) -> None:
    harbour, _ = daemon.world.nodes.values()
    harbour.caught.set()
    await daemon.settle()
    await daemon.kill()
    harbour.caught.clear()
    daemon.world.listener.facts.clear()

    await daemon.start()

    assert [fact.lane for fact in daemon.world.listener.facts if isinstance(fact, LaneContradicted)] == [
        daemon.world.lanes[0]
    ]
