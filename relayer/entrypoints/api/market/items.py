"""Collections and their items, wherever they are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from light_clients.types import Address, ChainId
from relayer.domain.market.documents import document_of
from relayer.domain.market.form import Refused
from relayer.domain.market.views import ItemView, ListingQuery, ListingState, TokenId
from relayer.entrypoints.api.market.answers import collection_of, item_of, item_ref, step_of
from relayer.entrypoints.api.market.models import (
    Collection,
    Collections,
    ItemMetadata,
    Items,
    ListedItem,
    Listing,
    Provenance,
)
from relayer.entrypoints.api.market.state import Market, TheMarket, ThePage
from relayer.entrypoints.api.market.values import Account, Chain, Word
from relayer.entrypoints.api.problems import documented

SHOWN_LISTINGS = 20

router = APIRouter(prefix="/v1", tags=["items"], responses=documented(400, 422, 429, 503))


@router.get("/collections")
async def collections(market: TheMarket, page: ThePage) -> Collections:
    """Every collection that the marketplace or the bridge has met."""
    found = await market.shelves.collections(page.limit, page.cursor)
    return Collections(collections=[collection_of(each) for each in found.entries], cursor=page.next(found))


@router.get("/collections/{chain}/{address}", responses=documented(404))
async def collection(market: TheMarket, chain: Chain, address: Account) -> Collection:
    """One collection, by its home or by any wrapped one."""
    found = await market.shelves.collection(TokenId(chain, address))
    if found is None:
        raise Refused("collection-unknown", f"no collection {address} is known on chain {chain}")
    return collection_of(found)


@router.get("/collections/{chain}/{address}/items", responses=documented(404))
async def items(market: TheMarket, page: ThePage, chain: Chain, address: Account) -> Items:
    """The items of a collection."""
    home = await market.shelves.collection(TokenId(chain, address))
    if home is None:
        raise Refused("collection-unknown", f"no collection {address} is known on chain {chain}")
    found = await market.shelves.items(home.id, page.limit, page.cursor)
    return Items(items=[item_of(each) for each in found.entries], cursor=page.next(found))


async def known_item(market: Market, chain: ChainId, address: Address, identifier: int) -> ItemView:
    """By its home, or by any wrapped one; raises `Refused` where there is none."""
    found = await market.shelves.item(TokenId(chain, address), identifier)
    if found is None:
        raise Refused("item-unknown", f"no item {identifier} of {address} is known on chain {chain}")
    return found


@router.get("/items/{chain}/{address}/{identifier}", responses=documented(404))
async def item(
    market: TheMarket,
    chain: Chain,
    address: Account,
    identifier: Annotated[Word, Path(description="The token id; decimal.")],
) -> ListedItem:
    """One item: who has it, what is on its way, and its newest active listings."""
    view = await known_item(market, chain, address, identifier)
    query = ListingQuery(ListingState.ACTIVE, collection=view.id.collection, identifier=view.id.identifier)
    offered = await market.shelves.listings(query, market.now(), SHOWN_LISTINGS, None)
    shown = [Listing.model_validate_json(document_of(each)) for each in offered.entries]
    return ListedItem(**dict(item_of(view)), listings=shown)


@router.get("/items/{chain}/{address}/{identifier}/metadata", responses=documented(404, 424))
async def metadata(market: TheMarket, chain: Chain, address: Account, identifier: Word) -> ItemMetadata:
    """What the item says of itself, fetched from where its collection points to; never from a private network."""
    view = await known_item(market, chain, address, identifier)
    uri = await market.uris.of(view)
    if not uri:
        raise Refused("metadata-unknown", "the item's collection names no metadata")
    said = await market.metadata.of(uri)
    image = said.get("image")
    return ItemMetadata(item=item_ref(view.id), uri=uri, metadata=said, image=image if isinstance(image, str) else None)


@router.get("/items/{chain}/{address}/{identifier}/provenance", responses=documented(404))
async def provenance(market: TheMarket, chain: Chain, address: Account, identifier: Word) -> Provenance:
    """Everything that happened to the item, on every chain, each arrival with the header that proved it."""
    view = await known_item(market, chain, address, identifier)
    steps = await market.shelves.provenance(view.id)
    return Provenance(item=item_ref(view.id), steps=[step_of(each) for each in steps])
