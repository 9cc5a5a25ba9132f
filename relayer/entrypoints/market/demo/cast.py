"""Who takes part in the demonstration of the marketplace, and where each of them has a wallet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import aiohttp

from light_clients.types import Address, ChainId
from relayer.entrypoints.demo.people import AWAY, FAR, HOME
from relayer.entrypoints.deployment.addresses import MarketAddresses
from relayer.entrypoints.devnet.accounts import ALICE, BOB, CAROL, DEPLOYER, account, secret
from relayer.entrypoints.devnet.folder import CHAINS, Folder
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.onchain.wallet import Wallet
from relayer.entrypoints.sending.travel import Place

SELLS, PAYS, DELIVERS = HOME, AWAY, FAR
"""Where the item is listed, where its price is paid, and where it is delivered."""


class Role(StrEnum):
    """What somebody is here for."""

    ARTIST = "artist"
    """Holds the rights, mints and lists."""
    ISSUER = "issuer"
    CHANNEL = "channel"
    COLLECTOR = "collector"
    RIVAL = "rival"
    """Wants what is sold already."""
    KEEPER = "keeper"
    """Keeps what the collector buys, on the delivery chain."""
    TREASURY = "treasury"
    """Gets the marketplace's fee; governs the devnet too."""


SEATS = {
    Role.ARTIST: ALICE,
    Role.COLLECTOR: BOB,
    Role.KEEPER: CAROL,
    Role.RIVAL: 9,
    Role.ISSUER: 10,
    Role.CHANNEL: 11,
    Role.TREASURY: DEPLOYER,
}
"""Their places among the devnet's accounts; only the first ten have coins from the beginning."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, with a wallet on every chain."""

    places: dict[str, Place]
    wallets: dict[tuple[Role, str], Wallet]

    def address(self, role: Role) -> Address:
        return self.wallets[role, SELLS].address

    def role(self, address: str) -> Role | None:
        """Whose address this is."""
        return next((role for role in Role if str(self.address(role)) == address.lower()), None)

    def secret(self, role: Role) -> bytes:
        return secret(SEATS[role])

    def market(self, chain: str) -> MarketAddresses:
        found = self.places[chain].addresses.market
        assert found is not None
        return found


def cast(folder: Folder, session: aiohttp.ClientSession) -> Cast:
    """As they are on a devnet that runs."""
    urls = {chain.name: chain.url for chain in folder.read().chains}
    nodes = {name: Node(urls[name], session) for name in CHAINS}
    places = {name: Place(nodes[name], folder.deployed(name)) for name in CHAINS}
    wallets = {
        (role, name): Wallet(nodes[name], account(SEATS[role]), CHAINS[name]) for role in Role for name in CHAINS
    }
    return Cast(places, wallets)


def caip2(name: str) -> str:
    return f"eip155:{CHAINS[name]}"


def caip10(name: str, address: Address) -> str:
    return f"{caip2(name)}:{address}"


def named(chain: str) -> str:
    """The name of a chain by its CAIP-2 or CAIP-10 name."""
    number = ChainId(int(chain.split(":")[1]))
    return next(name for name, known in CHAINS.items() if known == number)
