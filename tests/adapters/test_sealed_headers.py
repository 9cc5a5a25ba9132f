"""What is asked of a light client's contract while nothing is wrong, and what is seen when something is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from light_clients.crypto.keccak import keccak256
from light_clients.evm.header import Header
from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.headers.sealed import LOOK_AFTER, SealedChainHeaders
from relayer.ports import Conflict, Evidence, HeaderUpdate
from tests.vectors.attesters import attesters
from tests.vectors.bft_chain import a_header

HELD = Height(5)
"""The newest height that the contract holds."""
START = Height(8 * LOOK_AFTER - 1)
NOWHERE = Address(bytes(20))


def block(height: int) -> Header:
    return a_header(attesters(4), height)


@dataclass
class Chain:
    """A chain that has one endpoint and grows when told to."""

    height: Height
    voices = 1
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def head(self, at_least: Height) -> Height:
        while self.height < at_least:
            self.waiting.set()
            await self.grown.wait()
            self.grown.clear()
        return self.height

    async def grow(self) -> None:
        """One block more; returns when it has been looked at."""
        self.waiting.clear()
        self.height = Height(self.height + 1)
        self.grown.set()
        await self.waiting.wait()

    async def headers(self, first: Height, last: Height) -> Sequence[Header]:
        return [block(height) for height in range(first, last + 1)]

    async def header_of(self, block: Hash32) -> Header:
        raise NotImplementedError

    async def versions(self, first: Height, last: Height) -> Sequence[Sequence[Header]]:
        return []


@dataclass
class Contract:
    """A light client that holds one header, and what it was asked."""

    held: Header
    address: Address = NOWHERE
    asked: list[str] = field(default_factory=list)

    async def view(self, function: str, *arguments: int) -> bytes:
        self.asked.append(function)
        header = self.held.state_root + self.held.receipts_root + bytes(32)
        answers = {"latestHeight()": self.held.number, "frozen()": 0}
        return header if arguments == (self.held.number,) else answers[function].to_bytes(32, "big")

    async def views(self, *functions: str) -> Sequence[bytes]:
        return [await self.view(function) for function in functions]


class Rules:
    """Everything that is shown holds."""

    depth = 0

    async def prove(self, run: Sequence[Header]) -> HeaderUpdate:
        return HeaderUpdate(run[0].trusted(ChainId(1337), run[0].hash()), b"update", signed=3)

    async def due(self, newest: Height) -> Height | None:
        return None

    async def incriminate(self, one: HeaderUpdate, other: HeaderUpdate) -> bytes:
        raise AssertionError("nobody equivocates here")


async def watched(chain: Chain, contract: Contract) -> asyncio.Task[Evidence | Conflict]:
    """The watch, when it has looked at everything there is."""
    watch = asyncio.create_task(SealedChainHeaders("pond", Rules(), chain, contract).misbehaviour())
    await chain.waiting.wait()
    return watch


async def test_a_header_that_agreed_is_not_asked_for_again() -> None:
    chain, contract = Chain(START), Contract(block(HELD))
    watch = await watched(chain, contract)
    await chain.grow()
    contract.asked.clear()

    await chain.grow()

    assert contract.asked == ["latestHeight()"]
    watch.cancel()


async def test_a_newer_header_that_differs_is_a_conflict() -> None:
    chain, contract = Chain(START), Contract(block(HELD))
    watch = await watched(chain, contract)
    contract.held = replace(block(HELD + 1), state_root=keccak256(b"another state"))

    chain.height = Height(chain.height + 1)
    chain.grown.set()

    assert await watch == Conflict(f"the light client holds another header of height {HELD + 1}", b"update")


async def test_a_header_that_replaces_one_that_agreed_is_seen_before_long() -> None:
    chain, contract = Chain(START), Contract(block(HELD))
    watch = await watched(chain, contract)
    await chain.grow()
    contract.held = replace(block(HELD), state_root=keccak256(b"another state"))

    chain.height = Height(chain.height + LOOK_AFTER)
    chain.grown.set()

    assert await watch == Conflict(f"the light client holds another header of height {HELD}", b"update")
