"""Whatever order chains are read in, and whatever detours reorgs make, the same is known in the end."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from light_clients.types import ZERO_HASH, ChainId, Height
from relayer.adapters.store.market.store import MarketStore, open_market
from relayer.domain.ids import BlockRef
from relayer.domain.market.events import Placed, PurchaseOpened
from relayer.ports.market import Chapter
from tests.market_makers import CHAINS, CONTRACTS, a_place
from tests.market_world import World, a_world

TABLES = (
    "logs", "subjects", "heights", "wrapped", "items", "holdings", "counters", "messages", "cargo", "deliveries",
    "purchases", "refusals",
)  # fmt: skip
LISTINGS = "SELECT key, token, home, identifier, offerer, price, listed_at, status, filled, body FROM listings"
ACTIVITY = (
    "SELECT kind, chain, block, log, tx, token, identifier, listing, purchase, account, other, amount, message"
    " FROM activity WHERE NOT retracted"
)


def known(path: Path) -> dict[str, Any]:
    """Everything that is derived, without the numbers that tell in which order it came."""
    with closing(sqlite3.connect(path)) as connection:
        tables = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        tables["listings"] = connection.execute(LISTINGS).fetchall()
        tables["activity"] = connection.execute(ACTIVITY).fetchall()
    return {table: sorted(rows, key=repr) for table, rows in tables.items()}


async def tell(store: MarketStore, chain: ChainId, events: list[Placed]) -> None:
    if events:
        await store.journal.commit(Chapter(chain, events, {}, events[-1].at.block), [], live=True)


async def tell_all(store: MarketStore, world: World, order: Random) -> None:
    """The chains' histories, interleaved and cut anyhow."""
    left = {chain: list(events) for chain, events in world.history.items() if events}
    while left:
        chain = order.choice(sorted(left))
        cut = order.randint(1, 6)
        blocks = sorted({each.at.block.number for each in left[chain]})[:cut]
        told = [each for each in left[chain] if each.at.block.number <= blocks[-1]]
        left[chain] = left[chain][len(told) :]
        if not left[chain]:
            del left[chain]
        await tell(store, chain, told)


async def after(path: Path, world: World, order: Random) -> dict[str, Any]:
    async with open_market(f"sqlite+aiosqlite:///{path}", CONTRACTS) as store:
        await tell_all(store, world, order)
    return known(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("folds")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), orders=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)))
async def test_any_interleaving_of_chains_gives_the_same(folder: Path, seed: int, orders: tuple[int, int]) -> None:
    world = a_world(seed)
    found = []

    for number, order in enumerate(orders):
        path = folder / f"{seed}-{order}-{number}.db"
        path.unlink(missing_ok=True)
        found.append(await after(path, world, Random(order)))
        path.unlink()

    assert found[0] == found[1]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), data=st.data())
async def test_what_is_taken_back_and_told_again_was_never_away(folder: Path, seed: int, data: Any) -> None:
    world = a_world(seed)
    path = folder / f"again-{seed}.db"
    path.unlink(missing_ok=True)
    async with open_market(f"sqlite+aiosqlite:///{path}", CONTRACTS) as store:
        await tell_all(store, world, Random(seed))
        before = known(path)
        sequence = [
            each.sequence
            for each in (await store.ledger.activity(item=None, account=None, limit=1, cursor=None)).entries
        ]

        for _ in range(2):
            chain = data.draw(st.sampled_from(CHAINS))
            height = data.draw(st.integers(0, world.heights[chain]))
            await store.journal.take_back(chain, _ancestor(chain, height))
            gone = [each for each in world.history[chain] if each.at.block.number > height]
            await tell(store, chain, gone)

        newest = await store.ledger.activity(item=None, account=None, limit=1, cursor=None)
        assert not sequence or newest.entries[0].sequence >= sequence[0]
    assert known(path) == before
    path.unlink()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
async def test_taking_everything_back_leaves_nothing(folder: Path, seed: int) -> None:
    world = a_world(seed)
    path = folder / f"nothing-{seed}.db"
    path.unlink(missing_ok=True)
    async with open_market(f"sqlite+aiosqlite:///{path}", CONTRACTS) as store:
        await tell_all(store, world, Random(seed))

        for chain in CHAINS:
            await store.journal.take_back(chain, _ancestor(chain, 0))

    assert {table: rows for table, rows in known(path).items() if rows} == {}
    path.unlink()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
async def test_whatever_happens_can_be_told(folder: Path, seed: int) -> None:
    world = a_world(seed, 60)
    path = folder / f"told-{seed}.db"
    path.unlink(missing_ok=True)
    async with open_market(f"sqlite+aiosqlite:///{path}", CONTRACTS) as store:
        await tell_all(store, world, Random(seed))

        purchases = await store.ledger.purchases(buyer=None, listing=None, limit=100, cursor=None)
        collections = await store.shelves.collections(10, None)
        for collection in collections.entries:
            for item in (await store.shelves.items(collection.id, 100, None)).entries:
                steps = await store.shelves.provenance(item.id)
                for chain in CHAINS:
                    places = [(s.at.block.number, s.log_index) for s in steps if s.chain == chain]
                    assert places == sorted(places), "each chain's steps stand in its own order"

    said = [each.event for history in world.history.values() for each in history]
    assert {each.id for each in purchases.entries} == {each.id for each in said if isinstance(each, PurchaseOpened)}
    path.unlink()


def _ancestor(chain: ChainId, height: int) -> BlockRef:
    return a_place(height, chain).block if height else BlockRef(Height(0), ZERO_HASH, ZERO_HASH, 0)
