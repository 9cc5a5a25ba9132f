"""Listings: looked for, submitted, hidden."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from light_clients.types import Hash32
from relayer.domain.market.form import Refused, check_form
from relayer.domain.market.views import ListingId, ListingOrder, ListingQuery, ListingState, ListingView
from relayer.entrypoints.api.market.models import Listing, Listings
from relayer.entrypoints.api.market.orders import SubmittedListing
from relayer.entrypoints.api.market.state import Market, TheMarket, ThePage
from relayer.entrypoints.api.market.values import Account, Chain, Contract, Half, Hash, Word
from relayer.entrypoints.api.problems import documented
from relayer.entrypoints.market.admission import admit

JSON = "application/json"

router = APIRouter(prefix="/v1/listings", tags=["listings"], responses=documented(400, 422, 429, 503))


class Filters:
    """Which listings are looked for; what is left out does not matter."""

    def __init__(  # noqa: PLR0917 the parameters of a search
        self,
        state: Annotated[
            ListingState | Literal["any"], Query(description="What became of them.")
        ] = ListingState.ACTIVE,
        chain: Annotated[Chain | None, Query(description="Where the item stands; CAIP-2.")] = None,
        token: Annotated[Account | None, Query(description="The collection as it stands there; needs `chain`.")] = None,
        collection: Annotated[Contract | None, Query(description="The collection's home; CAIP-10.")] = None,
        identifier: Annotated[Word | None, Query(description="The token id; decimal.")] = None,
        offerer: Annotated[Account | None, Query(description="Who sells.")] = None,
        payment_chain: Annotated[Chain | None, Query(alias="paymentChain", description="CAIP-2.")] = None,
        payment_token: Annotated[Account | None, Query(alias="paymentToken", description="Zero: coins.")] = None,
        lowest: Annotated[Half | None, Query(description="The least price of a unit.")] = None,
        highest: Annotated[Half | None, Query(description="The greatest price of a unit.")] = None,
        order: Annotated[ListingOrder, Query(description="By price only within one currency.")] = ListingOrder.NEWEST,
    ) -> None:
        self._check(token=token is None or chain is not None, money=payment_token is None or payment_chain is not None)
        priced = order in (ListingOrder.CHEAPEST, ListingOrder.DEAREST) or lowest is not None or highest is not None
        if priced and (payment_chain is None or payment_token is None):
            raise Refused("currency-missing", "prices compare only within one paymentChain and paymentToken")
        self.query = ListingQuery(
            None if state == "any" else state,
            chain,
            token,
            collection,
            identifier,
            offerer,
            payment_chain,
            payment_token,
            lowest,
            highest,
            order,
        )

    @staticmethod
    def _check(*, token: bool, money: bool) -> None:
        if not token:
            raise Refused("chain-missing", "a token is named together with its chain")
        if not money:
            raise Refused("chain-missing", "a paymentToken is named together with its paymentChain")


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status_code=status, media_type=JSON)


async def known_listing(market: Market, chain: int, name: Hash32) -> ListingView:
    """Raises `Refused` where there is none."""
    found = await market.shelves.listing(ListingId(chain, name), market.now())  # type: ignore[arg-type]
    if found is None:
        raise Refused("listing-unknown", f"no listing {name} is known on chain {chain}")
    return found


@router.get("", response_model=Listings)
async def listings(market: TheMarket, filters: Annotated[Filters, Depends()], page: ThePage) -> Response:
    """Listings that fit, in the order asked for."""
    found = await market.documents.listings(filters.query, market.now(), page.limit, page.cursor)
    cursor = page.next(found)
    tail = b"null" if cursor is None else b'"%b"' % cursor.encode()
    return _json(b'{"listings":[%b],"cursor":%b}' % (b",".join(found.entries), tail))


@router.get("/{chain}/{hash}", response_model=Listing, responses=documented(404))
async def listing(
    market: TheMarket,
    chain: Annotated[Chain, Path()],
    hash: Annotated[Hash, Path(description="EIP-712 struct hash.")],  # noqa: A002 the word of the API
) -> Response:
    """One listing."""
    found = await market.documents.listing(ListingId(chain, hash), market.now())
    if found is None:
        raise Refused("listing-unknown", f"no listing {hash} is known on chain {chain}")
    return _json(found)


KNOWN: dict[int | str, dict[str, Any]] = {200: {"model": Listing, "description": "It was known already."}}


@router.post("", status_code=201, response_model=Listing, responses=KNOWN | documented(404, 409, 413))
async def submit(market: TheMarket, submitted: SubmittedListing) -> Response:
    """Shows a listing that its offerer has signed, once it could be bought."""
    body, now = submitted.listing, market.now()
    chain = market.chain(body.chain)
    market.chain(body.payment_chain)
    wanted = body.listing(now, 0, 0)
    check_form(wanted, now)
    id = ListingId(chain.id, wanted.hash())  # noqa: A001
    known = await market.documents.listing(id, now)
    if known is not None:
        return _json(known)
    await admit(chain, wanted, submitted.signature, now)
    kept = await market.orders.submit(id, wanted, submitted.signature, now)
    shown = await market.documents.listing(id, now)
    if shown is None:
        raise Refused("listing-hidden", "its offerer has had it hidden: sign it again with another salt")
    return _json(shown, 201 if kept else 200)


@router.delete("/{chain}/{hash}", status_code=204, responses=documented(401, 403, 404))
async def hide(
    market: TheMarket,
    chain: Annotated[Chain, Path()],
    hash: Annotated[Hash, Path()],  # noqa: A002
    authorization: Annotated[str | None, Header(description="Bearer, of the offerer.")] = None,
) -> Response:
    """Shows the listing to nobody any more. It stands, until it is cancelled on-chain: see /v1/steps/cancel."""
    bearer = market.doors.bearer(authorization, market.now())
    view = await known_listing(market, chain, hash)
    if (bearer.chain, bearer.account) != (view.id.chain, view.listing.offerer):
        raise Refused("not-the-offerer", "only its offerer may hide a listing, signed in with the listing's chain")
    await market.orders.hide(view.id)
    return Response(status_code=204)
