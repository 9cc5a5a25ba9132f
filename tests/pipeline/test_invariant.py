"""Delivered is an exact prefix of sent, nothing twice, everything in the end: whatever chains, endpoints, other
relayers and kill -9 do.
"""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from light_clients.crypto.keccak import keccak256
from light_clients.types import ZERO_HASH, TrustedHeader
from relayer.domain.delivery import Delivery
from relayer.domain.events import MessageSent
from relayer.domain.facts import MessagesSeen
from relayer.domain.ids import Gas, Nonce, Wei
from relayer.domain.transactions import Call, Price, Transaction
from relayer.ports import Signature
from tests.makers import a_message, an_address
from tests.pipeline.daemon import RELAYER, Daemon, World, lane_between
from tests.world import FakeNode

RIVAL = an_address(98)
Action = Callable[[Daemon], None]


def harbour_and_island(daemon: Daemon) -> tuple[FakeNode, FakeNode]:
    harbour, island = daemon.world.nodes.values()
    return harbour, island


def nothing(_daemon: Daemon) -> None:
    """One more block on both chains."""


def send(daemon: Daemon) -> None:
    harbour, island = harbour_and_island(daemon)
    for seed in range(3):
        harbour.send(island.id, a_message(harbour.head.ref.number * 10 + seed))


def send_back(daemon: Daemon) -> None:
    harbour, island = harbour_and_island(daemon)
    island.send(harbour.id, a_message(1000 + island.head.ref.number))


def reorg_source(daemon: Daemon) -> None:
    harbour_and_island(daemon)[0].reorg(2, keep_transactions=True)


def reorg_destination(daemon: Daemon) -> None:
    harbour_and_island(daemon)[1].reorg(2, keep_transactions=True)


def reorg_destination_and_forget(daemon: Daemon) -> None:
    harbour_and_island(daemon)[1].reorg(2, keep_transactions=False)


def forget_mempool(daemon: Daemon) -> None:
    for node in daemon.world.nodes.values():
        node.pool.clear()


def omit_logs(daemon: Daemon) -> None:
    for chain in daemon.world.chains.values():
        chain.omissions += 1


def endpoint_goes_down(daemon: Daemon) -> None:
    daemon.world.down.add(harbour_and_island(daemon)[1].id)


def endpoints_come_up(daemon: Daemon) -> None:
    daemon.world.down.clear()


def somebody_uses_our_key(daemon: Daemon) -> None:
    """An operator's mistake: the account's next nonce goes to something else."""
    _, island = harbour_and_island(daemon)
    nonce = island.head.ledger.accounts.get(RELAYER, 0)
    call = Call(RELAYER, b"", Gas(21_000))
    transaction = Transaction(island.id, nonce, Price(Wei(1000), Wei(1000)), call)
    island.pool[RELAYER, nonce] = pickle.dumps((transaction, Signature(int.from_bytes(RELAYER, "big"), 1, 0)))


def rival_delivers(daemon: Daemon) -> None:
    """Another relayer brings one message of everything that is final."""
    harbour, island = harbour_and_island(daemon)
    block = harbour.blocks[harbour.final]
    done = island.head.ledger.delivered.get(harbour.id, (ZERO_HASH, Nonce(0)))[1]
    events = [event for each in harbour.blocks[: harbour.final + 1] for event in each.events]
    sent = [event for event in events if isinstance(event, MessageSent) and event.nonce > done]
    if not sent:
        return
    root = keccak256(block.ledger.storage())
    header = TrustedHeader(harbour.id, block.ref.number, block.ref.hash, root, ZERO_HASH, block.ref.timestamp)
    tail = tuple(event.id for event in sent[1:])
    delivery = Delivery(
        harbour.id, header.height, sent[0].nonce, pickle.dumps(header), block.ledger.storage(), (sent[0].message,), tail
    )
    nonce = island.head.ledger.accounts.get(RIVAL, 0)
    call = Call(island.gateway, pickle.dumps(delivery), Gas(10_000_000))
    transaction = Transaction(island.id, nonce, Price(Wei(1000), Wei(1000)), call)
    island.pool[RIVAL, nonce] = pickle.dumps((transaction, Signature(int.from_bytes(RIVAL, "big"), 1, 0)))


