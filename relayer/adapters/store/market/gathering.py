"""What events touch: sums to change, subjects to name, entities to fold anew. The same whether they come or go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from light_clients.types import ZERO_ADDRESS, ChainId
from relayer.adapters.store.market.keys import (
    credit_subject,
    item_subject,
    listing_key,
    listing_subject,
    message_subject,
    pair_key,
    purchase_subject,
    token_key,
    word,
)
from relayer.domain.events import BatchDelivered, MessageSent
from relayer.domain.market import events as market
from relayer.domain.market.cargo import concerns
from relayer.domain.market.events import Contracts, ItemsMoved, Placed
from relayer.domain.market.views import ListingId

HoldingKey: TypeAlias = "tuple[bytes, bytes, bytes]"
Batch: TypeAlias = "tuple[bytes, int, int]"
"""A lane, and the first and last of its messages that were delivered together."""


class Gathering:
    """Everything that some events of one chain touch."""

    def __init__(self, contracts: Mapping[ChainId, Contracts]) -> None:
        self._contracts = contracts
        self.kept: list[Placed] = []
        """Those that are the marketplace's business."""
        self.holdings: dict[HoldingKey, int] = {}
        self.items: dict[tuple[bytes, bytes], int] = {}
        self.subjects: list[tuple[bytes, int, int, int]] = []
        self.listings: set[bytes] = set()
        self.offerers: set[bytes] = set()
        self.messages: set[bytes] = set()
        self.purchases: set[bytes] = set()
        self.batches: list[Batch] = []
        self.wrapped: set[bytes] = set()

    def take(self, placed: Iterable[Placed]) -> Gathering:
        for each in placed:
            event = each.event
            if type(event) is ItemsMoved:
                self._move(each, event)
            elif isinstance(event, MessageSent) and not concerns(event, self._contracts):
                continue
            else:
                self._touch(each)
            self.kept.append(each)
        return self

    def _move(self, placed: Placed, moved: ItemsMoved) -> None:
        chain, block, log = placed.chain, placed.at.block.number, placed.index
        token = token_key(chain, moved.token)
        holdings, items = self.holdings, self.items
        for identifier in {move.identifier for move in moved.moves}:
            key = token, word(identifier)
            items[key] = items.get(key, 0) + 1
            self.subjects.append((item_subject(*key), chain, block, log))
        for move in moved.moves:
            identifier_ = word(move.identifier)
            if moved.giver != ZERO_ADDRESS:
                from_ = token, identifier_, moved.giver
                holdings[from_] = holdings.get(from_, 0) - move.amount
            if moved.receiver != ZERO_ADDRESS:
                to = token, identifier_, moved.receiver
                holdings[to] = holdings.get(to, 0) + move.amount

    def _touch(self, placed: Placed) -> None:
        chain = placed.chain
        match placed.event:
            case market.ListingValidated(hash=name, listing=listing):
                self._name(placed, item_subject(token_key(chain, listing.token), word(listing.identifier)))
                self._name_listing(placed, ListingId(chain, name))
            case market.ListingCancelled(hash=name):
                self._name_listing(placed, ListingId(chain, name))
            case market.CounterIncremented(offerer=offerer):
                self._name(placed, b"c" + token_key(chain, offerer))
                self.offerers.add(token_key(chain, offerer))
            case market.ListingFulfilled() as sold:
                self._name(placed, item_subject(token_key(chain, sold.token), word(sold.identifier)))
                self._name(placed, purchase_subject(sold.purchase))
                self._name_listing(placed, ListingId(chain, sold.hash))
            case market.TokenWrapped(wrapped=wrapped):
                self.wrapped.add(token_key(chain, wrapped))
            case MessageSent(id=name):
                self._name(placed, message_subject(name))
                self.messages.add(name)
            case BatchDelivered() as batch:
                self.batches.append((pair_key(batch.source, batch.destination), batch.first, batch.last))
            case _:
                self._touch_purchase(placed)

    def _touch_purchase(self, placed: Placed) -> None:
        match placed.event:
            case market.PurchaseRefused(id=name, listing=listing):
                self._name(placed, purchase_subject(name))
                self._name_listing(placed, ListingId(placed.chain, listing))
            case (
                market.PurchaseOpened(id=name)
                | market.PurchaseFulfilled(id=name)
                | market.PurchaseSettled(id=name)
                | market.PurchaseRefunded(id=name)
            ):
                self._name(placed, purchase_subject(name))
                self.purchases.add(name)
            case market.Credited(id=name, account=account, token=token):
                self._name(placed, purchase_subject(name))
                self._name(placed, credit_subject(account, token_key(placed.chain, token)))
            case market.Withdrawn():
                pass
            case outcome:
                self._name(placed, message_subject(outcome.id))  # type: ignore[union-attr]
                self.messages.add(outcome.id)  # type: ignore[union-attr]

    def _name_listing(self, placed: Placed, name: ListingId) -> None:
        key = listing_key(name)
        self._name(placed, listing_subject(key))
        self.listings.add(key)

    def _name(self, placed: Placed, subject: bytes) -> None:
        self.subjects.append((subject, placed.chain, placed.at.block.number, placed.index))
