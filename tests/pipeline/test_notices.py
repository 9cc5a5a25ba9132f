"""What listeners are told of how things stand, beside the facts that are kept."""

from __future__ import annotations

from typing import TypeVar

from relayer.domain.facts import Execution, ExecutionReported
from relayer.domain.ids import Nonce
from relayer.domain.notices import (
    AccountSeen,
    ClientSeen,
    LaneStands,
    MisbehaviourSubmitted,
    Notice,
    Purpose,
    TransactionEnded,
    TransactionOffered,
)
from relayer.domain.rules import Mending, Rules
from relayer.pipeline import standing, trust
from tests.makers import a_message, a_tx
from tests.pipeline.daemon import RELAYER, Daemon
from tests.world import GAS_PRICE, FakeHeaders, FakeNode

N = TypeVar("N", bound=Notice)


def told(daemon: Daemon, kind: type[N]) -> list[N]:
    return [fact for fact in daemon.world.listener.facts if isinstance(fact, kind)]


async def blocks(daemon: Daemon, node: FakeNode, count: int) -> None:
    for _ in range(count):
        node.mine()
        await daemon.settle()


async def test_the_oldest_message_is_told_again_after_a_restart(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    island.refusal = "GatewayPaused"
    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    await daemon.kill()
    daemon.world.listener.facts.clear()

    await daemon.start()

    (of_lane,) = {each.oldest for each in told(daemon, LaneStands) if each.lane == daemon.world.lanes[0]}
    assert of_lane is not None
    assert of_lane.nonce == 1


async def test_failures_that_wait_are_told_until_they_are_retried(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    lane = daemon.world.lanes[0]
    daemon.world.rules[lane] = Rules(mending=Mending(retry=False, bounce=False))
    await daemon.kill()
    await daemon.start()
    engine = daemon.relay.engine
    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    island.mine()
    await daemon.settle()

    await engine.post(ExecutionReported(lane, Nonce(1), Execution.FAILED, a_tx()))
    await blocks(daemon, island, 2 * standing.LOOK_AFTER)
    before = [each.failures for each in told(daemon, LaneStands) if each.lane == lane]
    await engine.post(ExecutionReported(lane, Nonce(1), Execution.RETRIED, a_tx()))
    await blocks(daemon, island, 2 * standing.LOOK_AFTER)

    assert before[-1] == 1
    assert [each.failures for each in told(daemon, LaneStands) if each.lane == lane][-1] == 0


async def test_every_light_client_is_told_of_now_and_then(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    first = [(each.source, each.destination) for each in told(daemon, ClientSeen)]

    daemon.world.frozen = True
    await blocks(daemon, island, 2 * trust.LOOK_AFTER)

    there = [each for each in told(daemon, ClientSeen) if each.destination == island.id]
    assert sorted(first) == [(harbour.id, island.id), (island.id, harbour.id)]
    assert (there[0].trust.frozen, there[-1].trust.frozen) == (False, True)
    assert there[-1].client == FakeHeaders.client


async def test_evidence_that_was_handed_in_is_told(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()

    harbour.caught.set()
    await daemon.settle()

    assert set(told(daemon, MisbehaviourSubmitted)) == {
        MisbehaviourSubmitted(harbour.id, island.id, FakeHeaders.client)
    }


async def test_a_delivery_is_told_from_its_offer_to_what_it_cost(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    in_the_air = told(daemon, AccountSeen)
    await blocks(daemon, island, 3)

    (offered,), (ended,) = told(daemon, TransactionOffered), told(daemon, TransactionEnded)
    assert (offered.chain, offered.account, offered.nonce) == (island.id, RELAYER, 0)
    assert (offered.purpose, offered.attempt) == (Purpose.DELIVERY, 1)
    assert (ended.purpose, ended.ending, ended.nonce) == (Purpose.DELIVERY, "settled", 0)
    assert ended.cost == ended.gas_used * GAS_PRICE > 0
    assert any(each.queued for each in in_the_air if each.chain == island.id)
    stands = [each for each in told(daemon, AccountSeen) if each.chain == island.id][-1]
    assert (stands.nonce, stands.queued, stands.live) == (1, 0, ())


async def test_a_transaction_that_waits_is_told_as_live_and_its_replacement_as_another_attempt(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    for _ in range(3):
        held, island.pool = island.pool, {}
        island.mine()
        island.pool = held | island.pool
        await daemon.settle()

    assert [each for each in told(daemon, AccountSeen) if each.chain == island.id][-1].live == (0,)
    assert [each.attempt for each in told(daemon, TransactionOffered)] == [1, 2]


async def test_what_belongs_to_no_delivery_is_told_as_an_errand(daemon: Daemon) -> None:
    harbour, _ = daemon.world.nodes.values()
    harbour.mine()
    await daemon.settle()

    harbour.aged.set()
    await daemon.settle()

    assert [each.purpose for each in told(daemon, TransactionOffered)] == [Purpose.ERRAND]


async def test_notices_are_told_and_never_kept(daemon: Daemon) -> None:
    lane, engine = daemon.world.lanes[0], daemon.relay.engine
    writes, before = daemon.world.writes, engine.lane(lane)

    await engine.post(LaneStands(lane, None, 7))

    assert told(daemon, LaneStands)[-1] == LaneStands(lane, None, 7)
    assert (daemon.world.writes, engine.lane(lane)) == (writes, before)
