"""Where every contract will stand: the same addresses on every chain, known before anything is deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32
from relayer.entrypoints.deployment.addresses import Addresses
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.clients import ClientStart
from relayer.entrypoints.onchain.artifacts import artifact

FACTORY = Address.from_hex("4e59b44847b379578588920cA78FbF26c0B4956C")
"""The deterministic deployment proxy that most chains have: calldata is salt ‖ creation code."""

RELEASE = "lockkeeper/1"
"""Part of every salt: another release stands at other addresses."""

NO_WRAPPED_COIN = Address(bytes(20))
"""Chains wrap their coins at different addresses, and what is deployed here stands at the same on all of them."""


@dataclass(frozen=True, slots=True)
class Creation:
    """A contract to be created through the factory."""

    name: str
    salt: Hash32
    code: bytes

    @property
    def address(self) -> Address:
        return Address(keccak256(b"\xff" + FACTORY + self.salt + keccak256(self.code))[12:])


def creation(contract: str, *arguments: object, name: str = "", libraries: Sequence[Creation] = ()) -> Creation:
    """The creation of a contract under its name (`contract` unless told otherwise)."""
    name = name or contract
    linked = artifact(contract).linked({library.name: library.address for library in libraries})
    return Creation(name, keccak256(f"{RELEASE}/{name}".encode()), linked.constructor(*arguments))


def libraries_of(contract: str) -> tuple[Creation, ...]:
    """The libraries that a contract calls, and those that they call."""
    found: dict[str, Creation] = {}
    for name in artifact(contract).links:
        inner = libraries_of(name)
        found |= {library.name: library for library in inner}
        found[name] = creation(name, libraries=inner)
    return tuple(found.values())


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
    light_clients: Mapping[ChainId, Creation]
    """By the chain whose headers they verify, where that is done directly."""
    hub: ChainId | None = None
    """The relay chain: all others know each other only by what its light clients have verified."""

    def light_client(self, source: ChainId, destination: ChainId) -> Creation:
        """What verifies `source` on `destination`."""
        direct = self.light_clients[source]
        if self.hub is None or self.hub in (source, destination):
            return direct
        relay = self.light_clients[self.hub].address
        name = f"RelayChainLightClient/{source}"
        return creation("RelayChainLightClient", source, str(relay), str(direct.address), name=name)

    def on(self, chain: ChainId) -> tuple[tuple[Creation, ...], ...]:
        """What stands on one chain, in waves: a contract is created after those that its constructor looks at."""
        clients = [self.light_client(source, chain) for source in self.light_clients if source != chain]
        direct = [client for client in clients if client in self.light_clients.values()]
        relayed = [client for client in clients if client not in direct]
        return (self.authority, *self.libraries, *direct), (self.gateway, *relayed), (self.asset_gateway,)

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
        )


def plan(
    chains: Sequence[Chain], admin: Address, starts: Mapping[ChainId, ClientStart], hub: ChainId | None = None
) -> Plan:
    """`starts`: what verifies each chain on all the others, or on the hub if there is one."""
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
    return Plan(tuple(chains), admin, authority, gateway, libraries, assets, clients, hub)
