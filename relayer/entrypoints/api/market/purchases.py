"""Purchases, seen from all their chains."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from relayer.domain.market.form import Refused
from relayer.domain.market.views import ListingId
from relayer.entrypoints.api.market.answers import purchase_of
from relayer.entrypoints.api.market.dealings import Purchase, Purchases
from relayer.entrypoints.api.market.state import TheMarket, ThePage
from relayer.entrypoints.api.market.values import Account, Chain, Hash
from relayer.entrypoints.api.problems import documented

router = APIRouter(prefix="/v1/purchases", tags=["purchases"], responses=documented(400, 422, 429, 503))


@router.get("")
async def purchases(
    market: TheMarket,
    page: ThePage,
    buyer: Annotated[Account | None, Query(description="Who paid.")] = None,
    chain: Annotated[Chain | None, Query(description="Of the listing; CAIP-2. With `listing`.")] = None,
    listing: Annotated[Hash | None, Query(description="The listing's hash. With `chain`.")] = None,
) -> Purchases:
    """Purchases, the newest first."""
    if (chain is None) != (listing is None):
        raise Refused("listing-incomplete", "a listing is named by its chain and its hash")
    wanted = None if chain is None or listing is None else ListingId(chain, listing)
    found = await market.ledger.purchases(buyer=buyer, listing=wanted, limit=page.limit, cursor=page.cursor)
    return Purchases(purchases=[purchase_of(each) for each in found.entries], cursor=page.next(found))


@router.get("/{id}", responses=documented(404))
async def purchase(market: TheMarket, id: Hash) -> Purchase:  # noqa: A002 the word of the API
    """One purchase: whose the money is, what it waits for, and its transactions on every chain."""
    found = await market.ledger.purchase(id)
    if found is None:
        raise Refused("purchase-unknown", f"no purchase {id} is known")
    return purchase_of(found)
