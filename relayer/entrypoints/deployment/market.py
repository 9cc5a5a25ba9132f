"""The marketplace of a deployment: where its contracts will stand."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import Address
from relayer.entrypoints.deployment.addresses import MarketAddresses
from relayer.entrypoints.deployment.creation import Creation, creation, libraries_of


@dataclass(frozen=True, slots=True)
class Market:
    """What sells, what settles, and what guards both; the same on every chain."""

    libraries: tuple[Creation, ...]
    marketplace: Creation
    price_breaker: Creation
    price_feeds: Creation
    settlement: Creation
    treasury: Address
    """Who gets the marketplace's fees at first."""

    @property
    def contracts(self) -> tuple[Creation, ...]:
        """None of them looks at another when it is created: they need no wave of their own."""
        return self.marketplace, self.price_breaker, self.price_feeds, self.settlement

    def addresses(self) -> MarketAddresses:
        return MarketAddresses(
            self.marketplace.address,
            self.settlement.address,
            self.price_breaker.address,
            self.price_feeds.address,
            self.treasury,
        )


def market(authority: Creation, gateway: Creation, asset_gateway: Creation, treasury: Address) -> Market:
    """The marketplace beside this asset gateway."""
    rules = str(authority.address)
    sells, pays = libraries_of("Marketplace"), libraries_of("Settlement")
    marketplace = creation("Marketplace", str(asset_gateway.address), rules, libraries=sells)
    breaker = creation("PriceBreaker", rules, str(marketplace.address))
    feeds = creation("PriceFeeds", rules)
    looks_at = str(gateway.address), rules, str(marketplace.address), str(feeds.address)
    settlement = creation("Settlement", *looks_at, str(treasury), libraries=pays)
    shared = {library.name: library for library in (*sells, *pays)}
    return Market(tuple(shared.values()), marketplace, breaker, feeds, settlement, treasury)
