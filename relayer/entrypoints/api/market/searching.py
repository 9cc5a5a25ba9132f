"""Whatever goes by a name: a message, a transaction, a purchase, a listing, an item, an account."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from light_clients.types import Hash32
from relayer.domain.errors import Misconfigured
from relayer.domain.market.form import Refused
from relayer.domain.market.views import ListingId, TokenId
from relayer.entrypoints.api.market.answers import item_ref, listing_ref, purchase_of
from relayer.entrypoints.api.market.dealings import Found
from relayer.entrypoints.api.market.models import ItemRef
from relayer.entrypoints.api.market.state import Market, TheMarket
from relayer.entrypoints.api.market.values import ADDRESS, HASH, Question, address, hash32
from relayer.entrypoints.api.models import Message, message_of
from relayer.entrypoints.api.problems import documented
from relayer.entrypoints.api.reading import Reading
from relayer.entrypoints.api.status import reading

MOST = 20

router = APIRouter(prefix="/v1/search", tags=["search"], responses=documented(422, 429, 503))


@router.get("")
async def search(
    market: TheMarket,
    relayer: Annotated[Reading, Depends(reading)],
    q: Annotated[Question, Query(description="A message, transaction, purchase or listing by hash; an address.")],
) -> Found:
    """Whatever goes by that name; nothing found is an answer too."""
    name = q.strip()
    if re.fullmatch(HASH.strip("^$"), name, re.ASCII):
        return await _by_hash(market, relayer, hash32(name))
    if re.fullmatch(ADDRESS.strip("^$"), name, re.ASCII):
        return await _by_address(market, name.lower())
    raise Refused("question-malformed", "ask for a hash (0x and 64 hex digits) or an address (0x and 40)")


async def _by_hash(market: Market, relayer: Reading, name: Hash32) -> Found:
    purchase = await market.ledger.purchase(name)
    now = market.now()
    listings = [
        view.id
        for chain in market.chains
        if (view := await market.shelves.listing(ListingId(chain, name), now)) is not None
    ]
    return Found(
        messages=await _messages(relayer, name),
        purchases=[] if purchase is None else [purchase_of(purchase)],
        listings=[listing_ref(each) for each in listings],
        items=[],
        account=None,
    )


async def _messages(relayer: Reading, name: Hash32) -> list[Message]:
    """By id, or of a transaction; none while no relayer has run here."""
    try:
        views = await relayer.views()
    except Misconfigured:
        return []
    one = await views.message(name)
    return [message_of(each) for each in ([one] if one is not None else await views.messages_of(name))]


async def _by_address(market: Market, name: str) -> Found:
    account = address(name)
    items: list[ItemRef] = []
    for chain in market.chains:
        collection = await market.shelves.collection(TokenId(chain, account))
        if collection is not None:
            page = await market.shelves.items(collection.id, MOST, None)
            items += [item_ref(each.id) for each in page.entries]
    held = await market.ledger.holdings(account, None, MOST, None)
    items += [item_ref(each.item) for each in held.entries]
    bought = await market.ledger.purchases(buyer=account, listing=None, limit=MOST, cursor=None)
    unique = list({(each.collection, each.identifier): each for each in items}.values())
    return Found(
        messages=[],
        purchases=[purchase_of(each) for each in bought.entries],
        listings=[],
        items=unique[:MOST],
        account=str(account),
    )
