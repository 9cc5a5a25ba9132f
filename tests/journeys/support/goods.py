"""What crosses: some of a token, wherever it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from light_clients.types import Address, ChainId
from relayer.entrypoints.deployment.plan import Creation, creation
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending import assets

if TYPE_CHECKING:
    from tests.journeys.support.chain import LocalChain

ROYALTY = 750


class Standard(StrEnum):
    ERC20 = "ERC20"
    ERC721 = "ERC721"
    ERC1155 = "ERC1155"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that no other test has: its contract is created when the first of it is minted."""

    standard: Standard
    creation: Creation

    @property
    def address(self) -> Address:
        return self.creation.address

    def some(self, home: LocalChain, ids: tuple[int, ...], amounts: tuple[int, ...]) -> Goods:
        return Goods(self.standard, home, self.address, home, self.address, ids, amounts)


@dataclass(frozen=True, slots=True)
class Goods:
    """Some of a token, on one chain."""

    standard: Standard
    chain: LocalChain
    token: Address
    """On this chain: the original at home, a wrapped one elsewhere."""
    home: LocalChain
    original: Address
    ids: tuple[int, ...]
    amounts: tuple[int, ...]

    def wrapped_as(self, token: Address, chain: LocalChain) -> Goods:
        return replace(self, chain=chain, token=token)

    @property
    def kind(self) -> str:
        """The contract's artifact."""
        return f"Sample{self.standard}" if self.chain.name == self.home.name else f"Wrapped{self.standard}"

    def sending(self, destination: ChainId, recipient: Address) -> bytes:
        """The call that sends them."""
        match self.standard:
            case Standard.ERC20:
                return assets.send_erc20(self.token, destination, recipient, self.amounts[0])
            case Standard.ERC721:
                return assets.send_erc721(self.token, destination, recipient, self.ids)
            case Standard.ERC1155:
                return assets.send_erc1155(self.token, destination, recipient, self.ids, self.amounts)

    def minting(self, owner: Address) -> bytes:
        sample = artifact(f"Sample{self.standard}")
        match self.standard:
            case Standard.ERC20:
                return sample.call("mint", str(owner), self.amounts[0])
            case Standard.ERC721:
                return sample.call("mint", str(owner), self.ids[0], uri(self.ids[0]), str(owner), ROYALTY)
            case Standard.ERC1155:
                return sample.call("mintBatch", str(owner), list(self.ids), list(self.amounts))

    def approving(self, custody: Address) -> bytes:
        if self.standard == Standard.ERC20:
            return assets.approve_erc20(custody, self.amounts[0])
        return assets.approve_collection(custody)


def uri(item: int) -> str:
    return f"ipfs://herons/{item}.json"


def an_erc20(name: str = "Pebble", symbol: str = "PBL") -> Token:
    return Token(Standard.ERC20, creation("SampleERC20", name, symbol, name=secrets.token_hex(8)))


def an_erc721(name: str = "Herons", symbol: str = "HRN") -> Token:
    return Token(Standard.ERC721, creation("SampleERC721", name, symbol, name=secrets.token_hex(8)))


def an_erc1155(uri: str = "ipfs://shells/{id}") -> Token:
    return Token(Standard.ERC1155, creation("SampleERC1155", uri, name=secrets.token_hex(8)))
