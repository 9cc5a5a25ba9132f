"""What the marketplace answers of listings and items."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import Field

from relayer.domain.market.views import ListingState, StepKind
from relayer.entrypoints.api.market.values import ADDRESS, CHAIN, DECIMAL, HASH, TOKEN
from relayer.entrypoints.api.models import Model, Transaction

Kind: TypeAlias = Literal["erc721", "erc1155"]


def decimal(description: str = "Decimal.") -> Any:
    return Field(description=description, pattern=DECIMAL, examples=["1"])


def chain_named(description: str = "CAIP-2.") -> Any:
    return Field(description=description, pattern=CHAIN, examples=["eip155:31337"])


def account_named(description: str = "CAIP-10.") -> Any:
    return Field(description=description, pattern=TOKEN, examples=["eip155:31337:0x" + "11" * 20])


def bare_address(description: str = "") -> Any:
    return Field(description=description, pattern=ADDRESS, examples=["0x" + "11" * 20])


def bare_hash(description: str = "") -> Any:
    return Field(description=description, pattern=HASH, examples=["0x" + "22" * 32])


class ItemRef(Model):
    """An item by its home."""

    collection: str = account_named("CAIP-10 of its collection, where it was minted.")
    identifier: str = decimal()


class ListingRef(Model):
    chain: str = chain_named("Where the item is listed; CAIP-2.")
    hash: str = bare_hash("EIP-712 struct hash.")


class Payee(Model):
    recipient: str = bare_address("On the payment chain.")
    basis_points: int = Field(description="Of 10000, of what is left after royalty and fee.")


class SaidListing(Model):
    """A listing as it is signed."""

    chain: str = chain_named("Where the item stands; CAIP-2.")
    offerer: str = bare_address()
    item_type: Kind
    token: str = bare_address("The collection on that chain, where it may be wrapped.")
    identifier: str = decimal()
    amount: str = decimal()
    payment_chain: str = chain_named("Where the price is paid; CAIP-2.")
    payment_token: str = bare_address("Zero: the chain's coin.")
    price: str = decimal("For each unit, in the token's smallest unit; decimal.")
    reference_price: str = decimal("For each unit, in US dollars with 8 decimals; 0: none.")
    start_time: datetime
    end_time: datetime
    taker: str = bare_address("Zero: anyone may buy.")
    max_royalty: int = Field(description="Of 10000.")
    max_fee: int = Field(description="Of 10000.")
    consideration: list[Payee]
    salt: str = decimal()
    counter: str = decimal()


class Listing(SaidListing):
    """A listing, and what has become of it."""

    hash: str = bare_hash("EIP-712 struct hash.")
    signature: str = Field(description="Empty (0x): it was validated on-chain.")
    listed_at: datetime
    item: ItemRef
    state: ListingState
    filled: str = decimal("Units sold; decimal.")


class Listings(Model):
    listings: list[Listing]
    cursor: str | None


class Collection(Model):
    """A collection that the marketplace or the bridge has met."""

    id: str = account_named("CAIP-10, where it was deployed.")
    item_type: Kind
    name: str
    symbol: str
    wrapped: list[str] = Field(description="CAIP-10 of where it stands for others to hold.")
    items: int
    listings: int = Field(description="Active ones.")


class Collections(Model):
    collections: list[Collection]
    cursor: str | None


class Holding(Model):
    """Who has how many, and where."""

    item: ItemRef
    token: str = account_named("What is held, the original or a wrapped one; CAIP-10.")
    owner: str = account_named("CAIP-10.")
    amount: str = decimal()


class InFlight(Model):
    """Between two chains."""

    message: str = bare_hash("The message that carries it.")
    source: str = chain_named()
    destination: str = chain_named()
    recipient: str = account_named()
    amount: str = decimal()


class Item(ItemRef):
    """One item, wherever it is."""

    item_type: Kind
    uri: str
    holdings: list[Holding]
    in_flight: list[InFlight]


class Items(Model):
    items: list[Item]
    cursor: str | None


class ListedItem(Item):
    """The same, with its active listings."""

    listings: list[Listing]


class ItemMetadata(Model):
    """What an item says of itself."""

    item: ItemRef
    uri: str
    metadata: dict[str, Any] = Field(description="As its author wrote it: trust nothing in it.")
    image: str | None = Field(description="As the metadata says.")


class ProvenAt(Model):
    """The header under which a message was proven."""

    chain: str = chain_named("Of the header; CAIP-2.")
    height: str = decimal()


class Paid(Model):
    """What was paid."""

    chain: str = chain_named()
    token: str = bare_address("Zero: coins.")
    amount: str = decimal()


class ProvenanceStep(Model):
    """One step of an item's life."""

    kind: StepKind
    chain: str = chain_named()
    transaction: Transaction
    giver: str | None
    receiver: str | None
    amount: str = decimal()
    message: str | None = Field(description="The bridge message that brought or took it.")
    proven_at: ProvenAt | None
    price: Paid | None
    purchase: str | None
    listing: str | None


class Provenance(Model):
    """Everything that happened to an item, in order."""

    item: ItemRef
    steps: list[ProvenanceStep]


class Holdings(Model):
    items: list[Holding]
    cursor: str | None
