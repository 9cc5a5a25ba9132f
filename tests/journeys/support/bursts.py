"""Many ERC-20 sends, each to a recipient of its own, and the books that must balance in the end."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending.assets import send_erc20
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.goods import Goods, an_erc20
from tests.journeys.support.people import Person
from tests.journeys.support.waiting import eventually

FIRST_GAS, GAS = 1_500_000, 250_000
"""The first send to a chain describes the token."""


PROOF = 4
"""Place of `IGateway.Delivery.proof` among its fields."""


@dataclass(slots=True)
class Burst:
    """ERC-20 sends over one lane: the n-th recipient gets n + 1."""

    goods: Goods
    sender: Person
    source: LocalChain
    destination: LocalChain
    sent: int = 0

    async def send(self, count: int) -> None:
        """Hand so many more to the source chain; they are mined when they are mined."""
        wallet = self.sender.wallet(self.source)
        for number in range(self.sent, self.sent + count):
            call = send_erc20(self.goods.token, self.destination.id, recipient(self.goods, number), number + 1)
            await wallet.send(self.source.asset_gateway, call, gas=GAS if number else FIRST_GAS)
        self.sent += count

    async def mined(self) -> None:
        """Wait until all that was sent is mined."""
        asked = [("eth_getTransactionCount", [str(self.sender.address), tag]) for tag in ("latest", "pending")]

        async def none_waits() -> bool:
            latest, pending = await self.source.node.batch(asked)
            return bool(latest == pending)

        await eventually(none_waits, "mining of what was sent")

    @property
    def amounts(self) -> list[int]:
        return list(range(1, self.sent + 1))

    async def arrived(self) -> list[int]:
        """What each recipient has."""
        wrapped = await self.destination.here(self.goods)
        if not await self.destination.node.has_code(wrapped.token):
            return [0] * self.sent
        recipients = [recipient(self.goods, number) for number in range(self.sent)]
        return await self.destination.balances(wrapped.token, recipients)

    async def eventually_arrived(self, *, within: float = 60) -> None:
        """Everybody has exactly what was sent, and the books of both chains say the same."""

        async def complete() -> bool:
            return sum(await self.arrived()) >= sum(self.amounts)

        await eventually(complete, f"arrival of {self.sent} sends", within=within)
        assert await self.arrived() == self.amounts
        wrapped = await self.destination.here(self.goods)
        supply = await self.destination.ask(wrapped.token, wrapped.kind, "totalSupply")
        (locked,) = await self.source.balances(self.goods.token, [self.source.asset_gateway])
        assert supply == locked == await self.source.lent(self.goods, self.destination) == sum(self.amounts)
        assert await delivered_up_to(self.source, self.destination) == await sent_up_to(self.source, self.destination)


async def a_burst(sender: Person, source: LocalChain, destination: LocalChain) -> Burst:
    goods = await source.mint(an_erc20(), 10**9, to=sender)
    return Burst(goods, sender, source, destination)


async def sent_up_to(source: LocalChain, destination: LocalChain) -> tuple[str, int]:
    """The lane's accumulator and nonce, at its source."""
    accumulator, nonce, _ = await source.ask(source.gateway, "Gateway", "outbound", destination.id)
    return accumulator.hex(), nonce


async def delivered_up_to(source: LocalChain, destination: LocalChain) -> tuple[str, int]:
    """The lane's accumulator and nonce, at its destination."""
    accumulator, nonce, _ = await destination.ask(destination.gateway, "Gateway", "inbound", source.id)
    return accumulator.hex(), nonce


async def deliveries(source: LocalChain, destination: LocalChain) -> list[tuple[int, int]]:
    """First and last nonce of every batch that was delivered, in the order of the chain."""
    found = await destination.logs(destination.gateway, "Gateway", "BatchDelivered")
    return [(each["firstNonce"], each["lastNonce"]) for each, _ in found if each["sourceChain"] == source.id]


async def proofs_of(source: LocalChain, destination: LocalChain) -> list[bytes]:
    """The proof of every batch that was delivered, in the order of the chain."""
    found = await destination.logs(destination.gateway, "Gateway", "BatchDelivered")
    hashes = [log["transactionHash"] for each, log in found if each["sourceChain"] == source.id]
    sent = await destination.node.batch([("eth_getTransactionByHash", [each]) for each in hashes])
    inputs = [bytes.fromhex(transaction["input"].removeprefix("0x")) for transaction in sent]
    return [artifact("Gateway").arguments("deliver", data)[0][PROOF] for data in inputs]


def recipient(goods: Goods, number: int) -> Address:
    return Address(keccak256(goods.original + number.to_bytes(4, "big"))[12:])