ACTIONS: Sequence[Action] = (
    nothing,
    send,
    send_back,
    reorg_source,
    reorg_destination,
    reorg_destination_and_forget,
    forget_mempool,
    omit_logs,
    endpoint_goes_down,
    endpoints_come_up,
    somebody_uses_our_key,
    rival_delivers,
)


def a_world(path: Path, depth: int) -> Daemon:
    harbour, island = FakeNode(31337, depth), FakeNode(31338, depth)
    lanes = (lane_between(harbour, island), lane_between(island, harbour))
    for node, other in ((harbour, island), (island, harbour)):
        node.remotes[other.id] = other
    return Daemon(World(path, (harbour, island), lanes))


def check_prefix(daemon: Daemon) -> None:
    """Executed there is how the messages that are final here begin; nothing is left out and nothing comes twice."""
    for lane in daemon.world.lanes:
        source, destination = daemon.world.nodes[lane.source], daemon.world.nodes[lane.destination]
        events = [event for block in source.blocks[: source.final + 1] for event in block.events]
        sent = tuple(event.id for event in events if isinstance(event, MessageSent) and event.lane == lane)
        executed = destination.head.ledger.executed.get(lane.source, ())
        assert executed == sent[: len(executed)]


async def step(daemon: Daemon, action: Action) -> None:
    action(daemon)
    for node in daemon.world.nodes.values():
        node.mine()
        check_prefix(daemon)
    await daemon.settle()
    daemon.world.clock.advance(1.0)
    await daemon.settle()


async def history(daemon: Daemon, actions: Sequence[Action]) -> None:
    """The actions, one a block, and then as many quiet blocks as it takes until everything is settled."""
    await daemon.start()
    for action in actions:
        await step(daemon, action)
    endpoints_come_up(daemon)
    for _ in range(60):
        if all(settled(daemon)):
            break
        await step(daemon, nothing)
    await daemon.kill()
    assert all(settled(daemon)), daemon.world.listener.troubles[-3:]


def settled(daemon: Daemon) -> list[bool]:
    answers = []
    for lane in daemon.world.lanes:
        state = daemon.relay.engine.lane(lane)
        sent = daemon.world.nodes[lane.source].head.ledger.sent.get(lane.destination, (ZERO_HASH, 0))[1]
        assert not state.halted
        answers.append(state.settled == sent and not state.in_flight)
    return answers


STORY = (send, send_back, reorg_destination_and_forget, rival_delivers, send, forget_mempool)


async def writes_of_the_story(path: Path) -> int:
    daemon = a_world(path, depth=2)
    await history(daemon, STORY)
    return daemon.world.writes


async def test_invariant_delivered_is_an_exact_prefix_of_sent(tmp_path: Path) -> None:
    """The whole story once without a kill, then once with a kill at each write of the daemon."""
    writes = await writes_of_the_story(tmp_path)

    killed = 0
    for kill_at in range(1, writes + 1):
        with TemporaryDirectory(dir=tmp_path) as path:
            daemon = a_world(Path(path), depth=2)
            daemon.world.kill_at = kill_at
            await history(daemon, STORY)
            killed += daemon.lives - 1

    assert killed >= writes - 3  # facts that arrive together share a write, and threads decide which do


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    actions=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=12),
    kills=st.lists(st.integers(1, 60), max_size=3),
    depth=st.integers(0, 3),
)
def test_any_history_of_faults_ends_with_everything_delivered_once(
    actions: list[Action], kills: list[int], depth: int
) -> None:
    async def play() -> None:
        with TemporaryDirectory() as path:
            daemon = a_world(Path(path), depth)
            await history_with_kills(daemon, actions, kills)

    asyncio.run(play())


async def history_with_kills(daemon: Daemon, actions: Sequence[Action], kills: Sequence[int]) -> None:
    """Each kill strikes so many writes into the life that follows the last."""
    left = list(kills)

    def kill_again(world: World) -> None:
        world.kill_at = world.writes + left.pop(0) if left else None

    daemon.on_start = kill_again
    await history(daemon, actions)


@pytest.mark.parametrize("action", ACTIONS)
async def test_each_fault_alone_is_survived(action: Action, tmp_path: Path) -> None:
    daemon = a_world(tmp_path, depth=2)

    await history(daemon, (send, action, send, action, nothing))

    assert any(isinstance(fact, MessagesSeen) for fact in daemon.world.listener.facts)
