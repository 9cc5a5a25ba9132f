"""What the marketplace's API asks of its memory: read models to look things up in, and the listings it was given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.market.listing import Listing
from relayer.domain.market.purchases import Activity, PurchaseView
from relayer.domain.market.views import (
    CollectionView,
    Holding,
    IndexedChain,
    ItemId,
    ItemView,
    ListingId,
    ListingQuery,
    ListingView,
    Page,
    ProvenanceStep,
    TokenId,
    TokenView,
)


class Shelves(Protocol):
    """Listings and items. A cursor that no page has given raises `ValueError`."""

    async def listings(self, query: ListingQuery, now: int, limit: int, cursor: str | None) -> Page[ListingView]: ...

    async def listing(self, id: ListingId, now: int) -> ListingView | None:  # noqa: A002 the word is the domain's
        ...

    async def collections(self, limit: int, cursor: str | None) -> Page[CollectionView]: ...

    async def collection(self, id: TokenId) -> CollectionView | None:  # noqa: A002
        """By its home, or by any wrapped one."""
        ...

    async def items(self, collection: TokenId, limit: int, cursor: str | None) -> Page[ItemView]: ...

    async def item(self, token: TokenId, identifier: int) -> ItemView | None:
        """By its home, or by any wrapped one."""
        ...

    async def provenance(self, item: ItemId) -> Sequence[ProvenanceStep]:
        """Everything that happened to it, in order."""
        ...


class Documents(Protocol):
    """Listings as they are shown, in JSON that was made when they changed: for those who ask often."""

    async def listings(self, query: ListingQuery, now: int, limit: int, cursor: str | None) -> Page[bytes]:
        """As `Shelves.listings`, with the same cursors."""
        ...

    async def listing(self, id: ListingId, now: int) -> bytes | None:  # noqa: A002
        ...


class Ledger(Protocol):
    """Purchases, who holds what, and what happened."""

    async def purchase(self, id: Hash32) -> PurchaseView | None:  # noqa: A002
        ...

    async def purchases(
        self, *, buyer: Address | None, listing: ListingId | None, limit: int, cursor: str | None
    ) -> Page[PurchaseView]: ...

    async def holdings(
        self, owner: Address, chain: ChainId | None, limit: int, cursor: str | None
    ) -> Page[Holding]: ...

    async def activity(
        self, *, item: ItemId | None, account: Address | None, limit: int, cursor: str | None
    ) -> Page[Activity]:
        """Newest first."""
        ...

    async def tokens(self) -> Sequence[TokenView]: ...

    async def chains(self) -> Sequence[IndexedChain]: ...

    def activity_after(self, sequence: int) -> AsyncIterator[Activity]:
        """What has happened since, in order, and then what happens; never ends."""
        ...


class Orders(Protocol):
    """Listings that were submitted to us: the only thing here that no chain can tell again."""

    async def submit(self, id: ListingId, listing: Listing, signature: bytes, at: int) -> bool:  # noqa: A002
        """Keep a verified listing; False: it is kept already."""
        ...

    async def hide(self, id: ListingId) -> bool:  # noqa: A002
        """Show it to nobody any more; False: it is not kept."""
        ...
