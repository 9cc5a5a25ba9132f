"""Where every contract will stand: the same addresses on every chain, known before anything is deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from light_clients.types import Address, ChainId
from relayer.entrypoints.deployment.addresses import Addresses, Governors
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.clients import ClientStart
from relayer.entrypoints.deployment.creation import FACTORY, Creation, creation, libraries_of
from relayer.entrypoints.deployment.governance import Governance, Governing, governing
from relayer.entrypoints.deployment.market import Market, market

__all__ = ["FACTORY", "Creation", "Plan", "creation", "libraries_of", "plan"]

NO_WRAPPED_COIN = Address(bytes(20))
"""Chains wrap their coins at different addresses, and what is deployed here stands at the same on all of them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one deployment puts on its chains."""

    chains: tuple[Chain, ...]
    admin: Address
    authority: Creation
    gateway: Creation
    libraries: tuple[Creation, ...]
    """What the asset gateway calls."""
    asset_gateway: Creation
    market: Market
    light_clients: Mapping[ChainId, Creation]
    """By the chain whose headers they verify, where that is done directly."""
    hub: ChainId | None = None
    """The relay chain: all others know each other only by what its light clients have verified."""
    governance: Governance = field(default_factory=Governance)

    def light_client(self, source: ChainId, destination: ChainId) -> Creation:
        """What verifies `source` on `destination`."""
        direct = self.light_clients[source]
        if self.hub is None or self.hub in (source, destination):
            return direct
        relay = self.light_clients[self.hub].address
        name = f"RelayChainLightClient/{source}"
        return creation("RelayChainLightClient", source, str(relay), str(direct.address), name=name)

    def governing(self, chain: ChainId) -> Governing:
        """What governs one chain."""
        return governing(self.governance, self.admin, self.authority, self.gateway, chain)

    def on(self, chain: ChainId) -> tuple[tuple[Creation, ...], ...]:
        """What stands on one chain, in waves: a contract is created after those that its constructor looks at."""
        clients = [self.light_client(source, chain) for source in self.light_clients if source != chain]
        direct = [client for client in clients if client in self.light_clients.values()]
        relayed = [client for client in clients if client not in direct]
        powers = self.governing(chain)
        called = {library.name: library for library in (*self.libraries, *self.market.libraries)}
        first = self.authority, *called.values(), *direct, *powers.first
        last = self.asset_gateway, *self.market.contracts, *powers.last
        return first, (self.gateway, *relayed, *powers.then), last

    def addresses(self, chain: Chain) -> Addresses:
        """What will stand on one chain, as its address file says it."""
        sources = [source for source in self.light_clients if source != chain.id]
        clients = {source: self.light_client(source, chain.id) for source in sources}
        return Addresses(
            chain.id,
            chain.name,
            self.authority.address,
            self.gateway.address,
            self.asset_gateway.address,
            {source: client.address for source, client in clients.items()},
            {source: client.name.partition("/")[0] for source, client in clients.items()},
            self._governors(chain.id),
            self.market.addresses(),
        )

    def _governors(self, chain: ChainId) -> Governors:
        terms = self.governance
        contracts = {each.name: each.address for each in self.governing(chain).everything}
        return Governors(
            terms.kind.value,
            self.admin,
            terms.home,
            contracts,
            terms.guardians,
            terms.updaters,
            terms.proposers,
        )


def plan(
    chains: Sequence[Chain],
    admin: Address,
    starts: Mapping[ChainId, ClientStart],
    hub: ChainId | None = None,
    *,
    governance: Governance | None = None,
    treasury: Address | None = None,
) -> Plan:
    """`starts`: what verifies each chain on all the others, or on the hub if there is one.

    `treasury`: who gets the marketplace's fees; else the admin.
    """
    authority = creation("AccessManager", str(admin))
    gateway = creation("Gateway", str(authority.address))
    clients = {
        chain.id: creation(start.contract, *start.arguments(chain.id), name=f"{start.contract}/{chain.id}")
        for chain in chains
        for start in (starts[chain.id],)
    }
    libraries = libraries_of("AssetGateway")
    arguments = (str(gateway.address), str(authority.address), str(NO_WRAPPED_COIN))
    assets = creation("AssetGateway", *arguments, libraries=libraries)
    selling = market(authority, gateway, assets, treasury or admin)
    terms = governance or Governance()
    return Plan(tuple(chains), admin, authority, gateway, libraries, assets, selling, clients, hub, terms)
