from __future__ import annotations

from dataclasses import replace

import pytest

from light_clients.types import ZERO_ADDRESS, Address
from relayer.adapters.store.market.store import MarketStore, open_market
from relayer.domain.errors import Misconfigured
from relayer.domain.market.form import Refused
from relayer.domain.market.listing import Listing
from relayer.domain.market.purchases import ActivityKind
from relayer.domain.market.views import ListingId, ListingOrder, ListingQuery, ListingState, TokenId, TokenView
from relayer.ports.market import Chapter
from tests.market_makers import BOB, CONTRACTS, EPOCH, HARBOUR, HERONS, ISLAND, a_listing, a_place

ANY = ListingQuery(state=None)


async def submit(store: MarketStore, listing: Listing, at: int = EPOCH) -> ListingId:
    name = ListingId(HARBOUR, listing.hash())
    assert await store.orders.submit(name, listing, b"signature", at)
    return name


async def test_a_submitted_listing_is_found_as_it_was_given(store: MarketStore) -> None:
    listing = a_listing(salt=2**256 - 1, end_time=2**64 - 1, price=2**128 - 1)

    name = await submit(store, listing)

    found = await store.shelves.listing(name, EPOCH)
    assert found is not None
    assert (found.listing, found.signature, found.listed_at) == (listing, b"signature", EPOCH)
    assert found.state is ListingState.ACTIVE, "its offerer is believed until his collection has been read"
    assert (await store.shelves.listings(ANY, EPOCH, 10, None)).entries == [found]


async def test_the_currency_of_a_listing_is_a_token_once_it_has_said_what_it_is(store: MarketStore) -> None:
    pebbles = TokenId(ISLAND, Address(b"\x99" * 20))
    await submit(store, a_listing(payment_chain=ISLAND, payment_token=pebbles.address))
    await submit(store, a_listing(payment_chain=ISLAND, payment_token=ZERO_ADDRESS))

    assert await store.ledger.tokens() == []
    assert await store.register.undescribed(ISLAND) == [pebbles.address]
    await store.register.describe(ISLAND, pebbles.address, "Pebble", "PBL", 6)

    assert await store.ledger.tokens() == [TokenView(pebbles, "Pebble", "PBL", 6, ())]
    assert await store.register.undescribed(ISLAND) == []


async def test_a_listing_is_kept_once(store: MarketStore) -> None:
    listing = a_listing()
    name = await submit(store, listing)

    assert not await store.orders.submit(name, listing, b"another", EPOCH + 1)

    found = await store.shelves.listing(name, EPOCH)
    assert found is not None
    assert found.signature == b"signature"


async def test_a_listing_under_another_name_is_refused(store: MarketStore) -> None:
    with pytest.raises(ValueError, match="hashes to"):
        await store.orders.submit(ListingId(HARBOUR, a_listing().hash()), a_listing(salt=1), b"", EPOCH)


async def test_a_hidden_listing_stays_hidden_when_somebody_submits_it_again(store: MarketStore) -> None:
    name = await submit(store, a_listing())

    assert await store.orders.hide(name)
    assert not await store.orders.hide(name)

    assert await store.shelves.listing(name, EPOCH) is None
    assert not await store.orders.submit(name, a_listing(), b"again", EPOCH)
    assert await store.shelves.listing(name, EPOCH) is None


async def test_pages_follow_one_another_without_gaps_in_every_order(store: MarketStore) -> None:
    listings = [a_listing(salt=n, price=n % 3, end_time=EPOCH + 10 + n % 4) for n in range(10)]
    for n, listing in enumerate(listings):
        await submit(store, listing, EPOCH + n % 5)

    for order in ListingOrder:
        query = replace(ANY, order=order, payment_chain=ISLAND, payment_token=ZERO_ADDRESS)
        found: list[Listing] = []
        cursor = None
        while True:
            page = await store.shelves.listings(query, EPOCH, 3, cursor)
            found += [view.listing for view in page.entries]
            cursor = page.cursor
            if cursor is None:
                break

        assert sorted(each.salt for each in found) == list(range(10))
        if order is ListingOrder.CHEAPEST:
            assert [each.price for each in found] == sorted(each.price for each in listings)
        if order is ListingOrder.ENDING:
            assert [each.end_time for each in found] == sorted(each.end_time for each in listings)


