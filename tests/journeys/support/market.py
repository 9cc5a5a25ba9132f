"""Selling and buying, by the contracts themselves: listings, purchases, and what they come to."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from light_clients.crypto.keccak import keccak256
from light_clients.types import ZERO_ADDRESS, Address, Hash32
from relayer.domain.market.listing import ItemType, Listing, Payee
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending import assets
from relayer.entrypoints.sending.travel import Sent, sent_by
from tests.journeys.support.chain import LocalChain, address_of
from tests.journeys.support.goods import ROYALTY, Goods, Standard, an_erc20
from tests.journeys.support.people import Person
from tests.journeys.support.waiting import PATIENCE, eventually

PRICE = 1_000 * 10**18 + 7
"""Not a round number: the remainders must be paid too."""
BUY_GAS = 3_500_000
HOUR = 3_600
TYPES = {Standard.ERC721: ItemType.ERC721, Standard.ERC1155: ItemType.ERC1155}


class Status(IntEnum):
    """As the settlement keeps it."""

    NONE, OPEN, SETTLED, REFUNDED = range(4)


@dataclass(frozen=True, slots=True)
class Offer:
    """A signed listing of some goods."""

    goods: Goods
    listing: Listing
    signature: bytes
    paid_on: LocalChain

    @property
    def chain(self) -> LocalChain:
        return self.goods.chain


@dataclass(frozen=True, slots=True)
class Purchase:
    """What somebody has paid for."""

    id: Hash32
    chain: LocalChain
    """Where it was paid."""
    sent: Sent | None
    """*Buy*; None: the item is on the same chain."""
    receipt: Mapping[str, Any]


async def money(chain: LocalChain, owner: Person, amount: int = 10 * PRICE) -> Goods:
    """A new currency, which its owner lets the settlement take."""
    coins = await chain.mint(an_erc20(), amount, to=owner)
    await owner.call(chain, coins.token, assets.approve_erc20(chain.market.settlement, amount), gas=100_000)
    return coins


async def offer(
    seller: Person, goods: Goods, *, money: Goods, payees: Mapping[Address, int] | None = None, price: int = PRICE
) -> Offer:
    """List one item, for the money of the chain that it is of."""
    marketplace = goods.chain.market.marketplace
    await seller.call(goods.chain, goods.token, assets.approve_collection(marketplace), gas=100_000)
    listing = Listing(
        offerer=seller.address,
        item_type=TYPES[goods.standard],
        token=goods.token,
        identifier=goods.ids[0],
        amount=1,
        payment_chain=money.chain.id,
        payment_token=money.token,
        price=price,
        reference_price=0,
        start_time=int(time.time()) - HOUR,
        end_time=int(time.time()) + HOUR,
        taker=ZERO_ADDRESS,
        max_royalty=ROYALTY,
        max_fee=0,
        consideration=tuple(Payee(*each) for each in (payees or {seller.address: 10_000}).items()),
        salt=secrets.randbits(256),
        counter=0,
    )
    return Offer(goods, listing, seller.account.sign_digest(listing.digest(goods.chain.id, marketplace)), money.chain)


async def buy(
    buyer: Person,
    offered: Offer,
    *,
    to: Person | Address,
    on: LocalChain,
    return_to: Address | None = None,
    deadline: int = 0,
) -> Purchase:
    """Pay for it; the purchase, once that is mined."""
    listing, chain = offered.listing, offered.paid_on
    recipient = str(address_of(to))
    returned = str(return_to or buyer.address)
    terms = 1, listing.price, recipient, on.id, returned, deadline, b""
    call = artifact("Settlement").call("buy", (offered.chain.id, listing.abi(), offered.signature, *terms))
    receipt = await buyer.call(chain, chain.market.settlement, call, gas=BUY_GAS)
    opened = events(receipt, chain, "PurchaseOpened")[0]
    sent = sent_by(receipt, chain.place)
    return Purchase(Hash32(opened["purchaseId"]), chain, sent[-1] if any(opened["messageId"]) else None, receipt)


def events(receipt: Mapping[str, Any], chain: LocalChain, name: str) -> list[dict[str, Any]]:
    """The settlement's of that name, in one transaction."""
    mine = [log for log in receipt["logs"] if log["address"] == str(chain.market.settlement)]
    found = [event for log in mine if (event := artifact("Settlement").event(log))]
    return [values for kind, values in found if kind == name]


async def told(purchase: Purchase, chain: LocalChain, name: str) -> list[dict[str, Any]]:
    """What the settlement of a chain has said of a purchase, by the name of the event."""
    logs = await chain.logs(chain.market.settlement, "Settlement", name)
    return [values for values, _ in logs if values["purchaseId"] == purchase.id]


async def status(purchase: Purchase) -> Status:
    chain = purchase.chain
    return Status((await chain.ask(chain.market.settlement, "Settlement", "purchase", purchase.id))[0])


async def eventually_came_to(expected: Status, purchase: Purchase, *, within: float = PATIENCE) -> None:
    async def there() -> bool:
        return await status(purchase) == expected

    await eventually(there, f"purchase {purchase.id} is {expected.name.lower()}", within=within)


async def refusal(purchase: Purchase) -> bytes:
    """Why the money came back: an error's selector, or zeros."""
    (ended,) = await told(purchase, purchase.chain, "PurchaseRefunded")
    reason: bytes = ended["reason"]
    return reason


def selector(error: str) -> bytes:
    return bytes(keccak256(error.encode())[:4])


async def credit(money: Goods, who: Person | Address, *, home: LocalChain | None = None) -> int:
    """What somebody can withdraw, known on the payment chain or on another."""
    chain = money.chain
    asked = (home or chain).id, str(address_of(who)), str(money.token)
    return int(await chain.ask(chain.market.settlement, "Settlement", "credit", *asked))


async def balance(money: Goods, who: Person | Address) -> int:
    (found,) = await money.chain.balances(money.token, [address_of(who)])
    return found
