"""The three tokens of the demonstration: how each is minted, sent and looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from light_clients.types import Address
from relayer.entrypoints.demo.people import AWAY, FAR, HOME, World
from relayer.entrypoints.deployment.plan import FACTORY, Creation, creation
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending import assets

AMOUNT = 1_000 * 10**18
HERON = 42
HERON_URI = "ipfs://herons/42.json"
ROYALTY = 750
SHELLS, SHELL_AMOUNTS = (1, 2, 3), (10, 20, 30)
GAS = {"mint": 400_000, "approve": 100_000, "send": 1_500_000}
"""Limits for calls whose estimate would need the block they are in."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token standard in the demonstration."""

    standard: str
    created: Creation
    wrapped_by: str
    """The asset gateway's function that says where the wrapped token stands."""

    @property
    def address(self) -> Address:
        return self.created.address

    async def mint_and_send(self, world: World) -> str:
        """Create, mint, approve and send, all in one block; the sending transaction."""
        wallet, custody = world.wallets[HOME], world.gateway(HOME)
        await wallet.send(FACTORY, self.created.salt + self.created.code)
        await wallet.send(self.address, self._mint(world), gas=GAS["mint"])
        await wallet.send(self.address, self._approve(custody), gas=GAS["approve"])
        return await wallet.send(custody, self._send(self.address, world, AWAY), gas=GAS["send"])

    async def send_on(self, world: World, source: str, destination: str) -> str:
        """Send the wrapped token from where it is; it needs no approval."""
        token = await self.wrapped(world, source)
        return await world.wallets[source].send(world.gateway(source), self._send(token, world, destination))

    async def wrapped(self, world: World, where: str) -> Address:
        assets_there = Contract(world, where, world.gateway(where), "AssetGateway")
        (found,) = await assets_there.ask(self.wrapped_by, world.id(HOME), str(self.address))
        return Address.from_hex(found)

    def _mint(self, world: World) -> bytes:
        owner, sample = str(world.person(HOME)), artifact(self.created.name.split("/")[0])
        match self.standard:
            case "ERC-20":
                return sample.call("mint", owner, AMOUNT)
            case "ERC-721":
                return sample.call("mint", owner, HERON, HERON_URI, owner, ROYALTY)
            case _:
                return sample.call("mintBatch", owner, list(SHELLS), list(SHELL_AMOUNTS))

    def _approve(self, custody: Address) -> bytes:
        if self.standard == "ERC-20":
            return assets.approve_erc20(custody, AMOUNT)
        return assets.approve_collection(custody)

    def _send(self, token: Address, world: World, destination: str) -> bytes:
        chain, recipient = world.id(destination), world.person(destination)
        match self.standard:
            case "ERC-20":
                return assets.send_erc20(token, chain, recipient, AMOUNT)
            case "ERC-721":
                return assets.send_erc721(token, chain, recipient, [HERON])
            case _:
                return assets.send_erc1155(token, chain, recipient, SHELLS, SHELL_AMOUNTS)


def tokens(run: int) -> list[Token]:
    """Three tokens that no earlier run has used."""
    return [
        Token("ERC-20", creation("SampleERC20", "Pebble", "PBL", name=f"SampleERC20/{run}"), "wrappedERC20"),
        Token("ERC-721", creation("SampleERC721", "Herons", "HRN", name=f"SampleERC721/{run}"), "wrappedERC721"),
        Token(
            "ERC-1155", creation("SampleERC1155", "ipfs://shells/{id}", name=f"SampleERC1155/{run}"), "wrappedERC1155"
        ),
    ]


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract on one of the chains, to be asked."""

    world: World
    where: str
    address: Address
    kind: str

    async def ask(self, function: str, *arguments: Any) -> tuple[Any, ...]:
        called = artifact(self.kind)
        answer = await self.world.places[self.where].node.view(self.address, called.call(function, *arguments))
        return called.result(function, answer, arguments=len(arguments))


ELSEWHERE = (AWAY, FAR)
