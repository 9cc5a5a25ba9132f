"""What chains say of the marketplace: events, typed and placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.events import BatchDelivered, MessageOutcome, MessageSent
from relayer.domain.ids import TxRef
from relayer.domain.market.listing import ItemType, Listing
from relayer.domain.market.views import TokenId


@dataclass(frozen=True, slots=True)
class Contracts:
    """Where the marketplace stands on a chain."""

    asset_gateway: Address
    marketplace: Address
    settlement: Address


@dataclass(frozen=True, slots=True)
class ListingValidated:
    """An offerer has put a listing on-chain."""

    hash: Hash32
    listing: Listing


@dataclass(frozen=True, slots=True)
class ListingCancelled:
    """An offerer has taken a listing back."""

    hash: Hash32
    offerer: Address


@dataclass(frozen=True, slots=True)
class CounterIncremented:
    """An offerer has taken all earlier listings back."""

    offerer: Address
    counter: int


@dataclass(frozen=True, slots=True)
class ListingFulfilled:
    """Units of a listing were handed over, or sent on to their delivery chain."""

    hash: Hash32
    purchase: Hash32
    offerer: Address
    item_type: ItemType
    token: Address
    identifier: int
    units: int
    recipient: Address
    delivery_chain: ChainId
    box: Address
    """What has sent them to another chain; zero: they were delivered here."""
    payment_chain: ChainId
    payment_token: Address
    paid: int


@dataclass(frozen=True, slots=True)
class PurchaseOpened:
    """The price is in escrow on this chain."""

    id: Hash32
    buyer: Address
    listing: Hash32
    chain: ChainId
    """Where the item stands."""
    payment_token: Address
    paid: int
    units: int
    recipient: Address
    delivery_chain: ChainId
    deadline: int
    message: Hash32
    """Zero: the item is on this chain."""


@dataclass(frozen=True, slots=True)
class PurchaseFulfilled:
    """On the item's chain: carried out."""

    id: Hash32
    listing: Hash32
    payment_chain: ChainId
    message: Hash32


@dataclass(frozen=True, slots=True)
class PurchaseRefused:
    """On the item's chain: refused."""

    id: Hash32
    listing: Hash32
    payment_chain: ChainId
    reason: str
    message: Hash32


@dataclass(frozen=True, slots=True)
class PurchaseSettled:
    """Everybody was credited."""

    id: Hash32


@dataclass(frozen=True, slots=True)
class PurchaseRefunded:
    """The buyer has the money back."""

    id: Hash32
    buyer: Address
    reason: str
    """Empty: its message came back."""
    credited: bool


@dataclass(frozen=True, slots=True)
class Credited:
    """An account can withdraw so much more."""

    id: Hash32
    account: Address
    token: Address
    home_chain: ChainId
    amount: int
    kind: int
    """A place in `SHARE_KINDS`."""


SHARE_KINDS = ("proceeds", "royalty", "fee")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An account has withdrawn."""

    account: Address
    token: Address
    home_chain: ChainId
    to: Address
    amount: int


@dataclass(frozen=True, slots=True)
class TokenWrapped:
    """A token of another chain stands on this one from now on."""

    home: TokenId
    wrapped: Address


@dataclass(frozen=True, slots=True)
class Moved:
    """So many of an item."""

    identifier: int
    amount: int


@dataclass(frozen=True, slots=True)
class ItemsMoved:
    """A collection says that items changed hands; zero stands before the mint and behind the burn."""

    token: Address
    item_type: ItemType
    giver: Address
    receiver: Address
    moves: tuple[Moved, ...]


MarketEvent: TypeAlias = (
    ListingValidated
    | ListingCancelled
    | CounterIncremented
    | ListingFulfilled
    | PurchaseOpened
    | PurchaseFulfilled
    | PurchaseRefused
    | PurchaseSettled
    | PurchaseRefunded
    | Credited
    | Withdrawn
    | TokenWrapped
    | ItemsMoved
)
GatewayWord: TypeAlias = MessageSent | BatchDelivered | MessageOutcome
"""Of the gateway's events those that move assets or purchases."""
Event: TypeAlias = MarketEvent | GatewayWord


@dataclass(frozen=True, slots=True)
class Placed:
    """An event, and the log that said it."""

    chain: ChainId
    at: TxRef
    index: int
    """The log's index in its block."""
    event: Event

    @property
    def place(self) -> tuple[int, int, int]:
        """What it is known by: chain, block, log index."""
        return self.chain, self.at.block.number, self.index
