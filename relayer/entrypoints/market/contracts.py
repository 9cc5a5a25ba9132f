"""The marketplace's contracts of one chain, asked through its pool of endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from light_clients.types import Address, ChainId
from relayer.adapters.evm.pool import Pool
from relayer.adapters.evm.rpc import Request
from relayer.adapters.evm.wire import Json, octets, quantity
from relayer.domain.errors import Rejected
from relayer.entrypoints.onchain.artifacts import artifact

GAS = 5_000_000
"""What a question may burn: strangers' contracts are asked too."""
LONGEST_ANSWER = 65_536


@dataclass(frozen=True, slots=True)
class Question:
    """A call that changes nothing."""

    to: Address
    data: bytes
    gas: int = GAS
    sender: Address | None = None

    def request(self) -> Request:
        call: dict[str, Json] = {"to": str(self.to), "data": "0x" + self.data.hex(), "gas": hex(self.gas)}
        if self.sender is not None:
            call["from"] = str(self.sender)
        return Request("eth_call", (call, "latest"))


@dataclass(frozen=True, slots=True)
class MarketChain:
    """One chain on which things are sold, and paid."""

    id: ChainId
    pool: Pool = field(repr=False)
    marketplace: Address
    settlement: Address
    asset_gateway: Address

    async def ask(self, question: Question) -> bytes:
        """What a contract answers; raises `Rejected` where it reverts, and `Transient` when no endpoint serves."""
        return await self.pool.ask([question.request()], _answer)

    async def read(self, name: str, at: Address, function: str, *arguments: Any) -> tuple[Any, ...]:
        """What a contract of ours answers, decoded."""
        kind = artifact(name)
        data = await self.ask(Question(at, kind.call(function, *arguments)))
        return kind.result(function, data, arguments=len(arguments))

    async def read_market(self, function: str, *arguments: Any) -> tuple[Any, ...]:
        return await self.read("Marketplace", self.marketplace, function, *arguments)

    async def read_settlement(self, function: str, *arguments: Any) -> tuple[Any, ...]:
        return await self.read("Settlement", self.settlement, function, *arguments)

    async def credits(
        self, account: Address, homes: Iterable[ChainId], tokens: Sequence[Address]
    ) -> list[tuple[ChainId, Address, int]]:
        """What an account of each of these chains can withdraw here of each token."""
        kind = artifact("Settlement")
        asked = [(home, token) for home in homes for token in tokens]
        requests = [
            Question(self.settlement, kind.call("credit", home, str(account), str(token))).request()
            for home, token in asked
        ]

        def accept(said: Sequence[Json]) -> list[int]:
            return [int.from_bytes(octets(each)[:32], "big") for each in said]

        amounts = await self.pool.ask(requests, accept)
        return [(home, token, amount) for (home, token), amount in zip(asked, amounts, strict=True)]

    async def stranger(self, question: Question) -> bytes | None:
        """What somebody else's contract answers; None where it refuses."""
        try:
            return await self.ask(question)
        except Rejected:
            return None

    async def has_code(self, account: Address) -> bool:
        return await self.pool.ask(
            [Request("eth_getCode", (str(account), "latest"))], lambda said: bool(octets(said[0]))
        )

    async def gas_price(self) -> int:
        return await self.pool.ask([Request("eth_gasPrice")], lambda said: quantity(said[0]))

    async def estimate(self, sender: Address, to: Address, data: bytes, value: int) -> int | None:
        """Gas for a call; None where it would fail as things are."""
        call: dict[str, Json] = {
            "from": str(sender), "to": str(to), "data": "0x" + data.hex(), "value": hex(value)
        }  # fmt: skip
        try:
            return await self.pool.ask([Request("eth_estimateGas", (call,))], lambda said: quantity(said[0]))
        except Rejected:
            return None


def _answer(said: Sequence[Json]) -> bytes:
    return octets(said[0])[:LONGEST_ANSWER]
