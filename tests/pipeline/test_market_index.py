"""The marketplace's index over a real node: what it follows, what reorgs take back, whom it believes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, ChainId, Hash32, Height
from relayer.adapters.evm.connect import OpenChain
from relayer.adapters.evm.market.reading import EvmMarketReader
from relayer.adapters.store.market.store import MarketStore, open_market
from relayer.domain.errors import RelayerError, Transient
from relayer.domain.ids import BlockRef
from relayer.domain.market.events import Contracts, ListingCancelled, ListingValidated, PurchaseOpened
from relayer.domain.market.purchases import Activity, ActivityKind, PurchaseStep
from relayer.domain.market.views import ListingId, ListingState, TokenId
from relayer.pipeline.market.follow import Follower
from tests.adapters.store.market.test_folds import known
from tests.adapters.support.anvil import Anvil, Log, an_anvil
from tests.adapters.support.gateway import (
    GATEWAY,
    HERE,
    REMOTE,
    THERE,
    a_message,
    delivered_log,
    sent_logs,
    topic,
    uint,
)
from tests.adapters.support.liar import Refusal, a_liar
from tests.adapters.support.market import log_of
from tests.adapters.support.opened import head_at, opened
from tests.market_makers import ALICE, ASSETS, BOB, EPOCH, HERONS, MARKETPLACE, SETTLEMENT, a_listing, moved

CONTRACTS = {chain: Contracts(ASSETS, MARKETPLACE, SETTLEMENT) for chain in (HERE, THERE)}
NAME = ListingId(HERE, a_listing(end_time=2**63).hash())
LISTED = ListingValidated(NAME.hash, a_listing(end_time=2**63))


@dataclass
class Heard:
    """A listener that remembers."""

    activities: list[Activity] = field(default_factory=list)
    reorgs: list[Height] = field(default_factory=list)

    def happened(self, activities: Sequence[Activity]) -> None:
        self.activities += activities

    def indexed(self, chain: ChainId, height: Height, head: Height, events: int) -> None: ...

    def reorganised(self, chain: ChainId, ancestor: Height) -> None:
        self.reorgs.append(ancestor)

    def trouble(self, worker: str, error: RelayerError) -> None: ...


@dataclass
class Index:
    """A store that follows a chain when it is told to."""

    store: MarketStore
    follower: Follower
    open_: OpenChain
    heard: Heard

    async def level(self, node: Anvil) -> BlockRef:
        number = int(await node.rpc("eth_blockNumber"), 16)
        head = await head_at(self.open_.chain, number)
        return await self.follower.reach(head)


@asynccontextmanager
async def indexing(path: Path, *endpoints: str, start: int = 0) -> AsyncIterator[Index]:
    async with (
        open_market(f"sqlite+aiosqlite:///{path}", CONTRACTS) as store,
        opened(*endpoints, deadline=5.0) as open_,
    ):
        heard = Heard()
        reader = EvmMarketReader(open_.pool, GATEWAY, {THERE: REMOTE}, CONTRACTS[HERE])
        yield Index(store, Follower(open_.chain, Height(start), reader, store.journal, [heard]), open_, heard)


@pytest.fixture
async def node() -> AsyncIterator[Anvil]:
    async with an_anvil() as node:
        yield node


async def say(node: Anvil, at: Address, *events: Any) -> Hash32:
    return await node.emit(at, *map(log_of, events))


async def state(store: MarketStore) -> ListingState | None:
    found = await store.shelves.listing(NAME, EPOCH)
    return None if found is None else found.state


async def test_a_listing_lives_by_what_its_offerer_holds_and_says(node: Anvil, tmp_path: Path) -> None:
    await say(node, HERONS, moved(ZERO_ADDRESS, ALICE))
    await say(node, MARKETPLACE, LISTED)
    async with indexing(tmp_path / "market.db", node.http) as index:
        await index.level(node)
        assert await state(index.store) is ListingState.ACTIVE, "a mint from before the collection was known counts"

        await say(node, HERONS, moved(ALICE, BOB))
        await index.level(node)
        assert await state(index.store) is ListingState.UNAVAILABLE

        await say(node, HERONS, moved(BOB, ALICE))
        await say(node, MARKETPLACE, ListingCancelled(NAME.hash, BOB))
        await index.level(node)
        assert await state(index.store) is ListingState.ACTIVE, "only the offerer takes it back"

        await say(node, MARKETPLACE, ListingCancelled(NAME.hash, ALICE))
        await index.level(node)
        assert await state(index.store) is ListingState.CANCELLED

    kinds = [each.kind for each in index.heard.activities]
    assert kinds.count(ActivityKind.TRANSFERRED) == 2, "the mint was read late, and is no news"
    assert [kind for kind in kinds if kind is not ActivityKind.TRANSFERRED] == [
        ActivityKind.LISTED,
        ActivityKind.CANCELLED,
        ActivityKind.CANCELLED,
    ]


async def test_a_submitted_listing_makes_its_collection_known(node: Anvil, tmp_path: Path) -> None:
    await say(node, HERONS, moved(ZERO_ADDRESS, ALICE))
    async with indexing(tmp_path / "market.db", node.http) as index:
        await index.level(node)
        assert await index.store.shelves.item(TokenId(HERE, HERONS), 42) is None

        await index.store.orders.submit(NAME, LISTED.listing, b"signature", EPOCH)
        await index.level(node)

        assert await state(index.store) is ListingState.ACTIVE
        item = await index.store.shelves.item(TokenId(HERE, HERONS), 42)
        assert item is not None
        assert [(held.owner, held.amount) for held in item.holdings] == [(ALICE, 1)]


async def test_what_a_reorg_takes_back_is_forgotten_and_retracted(node: Anvil, tmp_path: Path) -> None:
    await say(node, HERONS, moved(ZERO_ADDRESS, ALICE))
    await say(node, MARKETPLACE, LISTED)
    async with indexing(tmp_path / "market.db", node.http) as index:
        await index.level(node)
        before = known(tmp_path / "market.db")
        await say(node, HERONS, moved(ALICE, BOB))
        await say(node, MARKETPLACE, ListingCancelled(NAME.hash, ALICE))
        read = await index.level(node)
        assert await state(index.store) is ListingState.CANCELLED
        newest = index.heard.activities[-1].sequence

        await node.rpc("anvil_reorg", 2, [])
        await node.mine()
        await index.level(node)

        assert index.heard.reorgs == [read.number - 2]
        assert await state(index.store) is ListingState.ACTIVE
        assert known(tmp_path / "market.db") == before
        taken = [each for each in index.heard.activities if each.retracted]
        assert sorted(each.kind for each in taken) == [ActivityKind.CANCELLED, ActivityKind.TRANSFERRED]
        assert all(each.sequence > newest for each in taken)

        await say(node, HERONS, moved(ALICE, BOB))
        await index.level(node)
        assert await state(index.store) is ListingState.UNAVAILABLE


async def test_a_purchase_is_told_by_the_header_that_proved_it(node: Anvil, tmp_path: Path) -> None:
    buy = a_message(b"buy", sender=SETTLEMENT, recipient=SETTLEMENT)
    sent = sent_logs([buy])
    message = Hash32(sent[0].topics[1])
    opened_ = PurchaseOpened(
        Hash32(b"\7" * 32), BOB, NAME.hash, THERE, ZERO_ADDRESS, 100, 1, BOB, THERE, EPOCH, message
    )
    await node.emit(GATEWAY, *sent)
    await say(node, SETTLEMENT, opened_)
    async with indexing(tmp_path / "market.db", node.http) as index:
        await index.level(node)

        found = await index.store.ledger.purchase(opened_.id)

    assert found is not None
    assert (found.step, found.messages, found.paid) == (PurchaseStep.ASKED, (message,), 100)


async def test_heights_are_read_from_the_transactions_that_prove(node: Anvil, tmp_path: Path) -> None:
    call = topic(
        "deliver((uint64,uint64,uint64,bytes,bytes,(address,address,uint128,uint32,uint64,uint8,bytes)[],bytes32[]))"
    )
    await node.emit(GATEWAY, delivered_log(1, 2, b"\x0e" * 32, ALICE))
    tx = await node.send(GATEWAY, call[:4] + uint(32) + uint(THERE) + uint(777) + uint(1) + bytes(320))
    async with indexing(tmp_path / "market.db", node.http) as index:
        read = await index.level(node)

        nothing = BlockRef(Height(0), ZERO_HASH, ZERO_HASH, 0)
        chapter = await EvmMarketReader(index.open_.pool, GATEWAY, {}, CONTRACTS[HERE]).read(nothing, read.number, [])

    assert chapter.heights == {tx: 777}


async def test_nobody_believes_an_endpoint_alone(node: Anvil, tmp_path: Path) -> None:
    """Of three, one leaves logs out, or invents some: the two others are believed."""
    await say(node, HERONS, moved(ZERO_ADDRESS, ALICE))
    await say(node, MARKETPLACE, LISTED)

    def omitting(method: str, _: list[Any], result: Any) -> Any:
        return [] if method == "eth_getLogs" else result

    def inventing(method: str, _: list[Any], result: Any) -> Any:
        return [{**log, "transactionHash": "0x" + "99" * 32} for log in result] if method == "eth_getLogs" else result

    for lie in (omitting, inventing):
        async with a_liar(node.http, lie) as liar, a_liar(node.http) as honest:
            path = tmp_path / f"{lie.__name__}.db"
            async with indexing(path, liar.url, node.http, honest.url) as index:
                await index.level(node)

                assert await state(index.store) is ListingState.ACTIVE


async def test_where_endpoints_disagree_nothing_is_believed(node: Anvil, tmp_path: Path) -> None:
    await say(node, MARKETPLACE, LISTED)

    def omitting(method: str, _: list[Any], result: Any) -> Any:
        return [] if method == "eth_getLogs" else result

    async with (
        a_liar(node.http, omitting) as liar,
        indexing(tmp_path / "market.db", liar.url, node.http) as index,
    ):
        with pytest.raises(Transient, match="1 of 2 endpoints agree"):
            await index.level(node)

        assert await state(index.store) is None


async def test_ranges_that_are_too_wide_are_split(node: Anvil, tmp_path: Path) -> None:
    await say(node, MARKETPLACE, LISTED)
    await node.mine(50)

    def narrow(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getLogs" and int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) > 5:
            raise Refusal("query returned more than 10000 results")
        return result

    async with a_liar(node.http, narrow) as endpoint, indexing(tmp_path / "market.db", endpoint.url) as index:
        read = await index.level(node)

        assert read.number == 51
        assert await state(index.store) is not None


async def test_a_hostile_collection_harms_nobody(node: Anvil, tmp_path: Path) -> None:
    huge = Log([topic("TransferBatch(address,address,address,uint256[],uint256[])"), *[uint(1)] * 3], b"\xff" * 320)
    coin = Log([topic("Transfer(address,address,uint256)"), uint(1), uint(2)], uint(3))
    await say(node, MARKETPLACE, LISTED)
    await node.emit(HERONS, huge, coin, log_of(moved(BOB, ALICE, amount=2**256 - 1)))

    async with indexing(tmp_path / "market.db", node.http) as index:
        await index.level(node)

        item = await index.store.shelves.item(TokenId(HERE, HERONS), 42)
        assert item is not None
        assert [held.owner for held in item.holdings] == [ALICE], "who gave away what he never had holds nothing"


async def test_an_index_that_is_stopped_anywhere_ends_up_the_same(node: Anvil, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole.db", tmp_path / "parts.db"
    await say(node, MARKETPLACE, LISTED)
    for turn in range(6):
        await say(node, HERONS, moved(ZERO_ADDRESS if not turn else (ALICE, BOB)[turn % 2], (BOB, ALICE)[turn % 2]))

        async with indexing(parts, node.http) as index:
            reaching = asyncio.ensure_future(index.level(node))
            await asyncio.sleep(0.01 * turn)
            reaching.cancel()
            await asyncio.wait([reaching])
    async with indexing(parts, node.http) as index:
        await index.level(node)
    async with indexing(whole, node.http) as index:
        await index.level(node)

    assert known(parts) == known(whole)
    with closing(sqlite3.connect(whole)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM logs").fetchone() == (7,)
