"""What the marketplace answers of purchases, of what happens, and of what is to be done."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from relayer.domain.market.purchases import ActivityKind, PurchaseState, PurchaseStep
from relayer.entrypoints.api.market.models import (
    ItemRef,
    ListingRef,
    Paid,
    SaidListing,
    account_named,
    bare_address,
    bare_hash,
    chain_named,
    decimal,
)
from relayer.entrypoints.api.models import Message, Model, Transaction


class ShareKind(StrEnum):
    """What somebody is paid for."""

    PROCEEDS = "proceeds"
    ROYALTY = "royalty"
    FEE = "fee"


class Transactions(Model):
    """Where a purchase was opened, answered, ended and delivered, as far as it has come."""

    opened: Transaction
    answered: Transaction | None = Field(description="On the item's chain.")
    ended: Transaction | None = Field(description="On the payment chain.")
    delivered: Transaction | None = Field(description="On the delivery chain.")


class Receipt(Model):
    """What somebody is paid."""

    account: str = account_named("On the chain where it is known to be who is meant; CAIP-10.")
    amount: str = decimal()
    kind: ShareKind


class Purchase(Model):
    """A purchase, seen from all its chains."""

    id: str = bare_hash()
    payment_chain: str = chain_named()
    buyer: str = account_named("CAIP-10, on the payment chain.")
    listing: ListingRef
    item: ItemRef | None
    price: Paid
    units: str = decimal()
    recipient: str = account_named("CAIP-10, on the delivery chain.")
    delivery_chain: str = chain_named()
    deadline: datetime
    state: PurchaseState = Field(description="Whose the money is.")
    step: PurchaseStep = Field(description="What it waits for.")
    reason: str | None = Field(description="The error that refused it.")
    transactions: Transactions
    messages: list[str] = Field(description="*buy*, the answer, and those that bring the item.")
    receipts: list[Receipt]


class Purchases(Model):
    purchases: list[Purchase]
    cursor: str | None


class Activity(Model):
    """One thing that happened."""

    sequence: str = decimal("Grows, and is never used again.")
    kind: ActivityKind
    chain: str = chain_named()
    transaction: Transaction | None = Field(description="Absent of what happened here: a listing was submitted.")
    item: ItemRef | None
    listing: ListingRef | None
    purchase: str | None
    account: str | None = Field(description="Who did it, or whom it is about.")
    other: str | None
    amount: str = decimal()
    message: str | None
    retracted: bool = Field(description="The chain has taken it back.")


class Activities(Model):
    activity: list[Activity]
    cursor: str | None


class Credit(Model):
    """What an account can withdraw."""

    chain: str = chain_named("Where it was paid; CAIP-2.")
    home_chain: str = chain_named("The chain on which the account is known; CAIP-2.")
    token: str = bare_address("Zero: coins.")
    amount: str = decimal()


class Credits(Model):
    account: str = bare_address()
    credits: list[Credit]


class Fee(Model):
    """In coins of a chain."""

    chain: str = chain_named()
    amount: str = decimal()


class Gas(Fee):
    """What the transaction itself costs, at most."""

    limit: str = decimal()
    price: str = decimal("Wei.")


class Split(Model):
    """Who gets what of the price."""

    account: str = bare_address()
    chain: str = chain_named("On which the account is known; CAIP-2.")
    amount: str = decimal()
    kind: ShareKind


class Quote(Model):
    """What a purchase costs now."""

    price: Paid
    fee: Fee = Field(description="For the messages: bridge fee and toll.")
    gas: Gas
    split: list[Split]
    expires: datetime


class TransactionStep(Model):
    """To be sent."""

    kind: Literal["transaction"] = "transaction"
    chain: str = chain_named()
    title: str
    from_: str = Field(alias="from", serialization_alias="from")
    to: str = bare_address()
    data: str
    value: str = decimal("Wei.")
    gas: str = decimal("Limit.")


class SignatureStep(Model):
    """To be signed."""

    kind: Literal["signature"] = "signature"
    chain: str = chain_named()
    title: str
    signer: str = bare_address()
    typed_data: dict[str, Any] = Field(description="For eth_signTypedData_v4.")


Step = Annotated[TransactionStep | SignatureStep, Field(discriminator="kind")]


class Steps(Model):
    """What a wallet does, in order."""

    steps: list[Step]


class ListingSteps(Steps):
    """The same, and the listing that is signed: submit it with its signature."""

    listing: SaidListing
    hash: str = bare_hash()


class PurchaseSteps(Steps):
    """The same, and what it costs."""

    quote: Quote


class Nonce(Model):
    nonce: str
    expires: datetime


class Entry(Model):
    """A bearer token."""

    token: str
    expires: datetime
    account: str = account_named()


class Found(Model):
    """Whatever goes by that name."""

    messages: list[Message]
    purchases: list[Purchase]
    listings: list[ListingRef]
    items: list[ItemRef]
    account: str | None
