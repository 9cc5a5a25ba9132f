"""What has become of a listing: a fold over what was sold, taken back and held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from relayer.domain.market.events import Event, ListingCancelled, ListingFulfilled
from relayer.domain.market.listing import Listing
from relayer.domain.market.views import ListingState


class Standing(IntEnum):
    """What does not depend on the time of day. Those up to `UNAVAILABLE` may change back."""

    OPEN = 0
    UNAVAILABLE = 1
    FILLED = 2
    CANCELLED = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What the events of a listing say, in whatever order they came."""

    filled: int
    cancelled: bool


def told(listing: Listing, events: Iterable[Event]) -> Told:
    """Only the offerer's word takes a listing back."""
    filled, cancelled = 0, False
    for event in events:
        match event:
            case ListingFulfilled(units=units):
                filled += units
            case ListingCancelled(offerer=offerer):
                cancelled |= offerer == listing.offerer
            case _:
                pass
    return Told(filled, cancelled)


def standing(listing: Listing, what: Told, counter: int, held: int) -> Standing:
    """With the offerer's counter, and what he holds of the item."""
    if what.filled >= listing.amount:
        return Standing.FILLED
    if what.cancelled or counter != listing.counter:
        return Standing.CANCELLED
    return Standing.OPEN if held > 0 else Standing.UNAVAILABLE


def state_at(standing_: Standing, start: int, end: int, now: int) -> ListingState:
    """With the time of day."""
    if standing_ is Standing.FILLED:
        return ListingState.FILLED
    if standing_ is Standing.CANCELLED:
        return ListingState.CANCELLED
    if now >= end:
        return ListingState.EXPIRED
    if now < start:
        return ListingState.UPCOMING
    return ListingState.ACTIVE if standing_ is Standing.OPEN else ListingState.UNAVAILABLE
