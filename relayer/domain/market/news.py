"""What the bus is told of the marketplace, and under which topics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relayer.domain import topics
from relayer.domain.market.purchases import Activity, ActivityKind

VERSION = 1


def news(activity: Activity) -> Iterator[tuple[str, dict[str, Any]]]:
    """Topics and what is published there; transfers of a collection have a topic of their own beside."""
    told = _told(activity)
    yield topics.market(activity.kind.value), told
    if activity.kind is ActivityKind.TRANSFERRED and activity.item is not None:
        collection = activity.item.collection
        yield topics.transfers(collection.chain, collection.address), told


def _told(activity: Activity) -> dict[str, Any]:
    """Names and numbers are as in the HTTP API; what there is not is left out."""
    item, listing, at = activity.item, activity.listing, activity.at
    told: dict[str, Any] = {
        "v": VERSION,
        "sequence": activity.sequence,
        "kind": activity.kind.value,
        "chain": f"eip155:{activity.chain}",
        "transaction": None if at is None else str(at.hash),
        "block": None if at is None else at.block.number,
        "timestamp": None if at is None else at.block.timestamp,
        "collection": None if item is None else f"eip155:{item.collection.chain}:{item.collection.address}",
        "identifier": None if item is None else str(item.identifier),
        "listing": None if listing is None else {"chain": f"eip155:{listing.chain}", "hash": str(listing.hash)},
        "purchase": None if activity.purchase is None else str(activity.purchase),
        "account": None if activity.account is None else str(activity.account),
        "other": None if activity.other is None else str(activity.other),
        "amount": str(activity.amount),
        "message": None if activity.message is None else str(activity.message),
        "retracted": activity.retracted,
    }
    return {name: value for name, value in told.items() if value is not None}
