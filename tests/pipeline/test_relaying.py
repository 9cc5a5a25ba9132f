from __future__ import annotations

from dataclasses import replace

from relayer.adapters.store.store import open_views
from relayer.domain.facts import BatchPrepared, MessagesSeen
from relayer.domain.ids import Seconds
from relayer.domain.rules import Profit, Rules
from relayer.pipeline.watch import AUDIT_EVERY
from tests.makers import a_message
from tests.pipeline.daemon import Daemon


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


async def test_a_lane_is_known_before_anything_has_been_sent_over_it(daemon: Daemon) -> None:
    await daemon.settle()

    async with open_views(daemon.world.url) as views:
        known = {view.lane for view in await views.lanes()}

    assert known == set(daemon.world.lanes)


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


async def test_messages_that_do_not_pay_for_their_gas_wait_for_those_that_do(daemon: Daemon) -> None:
    world = daemon.world
    harbour, island = world.nodes.values()
    world.rules[world.lanes[0]] = Rules(profit=Profit(factor=1.0, patience=Seconds(600.0)))
    await daemon.kill()
    await daemon.start()

    harbour.send(island.id, a_message(1))
    harbour.mine()
    await daemon.settle()
    waiting = len(island.pool)
    harbour.send(island.id, replace(a_message(2), fee=2_000_000))
    harbour.mine()
    await daemon.settle()
    world.clock.advance(2)
    await daemon.settle()
    island.mine()
    await daemon.settle()

    assert waiting == 0
    assert daemon.relay.engine.lane(world.lanes[0]).included.nonce == 2


async def test_messages_that_nobody_pays_for_are_delivered_when_they_are_old_enough(daemon: Daemon) -> None:
    world = daemon.world
    harbour, island = world.nodes.values()
    world.rules[world.lanes[0]] = Rules(profit=Profit(factor=1.0, patience=Seconds(600.0)))
    await daemon.kill()
    await daemon.start()

    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    world.clock.advance(700)
    await daemon.settle()

    assert len(island.pool) == 1


async def test_what_the_destination_has_already_is_not_delivered_again(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    island.mine()
    await daemon.settle()
    await daemon.kill()

    await daemon.start()
    island.mine()
    await daemon.settle()

    assert island.head.raws == ()


async def test_a_lane_whose_deliveries_would_revert_waits_and_holds_nobody_up(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    island.refusal = "ClientFrozen()"
    harbour.send(island.id, a_message())
    island.send(harbour.id, a_message())
    for node in (harbour, island, harbour, island):
        node.mine()
        await daemon.settle()

    lanes = [daemon.relay.engine.lane(lane) for lane in daemon.world.lanes]
    assert [(state.included.nonce, state.batches) for state in lanes] == [(0, 0), (1, 1)]
    assert [worker for worker, _ in daemon.world.listener.troubles] == ["deliver 31337-31338"]

    island.refusal = ""
    daemon.world.clock.advance(60)
    await daemon.settle()
    island.mine()
    await daemon.settle()

    assert daemon.relay.engine.lane(daemon.world.lanes[0]).settled == 1


async def test_a_destination_that_contradicts_the_source_stops_the_lane(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()

    island.forge_delivery(harbour.id)
    island.mine()
    await daemon.settle()

    state = daemon.relay.engine.lane(daemon.world.lanes[0])
    assert "another history" in state.halted
    assert not state.due


async def test_a_log_that_is_left_out_is_missed_within_a_few_blocks(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    daemon.world.chains[harbour.id].omissions = 1

    for _ in range(AUDIT_EVERY + 1):
        harbour.mine()
        await daemon.settle()

    assert daemon.relay.engine.lane(daemon.world.lanes[0]).seen.nonce == 1


async def test_a_backlog_beyond_one_deliverys_room_is_proven_under_older_headers(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    await daemon.kill()
    for _ in range(6):
        for seed in range(400):
            harbour.send(island.id, a_message(seed))
        harbour.mine()
    await daemon.start()
    for _ in range(6):
        island.mine()
        await daemon.settle()

    prepared = [fact for fact in daemon.world.listener.facts if isinstance(fact, BatchPrepared)]
    assert daemon.relay.engine.lane(daemon.world.lanes[0]).settled == 2400
    assert prepared[0].height < harbour.head.ref.number
    assert max(len(fact.call.data) for fact in prepared) < 131_072
