"""A local chain as people see it: what stands there, who owns what, what was delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from light_clients.types import Address, ChainId
from relayer.domain.errors import Rejected
from relayer.entrypoints.deployment.addresses import MarketAddresses
from relayer.entrypoints.deployment.plan import FACTORY, Creation
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.sending.travel import Place
from tests.journeys.support.goods import Goods, Standard, Token
from tests.journeys.support.waiting import PATIENCE, eventually

if TYPE_CHECKING:
    from tests.journeys.support.people import Person

GAS = {"create": 5_000_000, "mint": 500_000, "approve": 100_000}
"""Limits for calls whose estimate would need the block they are in."""


@dataclass(frozen=True, slots=True)
class LocalChain:
    """One of the devnet's chains."""

    name: str
    id: ChainId
    place: Place

    @property
    def node(self) -> Node:
        return self.place.node

    @property
    def gateway(self) -> Address:
        return self.place.addresses.gateway

    @property
    def asset_gateway(self) -> Address:
        return self.place.addresses.asset_gateway

    @property
    def market(self) -> MarketAddresses:
        assert self.place.addresses.market is not None
        return self.place.addresses.market

    async def height(self) -> int:
        return int(await self.node.rpc("eth_blockNumber"), 16)

    async def ask(self, contract: Address, kind: str, function: str, *arguments: Any) -> Any:
        """What a view answers; a tuple when it answers several values."""
        answer = await self.node.view(contract, artifact(kind).call(function, *arguments))
        values = artifact(kind).result(function, answer, arguments=len(arguments))
        return values[0] if len(values) == 1 else values

    async def logs(self, contract: Address, kind: str, event: str) -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
        """Every log of this event, decoded and raw."""
        wanted = {"address": str(contract), "topics": [str(artifact(kind).topic(event))], "fromBlock": "0x0"}
        logs = await self.node.rpc("eth_getLogs", wanted)
        decoded = [artifact(kind).event(log) for log in logs]
        return [(each[1], log) for each, log in zip(decoded, logs, strict=True) if each is not None]

    async def create(self, contract: Creation, by: Person) -> Address:
        if not await self.node.has_code(contract.address):
            await by.wallet(self).send(FACTORY, contract.salt + contract.code, gas=GAS["create"])
        return contract.address

    async def mint(self, token: Token, *items: int | tuple[int, int], to: Person) -> Goods:
        """Goods that their owner may send: an amount, ids, or pairs of id and amount."""
        goods = token.some(self, *_ids_and_amounts(token.standard, items))
        await self.create(token.creation, to)
        wallet = to.wallet(self)
        await wallet.send(goods.token, goods.minting(to.address), gas=GAS["mint"])
        await wallet.send(goods.token, goods.approving(self.asset_gateway), gas=GAS["approve"])
        return goods

    async def here(self, goods: Goods) -> Goods:
        """The same goods as this chain knows them."""
        if goods.home.name == self.name:
            return goods.wrapped_as(goods.original, self)
        asked = (f"wrapped{goods.standard}", goods.home.id, str(goods.original))
        return goods.wrapped_as(Address.from_hex(await self.ask(self.asset_gateway, "AssetGateway", *asked)), self)

    async def owned_by(self, owner: Person | Address, goods: Goods) -> bool:
        """Whether the owner has exactly these."""
        mine, holder = await self.here(goods), str(address_of(owner))
        if not await self.node.has_code(mine.token):
            return False
        match goods.standard:
            case Standard.ERC20:
                return bool(await self.ask(mine.token, mine.kind, "balanceOf", holder) == goods.amounts[0])
            case Standard.ERC721:
                return {await self._owner(mine, each) for each in goods.ids} == {holder}
            case Standard.ERC1155:
                holders = [holder] * len(goods.ids)
                found = await self.ask(mine.token, mine.kind, "balanceOfBatch", holders, list(goods.ids))
                return tuple(found) == goods.amounts

    async def eventually_owned_by(self, owner: Person | Address, goods: Goods, *, within: float = PATIENCE) -> Goods:
        """The goods as this chain knows them, once the owner has them."""

        async def arrived() -> bool:
            return await self.owned_by(owner, goods)

        await eventually(arrived, f"{goods.standard} of {address_of(owner)} on {self.name}", within=within)
        return await self.here(goods)

    async def owner_of(self, goods: Goods) -> Address | None:
        """Who has the first item of a collection; None when it does not exist here."""
        owner = await self._owner(await self.here(goods), goods.ids[0])
        return None if owner is None else Address.from_hex(owner)

    async def exists(self, goods: Goods, *holders: Person) -> bool:
        """Whether there is any of it here. An ERC-1155 does not say: its holders are asked."""
        mine = await self.here(goods)
        match goods.standard:
            case Standard.ERC20:
                return bool(await self.ask(mine.token, mine.kind, "totalSupply"))
            case Standard.ERC721:
                return any([await self._owner(mine, each) for each in goods.ids])
            case Standard.ERC1155:
                asked = [str(holder.address) for holder in holders for _ in goods.ids]
                return any(await self.ask(mine.token, mine.kind, "balanceOfBatch", asked, [*goods.ids] * len(holders)))

    async def lent(self, goods: Goods, chain: LocalChain) -> int:
        """How much of these goods of this chain another chain has, by our custody's own account."""
        asset_gateway, token = self.asset_gateway, str(goods.original)
        match goods.standard:
            case Standard.ERC20:
                found = [await self.ask(asset_gateway, "AssetGateway", "outstandingERC20", token, chain.id)]
            case Standard.ERC721:
                where = [await self.ask(asset_gateway, "AssetGateway", "whereabouts", token, id_) for id_ in goods.ids]
                found = [int(each == chain.id) for each in where]
            case Standard.ERC1155:
                asked = ("AssetGateway", "outstandingERC1155", token)
                found = [await self.ask(asset_gateway, *asked, id_, chain.id) for id_ in goods.ids]
        return sum(found)

    async def balances(self, token: Address, holders: Iterable[Address]) -> list[int]:
        """ERC-20 balances, in the order of the holders."""
        calls = [{"to": str(token), "data": "0x" + _balance_of(holder).hex()} for holder in holders]
        found = await self.node.batch([("eth_call", [call, "latest"]) for call in calls])
        return [int(each, 16) for each in found]

    async def _owner(self, goods: Goods, item: int) -> str | None:
        try:
            return str(await self.ask(goods.token, goods.kind, "ownerOf", item))
        except Rejected:
            return None


def address_of(who: Person | Address) -> Address:
    return who if isinstance(who, Address) else who.address


def _balance_of(holder: Address) -> bytes:
    return artifact("SampleERC20").call("balanceOf", str(holder))


def _ids_and_amounts(
    standard: Standard, items: Sequence[int | tuple[int, int]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    pairs = tuple(each for each in items if isinstance(each, tuple))
    numbers = tuple(each for each in items if not isinstance(each, tuple))
    match standard:
        case Standard.ERC20:
            return (), numbers
        case Standard.ERC721:
            return numbers, ()
        case Standard.ERC1155:
            return tuple(id_ for id_, _ in pairs), tuple(amount for _, amount in pairs)
