"""Listings as people send them."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from light_clients.types import ZERO_ADDRESS
from relayer.domain.market.form import YEAR
from relayer.domain.market.listing import MAXIMUM_PAYEES, WHOLE, ItemType, Listing, Payee
from relayer.entrypoints.api.market.values import (
    Account,
    BasisPoints,
    Chain,
    Half,
    Hash,
    Message,
    Moment,
    Octets,
    Word,
)

DEFAULT_ROYALTY = 1_000
DEFAULT_TIME = 30 * 86_400
MOST_PAYEES = 64
"""So many are read; whoever names more than the contract takes is told so."""
ITEM_TYPES = {"erc721": ItemType.ERC721, "erc1155": ItemType.ERC1155}


class Body(BaseModel):
    """What is sent to us: camelCase, and nothing that we do not know."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=False, frozen=True, extra="forbid", arbitrary_types_allowed=True
    )


class PayeeBody(Body):
    """Who gets a share of what is left after royalty and fee."""

    recipient: Account
    basis_points: BasisPoints

    def payee(self) -> Payee:
        return Payee(self.recipient, self.basis_points)


class DraftBody(Body):
    """A listing as somebody means it; what is left out is filled in."""

    chain: Chain
    offerer: Account
    item_type: Literal["erc721", "erc1155"]
    token: Account
    identifier: Word
    amount: Half = 1
    payment_chain: Chain
    payment_token: Account = Field(default=ZERO_ADDRESS, description="Zero: the chain's coin.")
    price: Half
    reference_price: Half = Field(default=0, description="US dollars with 8 decimals; 0: none.")
    start_time: Moment | None = Field(default=None, description="Default: now.")
    end_time: Moment | None = Field(default=None, description="Default: in 30 days.")
    taker: Account = Field(default=ZERO_ADDRESS, description="Zero: anyone.")
    max_royalty: BasisPoints = DEFAULT_ROYALTY
    max_fee: BasisPoints | None = Field(default=None, description="Default: what the marketplace asks for now.")
    consideration: Annotated[list[PayeeBody], Field(max_length=MOST_PAYEES)] | None = Field(
        default=None, description=f"At most {MAXIMUM_PAYEES}, of 10000 together. Default: all to the offerer."
    )
    salt: Word | None = Field(default=None, description="Default: random.")
    counter: Word | None = Field(default=None, description="Default: the offerer's, as it is now.")

    def listing(self, now: int, fee: int, counter: int) -> Listing:
        """The listing, with what was left out."""
        start = now if self.start_time is None else self.start_time
        paid = [each.payee() for each in self.consideration or ()]
        if self.consideration is None:
            paid = [Payee(self.offerer, WHOLE)]
        return Listing(
            offerer=self.offerer,
            item_type=ITEM_TYPES[self.item_type],
            token=self.token,
            identifier=self.identifier,
            amount=self.amount,
            payment_chain=self.payment_chain,
            payment_token=self.payment_token,
            price=self.price,
            reference_price=self.reference_price,
            start_time=start,
            end_time=min(max(start, now) + DEFAULT_TIME, now + YEAR) if self.end_time is None else self.end_time,
            taker=self.taker,
            max_royalty=self.max_royalty,
            max_fee=fee if self.max_fee is None else self.max_fee,
            consideration=tuple(paid),
            salt=secrets.randbits(256) if self.salt is None else self.salt,
            counter=counter if self.counter is None else self.counter,
        )


class ListingBody(DraftBody):
    """A listing as it was signed: every field is said."""

    amount: Half
    payment_token: Account
    reference_price: Half
    start_time: Moment
    end_time: Moment
    taker: Account
    max_royalty: BasisPoints
    max_fee: BasisPoints
    consideration: Annotated[list[PayeeBody], Field(max_length=MOST_PAYEES)]
    salt: Word
    counter: Word


class SubmittedListing(Body):
    """A listing, and what its offerer signed it with (EIP-712; EIP-1271 for contracts)."""

    listing: ListingBody
    signature: Octets


class Draft(Body):
    """What somebody wants to list."""

    listing: DraftBody


class QuoteBody(Body):
    """What somebody wants to buy, and where to."""

    chain: Chain = Field(description="Where the item is listed; CAIP-2.")
    hash: Hash
    units: Half = 1
    recipient: Account
    delivery_chain: Chain


class BuyBody(QuoteBody):
    """The same, and who pays."""

    buyer: Account
    return_to: Account | None = Field(default=None, description="Who gets it if delivery fails. Default: recipient.")
    maximum: Half | None = Field(default=None, description="The most that is paid. Default: the price and 1 %.")
    deadline: Moment | None = Field(default=None, description="Default: an hour after it is paid.")
    credential: Octets = b""


class CancelBody(Body):
    """One listing, or everything of an offerer's."""

    chain: Chain
    hash: Hash | None = None
    offerer: Account | None = None
    everything: bool = False


class WithdrawBody(Body):
    """What was credited to an account of its home chain, on the chain where it was paid."""

    chain: Chain = Field(description="Where the credit stands; CAIP-2.")
    account: Account
    home_chain: Chain = Field(description="The chain on which the account is known; CAIP-2.")
    token: Account = Field(description="Zero: coins.")
    to: Account


class SignedIn(Body):
    """A message by EIP-4361, and its signature."""

    message: Message
    signature: Octets
