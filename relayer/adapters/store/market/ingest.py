"""Events into the tables and out of them again; in one transaction each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from light_clients.types import ZERO_HASH, ChainId, Hash32, Height
from relayer.adapters.store.market import codec
from relayer.adapters.store.market.feed import record, take_back, values_of
from relayer.adapters.store.market.gathering import Gathering
from relayer.adapters.store.market.keys import (
    column,
    lane_key,
    listing_key,
    pair_key,
    purchase_subject,
    token_key,
    word,
)
from relayer.adapters.store.market.listings import refold_listings
from relayer.adapters.store.market.messages import refold_messages
from relayer.adapters.store.market.rows import placed, said_of
from relayer.adapters.store.market.sums import change_holdings, change_items, listings_of_holdings
from relayer.adapters.store.market.tokens import describe, know, know_currency, stand_for
from relayer.domain.errors import Transient
from relayer.domain.events import BatchDelivered, MessageSent
from relayer.domain.ids import BlockRef
from relayer.domain.market.cargo import cargo_of
from relayer.domain.market.doings import doings
from relayer.domain.market.events import (
    Contracts,
    CounterIncremented,
    ListingFulfilled,
    ListingValidated,
    Placed,
    PurchaseOpened,
    PurchaseRefused,
    TokenWrapped,
)
from relayer.domain.market.purchase import state_of
from relayer.domain.market.views import ListingId

_SINCE = (
    "SELECT l.chain, l.block, l.log, l.tx, l.kind, l.data, b.hash, b.parent, b.timestamp"
    " FROM logs l JOIN blocks b ON b.chain = l.chain AND b.block = l.block"
    " WHERE l.chain = ? AND l.block > ? ORDER BY l.block, l.log"
)
_PLACED = ("logs", "refusals", "wrapped", "deliveries", "purchases", "heights", "blocks")
"""Tables whose rows go with their block."""


class Ingest:
    """Within one transaction."""

    def __init__(self, connection: sqlite3.Connection, contracts: Mapping[ChainId, Contracts]) -> None:
        self._connection = connection
        self._contracts = contracts

    def keep(self, chain: ChainId, events: Sequence[Placed], heights: Mapping[Hash32, Height]) -> int:
        """Take events in; how many of them are our business."""
        gathering = Gathering(self._contracts).take(events)
        keep_blocks(self._connection, chain, {each.at.block.number: each.at.block for each in gathering.kept}.values())
        self._connection.executemany(
            "INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?)",
            [
                (chain, each.at.block.number, each.index, each.at.hash, codec.NUMBERS[type(each.event)],
                 codec.encode(each.event))
                for each in gathering.kept
            ],
        )  # fmt: skip
        self._connection.executemany("INSERT INTO subjects VALUES (?, ?, ?, ?)", gathering.subjects)
        proven = {each.at.hash: each.at.block.number for each in gathering.kept}
        self._connection.executemany(
            "INSERT OR REPLACE INTO heights VALUES (?, ?, ?, ?)",
            [(chain, tx, proven[tx], height) for tx, height in heights.items() if tx in proven],
        )
        for each in gathering.kept:
            self._note(each)
        record(self._connection, [values_of(doing) for each in gathering.kept for doing in doings(each)])
        self._fold(gathering, 1)
        return len(gathering.kept)

    def forget(self, chain: ChainId, above: Height) -> None:
        """Undo everything that came in blocks above this one."""
        gone = [placed(row) for row in self._connection.execute(_SINCE, (chain, above))]
        gathering = Gathering(self._contracts).take(gone)
        self._connection.executemany(
            "DELETE FROM subjects WHERE subject = ? AND chain = ? AND block = ? AND log = ?", gathering.subjects
        )
        self._connection.execute(
            "DELETE FROM cargo WHERE message IN (SELECT id FROM messages WHERE chain = ? AND block > ?)", (chain, above)
        )
        for table in (*_PLACED, "messages"):
            statement = f"DELETE FROM {table} WHERE chain = ? AND block > ?"  # noqa: S608 our words
            self._connection.execute(statement, (chain, above))
        take_back(self._connection, "chain = ? AND block > ?", (chain, above))
        self._fold(gathering, -1)

    def _fold(self, gathering: Gathering, sign: int) -> None:
        """Make everything that was touched what the events say now."""
        change_items(self._connection, gathering.items, sign)
        change_holdings(self._connection, gathering.holdings, sign)
        touched = gathering.listings | listings_of_holdings(self._connection, gathering.holdings)
        for offerer in gathering.offerers:
            self._count(offerer)
            first, last = offerer[:8] + bytes(20), offerer[:8] + b"\xff" * 20
            statement = "SELECT key FROM listings WHERE offerer = ? AND token BETWEEN ? AND ?"
            touched |= {row[0] for row in self._connection.execute(statement, (offerer[8:], first, last))}
        for token in gathering.wrapped:
            rows = self._connection.execute("SELECT key FROM listings WHERE token = ?", (token,))
            touched |= {row[0] for row in rows}
        refold_listings(self._connection, sorted(touched))
        refold_messages(self._connection, self._contracts, gathering)
        for name in gathering.purchases:
            self._end(name)

    def _count(self, offerer: bytes) -> None:
        """The newest counter of an offerer."""
        counted = [
            e.event.counter
            for e in said_of(self._connection, b"c" + offerer)
            if isinstance(e.event, CounterIncremented)
        ]
        if counted:
            row = offerer, str(counted[-1])
            self._connection.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", row)
        else:
            self._connection.execute("DELETE FROM counters WHERE offerer = ?", (offerer,))

    def _end(self, name: bytes) -> None:
        """Whose the money of a purchase is."""
        state = state_of(said_of(self._connection, purchase_subject(name)))
        self._connection.execute("UPDATE purchases SET state = ? WHERE id = ?", (state.value, name))

    def _note(self, each: Placed) -> None:
        """What some events are found by."""
        chain, block = each.chain, each.at.block
        match each.event:
            case ListingValidated(listing=listing):
                know(self._connection, token_key(chain, listing.token), listing.item_type)
                know_currency(self._connection, token_key(listing.payment_chain, listing.payment_token))
            case ListingFulfilled() as sold:
                know(self._connection, token_key(chain, sold.token), sold.item_type)
            case TokenWrapped(home=home, wrapped=wrapped):
                keys = token_key(chain, wrapped), token_key(home.chain, home.address)
                self._put("wrapped", *keys, chain, block.number)
                stand_for(self._connection, *keys)
            case PurchaseOpened() as asked:
                know_currency(self._connection, token_key(chain, asked.payment_token))
                listing_ = listing_key(ListingId(asked.chain, asked.listing))
                opened = column(block.timestamp)
                self._put("purchases", asked.id, asked.buyer, listing_, opened, chain, block.number, "open")
            case PurchaseRefused(reason=reason):
                self._put("refusals", *each.place, reason)
            case BatchDelivered() as batch:
                lane = pair_key(batch.source, batch.destination)
                self._put("deliveries", lane, batch.last, batch.first, *each.place)
            case MessageSent() as sent:
                self._load(each, sent)
            case _:
                pass

    def _load(self, each: Placed, sent: MessageSent) -> None:
        self._put("messages", sent.id, lane_key(sent.lane), sent.nonce, 0, *each.place)
        cargo = cargo_of(sent, self._contracts)
        if cargo is None:
            return
        home = token_key(cargo.token.chain, cargo.token.address)
        if cargo.description is None:
            know(self._connection, home, cargo.standard)
        else:
            said = cargo.description
            describe(self._connection, home, cargo.standard, said.name, said.symbol, said.decimals)
        for item in cargo.items:
            self._put("cargo", sent.id, home, word(item.identifier), cargo.receiver, str(item.amount))
        for item in cargo.told:
            if item.uri is not None:
                self._put("uris", home, word(item.identifier), item.uri)

    def _put(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)  # noqa: S608 our words


def keep_blocks(connection: sqlite3.Connection, chain: int, blocks: Iterable[BlockRef]) -> None:
    """Raises `Transient` where another block is kept at one of their heights: the chain is being reorganised."""
    rows = [(chain, b.number, b.hash, b.parent_hash, b.timestamp) for b in blocks if b.hash != ZERO_HASH]
    connection.executemany("INSERT INTO blocks VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
    for row in rows:
        kept = connection.execute("SELECT hash FROM blocks WHERE chain = ? AND block = ?", row[:2]).fetchone()
        if kept[0] != row[2]:
            raise Transient(f"chain {chain}: block {row[1]} was replaced while it was read")
