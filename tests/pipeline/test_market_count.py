"""How the market stands is counted over all there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, ChainId, Hash32
from relayer.adapters.clock import SystemClock
from relayer.adapters.store.market.store import MarketStore, open_market
from relayer.domain.market.events import ListingValidated, Placed, PurchaseOpened, PurchaseRefused, PurchaseSettled
from relayer.pipeline.market.count import Counter
from relayer.ports.market import Chapter
from tests.market_makers import BOB, CONTRACTS, EPOCH, HARBOUR, HERONS, ISLAND, a_listing, moved, placed

LISTED = a_listing(end_time=2**63)


class Shown:
    """Gauges that remember."""

    def __init__(self) -> None:
        self.states: dict[tuple[ChainId, ChainId], tuple[int, int, int]] = {}
        self.since: float | None = None
        self.active: dict[ChainId, int] = {}
        self.refused: dict[ChainId, int] = {}

    def purchases(self, payment: ChainId, item: ChainId, *, still_open: int, settled: int, refunded: int) -> None:
        self.states[payment, item] = (still_open, settled, refunded)

    def oldest_open(self, since: float | None) -> None:
        self.since = since

    def listings(self, chain: ChainId, active: int) -> None:
        self.active[chain] = active

    def breaker_refused(self, chain: ChainId, count: int = 1) -> None:
        self.refused[chain] = self.refused.get(chain, 0) + count


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[MarketStore]:
    async with open_market(f"sqlite+aiosqlite:///{tmp_path}/market.db", CONTRACTS) as store:
        yield store


def opened(number: int, block: int) -> Placed:
    name = Hash32(number.to_bytes(32, "big"))
    return placed(
        PurchaseOpened(name, BOB, LISTED.hash(), HARBOUR, ZERO_ADDRESS, 1, 1, BOB, HARBOUR, 0, ZERO_HASH),
        block,
        chain=ISLAND,
    )


def refused(number: int, block: int, reason: str = "PriceOutOfBand") -> Placed:
    return placed(PurchaseRefused(Hash32(number.to_bytes(32, "big")), LISTED.hash(), ISLAND, reason, ZERO_HASH), block)


async def tell(store: MarketStore, *told: Placed) -> None:
    await store.journal.commit(Chapter(told[0].chain, told, {}, told[-1].at.block), [], live=True)


async def test_what_stands_is_shown_and_what_ended_no_more(store: MarketStore) -> None:
    shown = Shown()
    counter = Counter(store.maintenance, shown, SystemClock())
    await tell(store, opened(1, 5), opened(2, 7))
    holder = placed(moved(Address(bytes(20)), LISTED.offerer, token=HERONS), 1)
    await tell(store, holder, placed(ListingValidated(LISTED.hash(), LISTED), 2), refused(9, 3))

    await counter.count()
    assert shown.states == {(ISLAND, HARBOUR): (2, 0, 0)}
    assert (shown.since, shown.active, shown.refused) == (EPOCH + 5, {HARBOUR: 1}, {})

    await tell(store, placed(PurchaseSettled(Hash32((1).to_bytes(32, "big"))), 9, chain=ISLAND))
    await tell(store, placed(moved(LISTED.offerer, BOB), 4), refused(10, 5), refused(11, 6, "UnitsUnavailable"))
    await counter.count()
    assert shown.states == {(ISLAND, HARBOUR): (1, 1, 0)}
    assert (shown.since, shown.active, shown.refused) == (EPOCH + 7, {HARBOUR: 0}, {HARBOUR: 1})
