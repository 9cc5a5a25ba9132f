"""What happened, who has what, and what people can withdraw."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from light_clients.types import Address, ChainId
from relayer.domain.market.form import Refused
from relayer.domain.market.views import ItemId
from relayer.entrypoints.api.market.answers import activity_of, holding_of
from relayer.entrypoints.api.market.dealings import Activities, Credit, Credits
from relayer.entrypoints.api.market.items import known_item
from relayer.entrypoints.api.market.models import Holdings
from relayer.entrypoints.api.market.state import Market, TheMarket, ThePage
from relayer.entrypoints.api.market.values import Account, Chain, Contract, Word
from relayer.entrypoints.api.models import caip2
from relayer.entrypoints.api.problems import documented

MOST_TOKENS = 200
"""In so many somebody is asked for credits."""

router = APIRouter(prefix="/v1", tags=["people"], responses=documented(400, 422, 429, 503))


@router.get("/activity", responses=documented(404))
async def activity(
    market: TheMarket,
    page: ThePage,
    account: Annotated[Account | None, Query(description="Who did it, or whom it is about.")] = None,
    collection: Annotated[Contract | None, Query(description="Of an item, with `identifier`; CAIP-10.")] = None,
    identifier: Annotated[Word | None, Query(description="Of an item, with `collection`; decimal.")] = None,
) -> Activities:
    """What happened, the newest first."""
    item = await _item(market, collection, identifier)
    found = await market.ledger.activity(item=item, account=account, limit=page.limit, cursor=page.cursor)
    return Activities(activity=[activity_of(each) for each in found.entries], cursor=page.next(found))


async def _item(market: Market, collection: Contract | None, identifier: int | None) -> ItemId | None:
    if (collection is None) != (identifier is None):
        raise Refused("item-incomplete", "an item is named by its collection and its identifier")
    if collection is None or identifier is None:
        return None
    return (await known_item(market, collection.chain, collection.address, identifier)).id


@router.get("/owners/{address}/items")
async def owned(
    market: TheMarket,
    page: ThePage,
    address: Account,
    chain: Annotated[Chain | None, Query(description="Only there; CAIP-2.")] = None,
) -> Holdings:
    """What somebody holds."""
    found = await market.ledger.holdings(address, chain, page.limit, page.cursor)
    return Holdings(items=[holding_of(each) for each in found.entries], cursor=page.next(found))


@router.get("/credits/{account}")
async def credits(market: TheMarket, account: Account) -> Credits:  # noqa: A001 the word of the API
    """What an account can withdraw now, as the settlements say."""
    tokens: dict[ChainId, list[Address]] = {}
    for each in await market.ledger.credited(account, MOST_TOKENS):
        tokens.setdefault(each.chain, []).append(each.address)
    found = [
        Credit(chain=caip2(chain), home_chain=caip2(home), token=str(token), amount=str(amount))
        for chain in market.chains
        if chain in tokens
        for home, token, amount in await market.chains[chain].credits(account, market.chains, tokens[chain])
        if amount
    ]
    return Credits(account=str(account), credits=found)
