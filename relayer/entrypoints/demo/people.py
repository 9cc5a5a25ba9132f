"""Who takes part in the demonstration, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from light_clients.types import Address, ChainId
from relayer.entrypoints.devnet.accounts import ALICE, BOB, CAROL, account
from relayer.entrypoints.devnet.folder import CHAINS, Folder
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.onchain.wallet import Wallet
from relayer.entrypoints.sending.travel import Place

HOME, AWAY, FAR = "harbour", "island", "lagoon"
PEOPLE = {HOME: ALICE, AWAY: BOB, FAR: CAROL}


@dataclass(frozen=True, slots=True)
class World:
    """Three chains, and on each the one person who lives there."""

    places: Mapping[str, Place]
    wallets: Mapping[str, Wallet]

    def id(self, name: str) -> ChainId:
        return CHAINS[name]

    def name(self, chain: ChainId) -> str:
        return next(name for name, known in CHAINS.items() if known == chain)

    def person(self, name: str) -> Address:
        return self.wallets[name].address

    def gateway(self, name: str) -> Address:
        return self.places[name].addresses.asset_gateway


def world(folder: Folder, session: aiohttp.ClientSession) -> World:
    chains = {chain.name: chain for chain in folder.read().chains}
    nodes = {name: Node(chains[name].url, session) for name in CHAINS}
    return World(
        {name: Place(nodes[name], folder.deployed(name)) for name in CHAINS},
        {name: Wallet(nodes[name], account(PEOPLE[name]), CHAINS[name]) for name in CHAINS},
    )
