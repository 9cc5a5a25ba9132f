"""What is told to those who follow: events to activities, without the numbers that a memory gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from light_clients.types import ZERO_ADDRESS, Address, ChainId, Hash32
from relayer.domain.ids import TxRef
from relayer.domain.market.cargo import Cargo
from relayer.domain.market.events import (
    CounterIncremented,
    ItemsMoved,
    ListingCancelled,
    ListingFulfilled,
    ListingValidated,
    Placed,
    PurchaseOpened,
    PurchaseRefunded,
    PurchaseRefused,
    PurchaseSettled,
    Withdrawn,
)
from relayer.domain.market.journeys import Journey, Stage
from relayer.domain.market.purchases import ActivityKind
from relayer.domain.market.views import ListingId, TokenId


@dataclass(frozen=True, slots=True)
class Doing:
    """An activity before it has a number. Its token is named as it stands there."""

    kind: ActivityKind
    chain: ChainId
    at: TxRef | None = None
    index: int = 0
    token: TokenId | None = None
    identifier: int = 0
    listing: ListingId | None = None
    purchase: Hash32 | None = None
    account: Address | None = None
    other: Address | None = None
    amount: int = 0
    message: Hash32 | None = None


def doings(placed: Placed) -> Iterator[Doing]:
    """What an event of the marketplace or of a collection tells."""
    chain, at, index = placed.chain, placed.at, placed.index
    match placed.event:
        case ItemsMoved() as moved:
            token = TokenId(chain, moved.token)
            giver, receiver = _someone(moved.giver), _someone(moved.receiver)
            for move in moved.moves:
                yield Doing(
                    ActivityKind.TRANSFERRED, chain, at, index, token, move.identifier,
                    account=giver, other=receiver, amount=move.amount,
                )  # fmt: skip
        case ListingValidated(hash=name, listing=listing):
            yield Doing(
                ActivityKind.LISTED, chain, at, index, TokenId(chain, listing.token), listing.identifier,
                listing=ListingId(chain, name), account=listing.offerer, amount=listing.amount,
            )  # fmt: skip
        case ListingCancelled(hash=name, offerer=offerer):
            yield Doing(ActivityKind.CANCELLED, chain, at, index, listing=ListingId(chain, name), account=offerer)
        case CounterIncremented(offerer=offerer):
            yield Doing(ActivityKind.CANCELLED, chain, at, index, account=offerer)
        case ListingFulfilled() as sold:
            yield Doing(
                ActivityKind.SOLD, chain, at, index, TokenId(chain, sold.token), sold.identifier,
                listing=ListingId(chain, sold.hash), purchase=sold.purchase, account=sold.offerer,
                other=sold.recipient, amount=sold.units,
            )  # fmt: skip
        case _:
            yield from _of_settlement(placed)


def _of_settlement(placed: Placed) -> Iterator[Doing]:
    chain, at, index = placed.chain, placed.at, placed.index
    match placed.event:
        case PurchaseOpened() as asked:
            yield Doing(
                ActivityKind.OPENED, chain, at, index, listing=ListingId(asked.chain, asked.listing),
                purchase=asked.id, account=asked.buyer, other=asked.recipient, amount=asked.paid,
                message=_something(asked.message),
            )  # fmt: skip
        case PurchaseRefused(id=name, listing=listing, message=message):
            yield Doing(
                ActivityKind.REFUSED, chain, at, index, listing=ListingId(chain, listing), purchase=name,
                message=_something(message),
            )  # fmt: skip
        case PurchaseSettled(id=name):
            yield Doing(ActivityKind.SETTLED, chain, at, index, purchase=name)
        case PurchaseRefunded(id=name, buyer=buyer):
            yield Doing(ActivityKind.REFUNDED, chain, at, index, purchase=name, account=buyer)
        case Withdrawn() as withdrawn:
            yield Doing(
                ActivityKind.WITHDRAWN, chain, at, index, account=withdrawn.account, other=withdrawn.to,
                amount=withdrawn.amount,
            )  # fmt: skip
        case _:
            pass


def travels(journey: Journey, sent: Placed, cargo: Cargo) -> Iterator[Doing]:
    """What a message that carries items tells: that they left, and where they ended."""
    lane = journey.sent.lane
    ended = {Stage.ARRIVED: ActivityKind.ARRIVED, Stage.BOUNCED: ActivityKind.BOUNCED}.get(journey.stage)
    for item in cargo.items:
        yield Doing(
            ActivityKind.SENT, lane.source, sent.at, sent.index, cargo.token, item.identifier,
            account=cargo.giver, other=cargo.receiver, amount=item.amount, message=journey.sent.id,
        )  # fmt: skip
        if ended is not None and journey.ended is not None:
            yield Doing(
                ended, lane.destination, journey.ended.at, journey.ended.index, cargo.token, item.identifier,
                account=cargo.receiver, other=cargo.giver, amount=item.amount, message=journey.sent.id,
            )  # fmt: skip


def _someone(account: Address) -> Address | None:
    return None if account == ZERO_ADDRESS else account


def _something(message: Hash32) -> Hash32 | None:
    return message if any(message) else None