async def test_listings_are_found_by_each_of_their_features(store: MarketStore) -> None:
    wanted = a_listing(offerer=BOB, identifier=7, price=50, payment_chain=HARBOUR)
    await submit(store, wanted)
    await submit(store, a_listing(price=10))

    for query in (
        replace(ANY, offerer=BOB),
        replace(ANY, identifier=7, collection=TokenId(HARBOUR, HERONS)),
        replace(ANY, chain=HARBOUR, token=HERONS, identifier=7),
        replace(ANY, payment_chain=HARBOUR),
        replace(ANY, payment_chain=HARBOUR, payment_token=ZERO_ADDRESS),
        replace(ANY, lowest=11, highest=50),
    ):
        page = await store.shelves.listings(query, EPOCH, 10, None)
        assert [view.listing for view in page.entries] == [wanted], query
    assert not (await store.shelves.listings(replace(ANY, chain=ISLAND), EPOCH, 10, None)).entries


async def test_the_time_of_day_decides_between_states(store: MarketStore) -> None:
    await submit(store, a_listing(start_time=EPOCH + 10, end_time=EPOCH + 20))

    for now, state in (
        (EPOCH + 9, ListingState.UPCOMING),
        (EPOCH + 10, ListingState.ACTIVE),
        (EPOCH + 19, ListingState.ACTIVE),
        (EPOCH + 20, ListingState.EXPIRED),
    ):
        page = await store.shelves.listings(ANY, now, 10, None)
        assert [view.state for view in page.entries] == [state]
        assert (await store.shelves.listings(replace(ANY, state=state), now, 10, None)).entries == page.entries


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WzFd", "e30", "WyJ6eiIsMV0", "WzEsMiwzXQ", "////", "WzFlNTAsMV0"])
async def test_what_no_page_has_given_is_no_cursor(store: MarketStore, cursor: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        await store.shelves.listings(ANY, EPOCH, 10, cursor)


async def test_prices_of_different_tokens_are_not_compared(store: MarketStore) -> None:
    with pytest.raises(ValueError, match="one payment chain"):
        await store.shelves.listings(replace(ANY, order=ListingOrder.CHEAPEST), EPOCH, 10, None)


async def test_listings_outlive_the_process(url: str) -> None:
    async with open_market(url, CONTRACTS) as store:
        name = await submit(store, a_listing())

    async with open_market(url, CONTRACTS) as store:
        assert await store.shelves.listing(name, EPOCH) is not None


async def test_a_second_owner_of_the_database_is_refused(store: MarketStore, url: str) -> None:
    with pytest.raises(Misconfigured, match=r"market\.store: .* in use"):
        async with open_market(url, CONTRACTS):
            pass


async def test_a_submitted_listing_is_told_of_to_those_who_follow(store: MarketStore) -> None:
    name = await submit(store, a_listing())

    told = await anext(store.ledger.activity_after(0))

    assert (told.kind, told.listing, told.at, told.retracted) == (ActivityKind.LISTED, name, None, False)
    page = await store.ledger.activity(item=told.item, account=a_listing().offerer, limit=10, cursor=None)
    assert page.entries == [told]


async def test_an_offerer_is_believed_until_his_collection_has_been_read(store: MarketStore) -> None:
    name = await submit(store, a_listing())
    await store.journal.commit(Chapter(HARBOUR, (), {}, a_place(5).block), [], live=True)
    found = await store.shelves.listing(name, EPOCH)
    assert found is not None
    assert found.state is ListingState.ACTIVE

    await store.journal.commit_old(Chapter(HARBOUR, (), {}, a_place(3).block), [HERONS])
    found = await store.shelves.listing(name, EPOCH)
    assert found is not None
    assert found.state is ListingState.ACTIVE, "it was read in part"

    await store.journal.commit_old(Chapter(HARBOUR, (), {}, a_place(5).block), [HERONS])
    found = await store.shelves.listing(name, EPOCH)
    assert found is not None
    assert found.state is ListingState.UNAVAILABLE, "nobody has seen him hold it"


async def test_a_search_that_takes_too_long_is_refused_and_the_next_one_is_answered(url: str) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT MAX(x) FROM n"
    async with open_market(url, CONTRACTS) as store:
        looking = store.documents._reader

        with pytest.raises(Refused) as refusal, looking.bounded(1_000_000):
            looking.all(endless)

        assert refusal.value.code == "search-too-broad"
        assert (await store.documents.listings(ANY, EPOCH, 10, None)).entries == []
