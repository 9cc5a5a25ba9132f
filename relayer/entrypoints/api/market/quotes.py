"""What a purchase costs, and what a wallet must do."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter

from light_clients.types import Address
from relayer.domain.errors import Reverted
from relayer.domain.market.documents import listing_fields
from relayer.domain.market.form import Refused, check_form
from relayer.domain.market.listing import Listing
from relayer.domain.market.views import ListingState, ListingView
from relayer.entrypoints.api.market.answers import wallet_step, when
from relayer.entrypoints.api.market.dealings import (
    Fee,
    Gas,
    ListingSteps,
    PurchaseSteps,
    Quote,
    ShareKind,
    Split,
    Steps,
)
from relayer.entrypoints.api.market.listings import known_listing
from relayer.entrypoints.api.market.models import Paid, SaidListing
from relayer.entrypoints.api.market.orders import BuyBody, CancelBody, Draft, QuoteBody, WithdrawBody
from relayer.entrypoints.api.market.state import Market, TheMarket
from relayer.entrypoints.api.models import caip2
from relayer.entrypoints.api.problems import documented
from relayer.entrypoints.market import steps
from relayer.entrypoints.market.admission import refused_by_contract
from relayer.entrypoints.market.contracts import MarketChain
from relayer.entrypoints.market.steps import Order

GOOD_FOR = 60
"""Seconds for which a quote is meant; the buyer's `maximum` is what binds."""
TOLERANCE = 100
"""A hundredth more than a price that follows the market may be paid."""
KINDS = (ShareKind.PROCEEDS, ShareKind.ROYALTY, ShareKind.FEE)
NOBODY = Address(bytes(20))

router = APIRouter(prefix="/v1", tags=["buying and selling"], responses=documented(404, 409, 413, 422, 429, 503))


@router.post("/quotes")
async def quote(market: TheMarket, asked: QuoteBody) -> Quote:
    """What a purchase costs now: price, fee for the messages, gas; and who gets what."""
    return (await _quoted(market, asked, None))[2]


@router.post("/steps/buy")
async def buy(market: TheMarket, asked: BuyBody) -> PurchaseSteps:
    """Approve the price, and buy: what is done already is left out."""
    pays, order, quoted = await _quoted(market, asked, asked)
    todo = await steps.steps_to_buy(pays, order, asked.buyer, int(quoted.fee.amount))
    return PurchaseSteps(steps=[wallet_step(each) for each in todo], quote=quoted)


@router.post("/steps/list")
async def list_item(market: TheMarket, draft: Draft) -> ListingSteps:
    """Approve the item, and sign: then submit the listing with the signature at /v1/listings."""
    chain, now = market.chain(draft.listing.chain), market.now()
    market.chain(draft.listing.payment_chain)
    (fee,) = await chain.read_market("fee")
    (counter,) = await chain.read_market("counterOf", str(draft.listing.offerer))
    wanted = draft.listing.listing(now, fee, counter)
    check_form(wanted, now)
    todo = await steps.steps_to_list(chain, wanted)
    return ListingSteps(
        steps=[wallet_step(each) for each in todo],
        listing=SaidListing.model_validate(listing_fields(chain.id, wanted)),
        hash=str(wanted.hash()),
    )


@router.post("/steps/cancel")
async def cancel(market: TheMarket, asked: CancelBody) -> Steps:
    """Take one listing back, or everything that an offerer has signed so far."""
    chain = market.chain(asked.chain)
    listing: Listing | None = None
    if asked.everything and asked.offerer is not None and asked.hash is None:
        offerer = asked.offerer
    elif asked.hash is not None and not asked.everything:
        listing = (await known_listing(market, asked.chain, asked.hash)).listing
        offerer = listing.offerer
    else:
        raise Refused("cancel-unclear", "say either the hash, or the offerer and everything")
    todo = await steps.steps_to_cancel(chain, offerer, listing)
    return Steps(steps=[wallet_step(each) for each in todo])


