"""A listing as the API shows it, in JSON: what never changes is made once and kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from light_clients.types import ChainId
from relayer.domain.market.listing import ItemType, Listing
from relayer.domain.market.views import ItemId, ListingId, ListingView

LAST_SECOND = 253_402_300_799
"""Of the year 9999: what ends later ends then, as far as calendars can tell."""


def document(id: ListingId, listing: Listing, item: ItemId, signature: bytes, listed_at: int) -> bytes:  # noqa: A002
    """What never changes of a listing; open at its end, for `completed`."""
    said = listing_fields(id.chain, listing) | {
        "hash": str(id.hash),
        "signature": "0x" + signature.hex(),
        "listedAt": moment(listed_at),
        "item": {
            "collection": f"eip155:{item.collection.chain}:{item.collection.address}",
            "identifier": str(item.identifier),
        },
    }
    return orjson.dumps(said)[:-1]


def completed(opened: bytes, state: str, filled: int) -> bytes:
    """The whole document."""
    return b'%b,"state":"%b","filled":"%d"}' % (opened, state.encode(), filled)


def document_of(view: ListingView) -> bytes:
    """The whole document of a listing as it stands."""
    opened = document(view.id, view.listing, view.item, view.signature, view.listed_at)
    return completed(opened, view.state, view.filled)


def listing_fields(chain: ChainId, listing: Listing) -> dict[str, Any]:
    """The listing itself, as it is sent and shown."""
    return {
        "chain": f"eip155:{chain}",
        "offerer": str(listing.offerer),
        "itemType": "erc721" if listing.item_type is ItemType.ERC721 else "erc1155",
        "token": str(listing.token),
        "identifier": str(listing.identifier),
        "amount": str(listing.amount),
        "paymentChain": f"eip155:{listing.payment_chain}",
        "paymentToken": str(listing.payment_token),
        "price": str(listing.price),
        "referencePrice": str(listing.reference_price),
        "startTime": moment(listing.start_time),
        "endTime": moment(listing.end_time),
        "taker": str(listing.taker),
        "maxRoyalty": listing.max_royalty,
        "maxFee": listing.max_fee,
        "consideration": [
            {"recipient": str(payee.recipient), "basisPoints": payee.basis_points} for payee in listing.consideration
        ],
        "salt": str(listing.salt),
        "counter": str(listing.counter),
    }


def moment(seconds: int) -> str:
    """RFC 3339."""
    return datetime.fromtimestamp(min(seconds, LAST_SECOND), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
