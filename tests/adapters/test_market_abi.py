"""What contracts write, and what nobody should have written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from light_clients.types import Address, ChainId, Hash32
from relayer.adapters.evm.abi import Malformed
from relayer.adapters.evm.market import abi
from relayer.adapters.evm.market.tokens import text
from relayer.adapters.evm.market.transfers import transfer
from relayer.adapters.store.market import codec
from relayer.domain.market import events as market
from relayer.domain.market.events import ItemsMoved, MarketEvent, Moved
from relayer.domain.market.listing import ItemType, Listing, Payee
from relayer.domain.market.views import TokenId
from tests.adapters.support.anvil import Log
from tests.adapters.support.market import REASON, log_of

hashes = st.binary(min_size=32, max_size=32).map(Hash32)
accounts = st.binary(min_size=20, max_size=20).map(Address)
words = st.integers(0, 2**256 - 1)
halves = st.integers(0, 2**128 - 1)
chains = st.integers(0, 2**64 - 1).map(ChainId)
times = st.integers(0, 2**64 - 1)
kinds = st.sampled_from(ItemType)
reasons = st.sampled_from(["0x" + REASON.hex(), ""])
payees = st.lists(st.builds(Payee, accounts, st.integers(0, 10_000)), max_size=8).map(tuple)
listings = st.builds(
    Listing, accounts, kinds, accounts, words, halves, chains, accounts, halves, halves, times, times, accounts,
    st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1), payees, words, words,
)  # fmt: skip
moves = st.lists(st.builds(Moved, words, words), min_size=1, max_size=4).map(tuple)

events: st.SearchStrategy[MarketEvent] = st.one_of(
    listings.map(lambda listing: market.ListingValidated(listing.hash(), listing)),
    st.builds(market.ListingCancelled, hashes, accounts),
    st.builds(market.CounterIncremented, accounts, words),
    st.builds(
        market.ListingFulfilled, hashes, hashes, accounts, kinds, accounts, words, halves, accounts, chains, accounts,
        chains, accounts, halves,
    ),
    st.builds(
        market.PurchaseOpened, hashes, accounts, hashes, chains, accounts, halves, halves, accounts, chains, times,
        hashes,
    ),
    st.builds(market.PurchaseFulfilled, hashes, hashes, chains, hashes),
    st.builds(market.PurchaseRefused, hashes, hashes, chains, st.just("0x" + REASON.hex()), hashes),
    st.builds(market.PurchaseSettled, hashes),
    st.builds(market.PurchaseRefunded, hashes, accounts, reasons, st.booleans()),
    st.builds(market.Credited, hashes, accounts, accounts, chains, halves, st.integers(0, 2)),
    st.builds(market.Withdrawn, accounts, accounts, chains, accounts, words),
    st.builds(market.TokenWrapped, st.builds(TokenId, chains, accounts), accounts),
)  # fmt: skip
transfers = st.one_of(
    st.builds(
        ItemsMoved, accounts, st.just(ItemType.ERC721), accounts, accounts, words.map(lambda id_: (Moved(id_, 1),))
    ),
    st.builds(ItemsMoved, accounts, st.just(ItemType.ERC1155), accounts, accounts, moves),
)
NOBODY, SOMEBODY = str(Address(bytes(20))), str(Hash32(bytes(31) + b"\1"))
READERS = abi.MARKETPLACE | abi.SETTLEMENT | abi.ASSET_GATEWAY


def read(log: Log) -> MarketEvent:
    return READERS[Hash32(log.topics[0])]([Hash32(each) for each in log.topics], log.data)


@given(events)
def test_events_are_read_as_contracts_write_them(event: MarketEvent) -> None:
    assert read(log_of(event)) == event


@given(transfers)
def test_transfers_are_read_as_collections_write_them(moved: ItemsMoved) -> None:
    log = log_of(moved)

    found = transfer(str(moved.token), [str(Hash32(each)) for each in log.topics], "0x" + log.data.hex())

    assert found == (None if moved.giver == moved.receiver == Address(bytes(20)) else moved)


@given(st.one_of(events, transfers))
def test_events_are_kept_as_they_are(event: Any) -> None:
    assert codec.decode(type(event), codec.encode(event)) == event


@given(events, st.data())
def test_a_log_that_is_cut_short_is_refused(event: MarketEvent, data: st.DataObject) -> None:
    log = log_of(event)
    if not log.data:
        return
    cut = log.data[: data.draw(st.integers(0, len(log.data) - 1))]

    with pytest.raises((Malformed, ValueError, IndexError)):
        read(Log(log.topics, cut))


@given(st.lists(hashes, min_size=3, max_size=3), st.binary(max_size=300), st.sampled_from(abi.COLLECTION))
def test_a_collection_may_say_anything(topics: list[Hash32], data: bytes, what: Hash32) -> None:
    found = transfer(NOBODY, [str(what), *map(str, topics)], "0x" + data.hex())

    assert found is None or found.moves


def test_the_transfer_of_a_coin_is_none_of_an_item() -> None:
    topics = [str(abi.TRANSFER), SOMEBODY, SOMEBODY]

    assert transfer(NOBODY, topics, "0x" + bytes(32).hex()) is None


def test_a_batch_that_announces_more_than_it_has_is_no_event() -> None:
    topics = [str(abi.TRANSFER_BATCH), *[SOMEBODY] * 3]
    announced = (64).to_bytes(32, "big") * 2 + (2**255).to_bytes(32, "big")

    assert transfer(NOBODY, topics, "0x" + announced.hex()) is None


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (b"", ""),
        (b"Maker".ljust(32, b"\0"), "Maker"),
        ((32).to_bytes(32, "big") + (5).to_bytes(32, "big") + b"Heron".ljust(32, b"\0"), "Heron"),
        ((32).to_bytes(32, "big") + (2**200).to_bytes(32, "big") + b"Heron", ""),
        ((2**31).to_bytes(32, "big") + bytes(64), ""),
        ((32).to_bytes(32, "big") + (99).to_bytes(32, "big") + bytes(32), ""),
    ],
)
def test_what_a_token_answers_is_text_or_nothing(answer: bytes, shown: str) -> None:
    assert text(answer, 64) == shown