@router.post("/steps/withdraw")
async def withdraw(market: TheMarket, asked: WithdrawBody) -> Steps:
    """Take what was earned: see /v1/credits."""
    if asked.to == NOBODY:
        raise Refused("recipient-zero", "nobody can withdraw to the zero address")
    paid, home = market.chain(asked.chain), market.chain(asked.home_chain)
    todo = await steps.steps_to_withdraw(paid, home, asked.account, asked.token, asked.to)
    return Steps(steps=[wallet_step(each) for each in todo])


async def _quoted(market: Market, asked: QuoteBody, buying: BuyBody | None) -> tuple[MarketChain, Order, Quote]:
    view = await known_listing(market, asked.chain, asked.hash)
    _check_available(view, asked, buying)
    listing, now = view.listing, market.now()
    sells, pays = market.chain(asked.chain), market.chain(listing.payment_chain)
    market.chain(asked.delivery_chain)
    order = _order(view, asked, buying)
    try:
        price, fee = await pays.read_settlement("quote", order.abi())
        shares = (await sells.read_market("sharesOf", listing.abi(), price))[0]
    except Reverted as refusal:
        raise refused_by_contract(refusal) from None
    order = _limited(order, price, buying)
    (treasury,) = await pays.read_settlement("treasury")
    limit, gas_price = await steps.gas_to_buy(pays, order, asked.recipient if buying is None else buying.buyer, fee)
    where = caip2(pays.id)
    quoted = Quote(
        price=Paid(chain=where, token=str(listing.payment_token), amount=str(price)),
        fee=Fee(chain=where, amount=str(fee)),
        gas=Gas(chain=where, limit=str(limit), price=str(gas_price), amount=str(limit * gas_price)),
        split=[_split(share, pays, str(treasury)) for share in shares],
        expires=when(min(now + GOOD_FOR, listing.end_time)),
    )
    return pays, order, quoted


def _check_available(view: ListingView, asked: QuoteBody, buying: BuyBody | None) -> None:
    if view.state is not ListingState.ACTIVE:
        raise Refused("listing-not-active", f"nobody can buy this now: it is {view.state}")
    left = view.listing.amount - view.filled
    if not 0 < asked.units <= left:
        raise Refused("units-unavailable", f"{asked.units} are asked for, {left} are left")
    if asked.recipient == NOBODY:
        raise Refused("recipient-zero", "nobody can get an item at the zero address")
    if buying is not None and view.listing.taker not in (NOBODY, buying.buyer):
        raise Refused("taker-differs", "the listing is for somebody else")


def _order(view: ListingView, asked: QuoteBody, buying: BuyBody | None) -> Order:
    return Order(
        chain=asked.chain,
        listing=view.listing,
        signature=view.signature,
        units=asked.units,
        maximum=(1 << 128) - 1,
        recipient=asked.recipient,
        delivery_chain=asked.delivery_chain,
        return_to=(buying.return_to if buying else None) or asked.recipient,
        deadline=min((buying.deadline if buying else None) or 0, (1 << 64) - 1),
        credential=buying.credential if buying else b"",
    )


def _limited(order: Order, price: int, buying: BuyBody | None) -> Order:
    """Pays no more than the buyer wants, or a little more than now for what follows the market."""
    most = price + price // TOLERANCE if order.listing.reference_price else price
    if buying is not None and buying.maximum is not None:
        most = buying.maximum
    if most < price:
        raise Refused("maximum-exceeded", f"it costs {price}, and the most to be paid is {most}")
    return replace(order, maximum=most)


def _split(share: tuple[int, str, int, int], pays: MarketChain, treasury: str) -> Split:
    """Without an account it is the treasury's, on the payment chain."""
    chain, account, amount, kind = share
    return Split(
        account=account if chain else treasury,
        chain=f"eip155:{chain or pays.id}",
        amount=str(amount),
        kind=KINDS[kind],
    )
