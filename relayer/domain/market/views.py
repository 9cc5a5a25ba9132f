"""What the marketplace tells people who ask of listings, items and tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.ids import TxRef
from relayer.domain.market.listing import ItemType, Listing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A few of many, in a stable order."""

    entries: Sequence[T]
    cursor: str | None
    """Where the next page begins; None: this is the last."""


@dataclass(frozen=True, slots=True, order=True)
class TokenId:
    """A contract on a chain."""

    chain: ChainId
    address: Address


@dataclass(frozen=True, slots=True, order=True)
class ItemId:
    """An item by its home: the collection where it was minted, whatever wraps it elsewhere."""

    collection: TokenId
    identifier: int


@dataclass(frozen=True, slots=True, order=True)
class ListingId:
    """The chain where the item stands, and the listing's struct hash."""

    chain: ChainId
    hash: Hash32


class ListingState(StrEnum):
    """Whether somebody can buy."""

    ACTIVE = "active"
    UPCOMING = "upcoming"
    """Its time has not come."""
    EXPIRED = "expired"
    FILLED = "filled"
    CANCELLED = "cancelled"
    """By its offerer, one by one or with the counter."""
    UNAVAILABLE = "unavailable"
    """Its offerer does not hold enough of the item."""


@dataclass(frozen=True, slots=True)
class ListingView:
    """A listing, and what has become of it."""

    id: ListingId
    listing: Listing
    item: ItemId
    signature: bytes
    """Empty: it was validated on-chain."""
    filled: int
    state: ListingState
    listed_at: int
    """Unix seconds: when it was submitted, or the time of the block that validated it."""


class ListingOrder(StrEnum):
    """How listings are sorted."""

    NEWEST = "newest"
    CHEAPEST = "cheapest"
    """Only among those of one payment chain and token."""
    DEAREST = "dearest"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """Which listings are looked for; None: whichever."""

    state: ListingState | None = ListingState.ACTIVE
    chain: ChainId | None = None
    token: Address | None = None
    """As it stands on `chain`, where it may be wrapped."""
    collection: TokenId | None = None
    """By its home."""
    identifier: int | None = None
    offerer: Address | None = None
    payment_chain: ChainId | None = None
    payment_token: Address | None = None
    lowest: int | None = None
    highest: int | None = None
    order: ListingOrder = ListingOrder.NEWEST


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection that the marketplace or the bridge has met."""

    id: TokenId
    item_type: ItemType
    name: str
    symbol: str
    wrapped: tuple[TokenId, ...]
    """Where it stands for others to hold, beside its home."""
    items: int
    """Items that are known."""
    listings: int
    """Active ones."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who has how many of an item, on which chain."""

    item: ItemId
    token: TokenId
    """What is held: the original or a wrapped one."""
    owner: Address
    amount: int


@dataclass(frozen=True, slots=True)
class InFlight:
    """So many of an item, between two chains."""

    item: ItemId
    message: Hash32
    source: ChainId
    destination: ChainId
    recipient: Address
    amount: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item, wherever it is."""

    id: ItemId
    item_type: ItemType
    uri: str
    """As its collection says; empty: not known."""
    holdings: tuple[Holding, ...]
    in_flight: tuple[InFlight, ...]


class StepKind(StrEnum):
    """What happened to an item."""

    MINTED = "minted"
    TRANSFERRED = "transferred"
    BURNED = "burned"
    """By its holder, for good."""
    LOCKED = "locked"
    """Taken into custody at home, for it to go elsewhere."""
    WRAPPED = "wrapped"
    """Minted where it has come to."""
    UNWRAPPED = "unwrapped"
    """Burned where it leaves."""
    RELEASED = "released"
    """Given out of custody, back home."""
    LISTED = "listed"
    CANCELLED = "cancelled"
    SOLD = "sold"
    REFUSED = "refused"
    """A purchase was refused, and is refunded."""
    BOUNCED = "bounced"
    """It could not arrive, and goes back."""


@dataclass(frozen=True, slots=True)
class Price:
    """What was paid, where, in the token's smallest unit."""

    chain: ChainId
    token: Address
    amount: int


@dataclass(frozen=True, slots=True)
class ProvenanceStep:
    """One step of an item's life, with the proof that stands behind what came from another chain."""

    kind: StepKind
    chain: ChainId
    at: TxRef
    log_index: int
    giver: Address | None
    receiver: Address | None
    amount: int
    message: Hash32 | None
    """The bridge message that brought or took it."""
    proven_at: Height | None
    """Height of the source chain's header under which that message was proven here."""
    source: ChainId | None
    """The chain whose header that is."""
    price: Price | None
    purchase: Hash32 | None
    listing: Hash32 | None


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token that can be paid with or bridged: its home, what it is called, and where it is wrapped."""

    id: TokenId
    name: str
    symbol: str
    decimals: int
    wrapped: tuple[TokenId, ...]


@dataclass(frozen=True, slots=True)
class IndexedChain:
    """How far a chain has been read."""

    chain: ChainId
    height: Height
    timestamp: int
