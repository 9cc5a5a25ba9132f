from __future__ import annotations

from light_clients.crypto.keccak import keccak256
from relayer.domain.errors import InsufficientFunds
from relayer.domain.facts import BatchEnded, Ending, TxSent
from relayer.domain.ids import Wei
from tests.makers import a_message
from tests.pipeline.daemon import RELAYER, Daemon
from tests.world import FakeNode, opened


async def a_transaction_in_the_mempool(daemon: Daemon) -> tuple[FakeNode, bytes]:
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    return island, island.pool[RELAYER, 0]


async def mine_without_it(daemon: Daemon, island: FakeNode, blocks: int) -> None:
    for _ in range(blocks):
        held, island.pool = island.pool, {}
        island.mine()
        island.pool = held | island.pool
        await daemon.settle()


def attempts(daemon: Daemon) -> list[int]:
    return [fact.attempt for fact in daemon.world.listener.facts if isinstance(fact, TxSent)]


def endings(daemon: Daemon) -> list[Ending]:
    return [fact.ending for fact in daemon.world.listener.facts if isinstance(fact, BatchEnded)]


async def test_a_transaction_that_nobody_mines_is_replaced_at_a_higher_price(daemon: Daemon) -> None:
    island, first = await a_transaction_in_the_mempool(daemon)

    await mine_without_it(daemon, island, 3)

    second = island.pool[RELAYER, 0]
    prices = [opened(raw)[0].price.max_fee for raw in (first, second)]
    assert attempts(daemon) == [1, 2]
    assert 8 * prices[1] >= 9 * prices[0]
    assert opened(first)[0].call == opened(second)[0].call


async def test_whichever_attempt_is_mined_ends_the_batch(daemon: Daemon) -> None:
    island, first = await a_transaction_in_the_mempool(daemon)
    await mine_without_it(daemon, island, 3)

    island.pool[RELAYER, 0] = first
    island.mine()
    await daemon.settle()

    assert keccak256(first) in island.head.receipts
    assert endings(daemon) == [Ending.SETTLED]


async def test_a_dropped_transaction_is_sent_again_with_the_same_proof(daemon: Daemon) -> None:
    island, first = await a_transaction_in_the_mempool(daemon)
    island.pool.clear()

    await mine_without_it(daemon, island, 3)

    assert opened(island.pool[RELAYER, 0])[0].call == opened(first)[0].call


async def test_a_node_that_wants_more_gets_more_until_it_takes_the_transaction(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    island.floor = Wei(40)
    harbour.send(island.id, a_message())

    harbour.mine()
    await daemon.settle()

    assert opened(island.pool[RELAYER, 0])[0].price.max_fee >= 40
    assert attempts(daemon)[-1] > 1


async def test_a_gap_among_account_nonces_is_filled_with_an_empty_transaction(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    for _ in range(2):
        harbour.send(island.id, a_message())
        harbour.mine()
        await daemon.settle()
    first = daemon.relay.engine.lane(daemon.world.lanes[0]).in_flight[0]

    await daemon.relay.engine.post(BatchEnded(daemon.world.lanes[0], first, Ending.DROPPED, None, "lost"))
    await daemon.kill()
    island.pool.pop((RELAYER, 0))
    await daemon.start()

    assert sorted(nonce for _, nonce in island.pool) == [0, 1, 2]


async def test_a_nonce_that_went_to_another_transaction_costs_a_new_batch_and_nothing_else(daemon: Daemon) -> None:
    island, first = await a_transaction_in_the_mempool(daemon)
    transaction, _ = opened(first)
    foreign = transaction.nonce
    island.blocks[-1].ledger.accounts[RELAYER] = foreign + 1
    island.pool.clear()

    for _ in range(6):
        island.mine()
        await daemon.settle()

    assert endings(daemon) == [Ending.DROPPED, Ending.SETTLED]
    assert daemon.relay.engine.lane(daemon.world.lanes[0]).settled == 1


async def test_an_empty_purse_is_told_and_the_transaction_goes_out_once_it_is_filled(daemon: Daemon) -> None:
    harbour, island = daemon.world.nodes.values()
    island.poor = True
    harbour.send(island.id, a_message())
    harbour.mine()
    await daemon.settle()
    told = [error for _, error in daemon.world.listener.troubles]

    island.poor = False
    daemon.world.clock.advance(60)
    await daemon.settle()

    assert [type(error) for error in told] == [InsufficientFunds]
    assert (RELAYER, 0) in island.pool


async def test_nothing_leaves_before_it_is_stored(daemon: Daemon) -> None:
    """Killed right after the write that reserves the nonce, the daemon has sent nothing, and then sends just that."""
    harbour, island = daemon.world.nodes.values()
    harbour.send(island.id, a_message())
    harbour.mine()
    daemon.world.kill_after = "reserve"

    await daemon.settle(revive=False)
    left_before = dict(island.pool)
    await daemon.start()

    assert left_before == {}
    assert list(island.pool) == [(RELAYER, 0)]


async def test_after_a_restart_what_the_mempool_lost_is_sent_again_at_once(daemon: Daemon) -> None:
    island, first = await a_transaction_in_the_mempool(daemon)
    await daemon.kill()
    island.pool.clear()

    await daemon.start()

    assert island.pool == {(RELAYER, 0): first}


async def test_after_a_reorganisation_the_same_transaction_is_sent_again_at_once(daemon: Daemon) -> None:
    _, island = daemon.world.nodes.values()
    island.depth = 3
    _, first = await a_transaction_in_the_mempool(daemon)
    island.mine()
    await daemon.settle()

    island.reorg(1, keep_transactions=False)
    await daemon.settle()

    assert island.pool == {(RELAYER, 0): first}
    assert daemon.relay.engine.lane(daemon.world.lanes[0]).batches == 1
