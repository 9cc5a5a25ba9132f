"""What the marketplace tells people who ask of purchases, and of what happens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.ids import TxRef
from relayer.domain.market.views import ItemId, ListingId


class PurchaseState(StrEnum):
    """The first level: whose the money is."""

    OPEN = "open"
    SETTLED = "settled"
    REFUNDED = "refunded"


class PurchaseStep(StrEnum):
    """The second level: what it waits for."""

    ASKED = "asked"
    """*Buy* is on its way to the item's chain."""
    FULFILLED = "fulfilled"
    """The item was delivered or sent on; *settle* is on its way."""
    REFUSED = "refused"
    """*Refund* is on its way."""
    FAILED = "failed"
    """*Buy* failed, and waits to be retried or to come back."""
    DELIVERING = "delivering"
    """Everybody is paid; the item is on its way to its delivery chain."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody is paid for a purchase."""

    account: Address
    home_chain: ChainId
    amount: int
    kind: str
    """`proceeds`, `royalty` or `fee`."""


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A purchase, seen from both chains."""

    id: Hash32
    payment_chain: ChainId
    buyer: Address
    listing: ListingId
    item: ItemId | None
    payment_token: Address
    paid: int
    units: int
    recipient: Address
    delivery_chain: ChainId
    deadline: int
    state: PurchaseState
    step: PurchaseStep
    reason: str
    """The error's selector or name that refused it; empty: none."""
    opened: TxRef
    answered: TxRef | None
    """On the item's chain: where it was fulfilled or refused."""
    ended: TxRef | None
    """On the payment chain: where it was settled or refunded."""
    delivered: TxRef | None
    """On the delivery chain; the same as `answered` where that is the item's chain."""
    messages: tuple[Hash32, ...]
    """*buy*, the answer, and those that bring the item, as far as there are."""
    receipts: tuple[Receipt, ...]


class ActivityKind(StrEnum):
    """What can be followed."""

    LISTED = "listed"
    CANCELLED = "cancelled"
    OPENED = "opened"
    SOLD = "sold"
    REFUSED = "refused"
    SETTLED = "settled"
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    SENT = "sent"
    """To another chain."""
    ARRIVED = "arrived"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that happened, for feeds; `sequence` grows, and is never used again, also after a reorg."""

    sequence: int
    kind: ActivityKind
    chain: ChainId
    at: TxRef | None
    """None: it happened here, not on a chain: a listing was submitted."""
    item: ItemId | None
    listing: ListingId | None
    purchase: Hash32 | None
    account: Address | None
    """Who did it, or whom it is about."""
    other: Address | None
    amount: int
    message: Hash32 | None
    retracted: bool
    """The chain has taken it back."""
