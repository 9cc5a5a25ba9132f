"""What the marketplace's API asks of its memory: read models to look things up in, and the listings it was given.

And what the index behind them asks: chains to read, and a journal to keep what they told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.errors import RelayerError
from relayer.domain.ids import BlockRef
from relayer.domain.market.events import Placed
from relayer.domain.market.listing import Listing
from relayer.domain.market.purchases import Activity, PurchaseState, PurchaseView
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

    async def credited(self, account: Address, limit: int) -> Sequence[TokenId]:
        """In what an account was ever paid, coins too, withdrawn or not."""
        ...

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


@dataclass(frozen=True, slots=True)
class Chapter:
    """What a range of blocks told, and the block that it ends with."""

    chain: ChainId
    events: Sequence[Placed]
    heights: Mapping[Hash32, Height]
    """Under which headers transactions of the range proved what they delivered."""
    end: BlockRef


@dataclass(frozen=True, slots=True)
class Watched:
    """The collections that are known on a chain."""

    read: Sequence[Address]
    """As far as the chain itself."""
    behind: Mapping[Address, Height]
    """And those that are not, up to which block they are."""


class MarketReader(Protocol):
    """The marketplace's events of one chain, as a majority of its endpoints tells them."""

    async def read(
        self, after: BlockRef, last: Height, collections: Sequence[Address], *, old: bool = False
    ) -> Chapter:
        """What was said behind this block, up to the last or as far as one question reaches.

        Args:
            after: The block to begin behind; it must stand.
            last: The last block.
            collections: Whose transfers are read.
            old: Read their transfers alone: everything else was read before.

        Raises `Transient` where endpoints disagree, or blocks were replaced meanwhile.
        """
        ...


class MarketJournal(Protocol):
    """The index's memory of one or all chains. What is committed is told by `Ledger` and `Shelves` at once."""

    async def blocks(self, chain: ChainId) -> Sequence[BlockRef]:
        """Blocks up to which the chain has been read, newest first: enough of them to find where a reorg forked."""
        ...

    async def watched(self, chain: ChainId) -> Watched: ...

    async def commit(self, chapter: Chapter, collections: Sequence[Address], *, live: bool) -> Sequence[Activity]:
        """Keep the chain's next chapter, for which these collections were read; all of it or nothing.

        Gives what happened, if it is `live`: what a back-fill finds is old, and no news.
        """
        ...

    async def commit_old(self, chapter: Chapter, collections: Sequence[Address]) -> None:
        """Keep what these collections, which were behind, told up to the chapter's end."""
        ...

    async def take_back(self, chain: ChainId, ancestor: BlockRef) -> Sequence[Activity]:
        """Forget everything that came after this block, on this chain."""
        ...


class TokenWords(Protocol):
    """What tokens of one chain say of themselves; empty where they say nothing, or nothing that makes sense."""

    async def name(self, token: Address) -> str: ...

    async def symbol(self, token: Address) -> str: ...

    async def decimals(self, token: Address) -> int:
        """0 where it does not say."""
        ...

    async def uri(self, token: Address, identifier: int) -> str: ...


class Register(Protocol):
    """The memory of what tokens said of themselves."""

    async def undescribed(self, chain: ChainId) -> Sequence[Address]:
        """Tokens of this chain that were never asked, nor described by a message; a few."""
        ...

    async def describe(self, chain: ChainId, token: Address, name: str, symbol: str, decimals: int) -> None: ...

    async def uri(self, chain: ChainId, token: Address, identifier: int) -> str | None:
        """None: it was never kept."""
        ...

    async def keep_uri(self, chain: ChainId, token: Address, identifier: int, uri: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Census:
    """How things stand."""

    purchases: Mapping[tuple[ChainId, ChainId], Mapping[PurchaseState, int]]
    """By the chain where they were paid and the chain of the item."""
    oldest_open: int | None
    """When the oldest purchase was opened that has not ended."""
    listings: Mapping[ChainId, int]
    """Those that can be bought, by the chain of the item."""
    refused: Mapping[ChainId, int]
    """Purchases that the price breaker has ever refused, by the chain of the item."""


class Counting(Protocol):
    """The memory that is counted."""

    async def census(self, now: int) -> Census: ...


class MarketGauges(Protocol):
    """Shows how things stand."""

    def purchases(self, payment: ChainId, item: ChainId, *, still_open: int, settled: int, refunded: int) -> None: ...

    def oldest_open(self, since: float | None) -> None: ...

    def listings(self, chain: ChainId, active: int) -> None: ...

    def breaker_refused(self, chain: ChainId, count: int = 1) -> None:
        """Purchases of items of this chain were refused for their price."""
        ...


class MarketListener(Protocol):
    """Hears of the index; keeps no one waiting."""

    def happened(self, activities: Sequence[Activity]) -> None:
        """What was committed, in order; what a reorg took back is retracted."""
        ...

    def indexed(self, chain: ChainId, height: Height, head: Height, events: int) -> None:
        """So many events more are kept, and the chain has been read up to this height."""
        ...

    def reorganised(self, chain: ChainId, ancestor: Height) -> None: ...

    def trouble(self, worker: str, error: RelayerError) -> None: ...
