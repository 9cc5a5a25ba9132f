"""Fees are claimed when they are worth it, first the header and then what it proves."""

from __future__ import annotations

import asyncio
import pickle
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from light_clients.types import Address, Height, TrustedHeader
from relayer.domain.errors import Reverted, Transient
from relayer.domain.ids import Wei
from relayer.pipeline.claim import Books, Claim, Claimer, Earnings
from relayer.pipeline.engine import ChainState, Engine
from relayer.ports import HeaderUpdate, StorageNodes
from tests.fakes import FakeCodec
from tests.makers import a_block, a_hash, a_lane, an_address

LANE = a_lane()
RELAYER, CLIENT = an_address(99), an_address(50)
HEADER = TrustedHeader(LANE.destination, Height(40), a_hash(1), a_hash("state"), a_hash("receipts"), 1_700_000_040)


@dataclass
class Gateway:
    """Says what was earned, or claimed."""

    wei: int
    address: Address = CLIENT

    async def view(self, function: str, *arguments: int) -> bytes:
        assert arguments[-1] == int.from_bytes(RELAYER, "big")
        return self.wei.to_bytes(32, "big")

    async def views(self, *functions: str) -> list[bytes]:
        raise NotImplementedError


class LyingNode:
    async def storage(self, account: Address, slots: object, height: Height) -> StorageNodes:
        return StorageNodes([b"no trie node"], [[b"nor this"]])


@dataclass
class Back:
    """Headers of the destination for the source."""

    update: bytes = b"update"
    client: Address = CLIENT

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        return HeaderUpdate(HEADER, self.update, 3)


@dataclass
class Source:
    """The source's account: takes calls, or refuses a claim whose header it does not hold."""

    engine: Engine
    calls: list[tuple[Address, Any]] = field(default_factory=list)
    refuses: bool = False

    async def send(self, to: Address, data: bytes) -> None:
        if self.refuses and to == LANE.source_gateway:
            raise Reverted("HeaderUnknown(40)")
        self.calls.append((to, pickle.loads(data)))


class Proven(Earnings):
    """As if the proof verified: journeys have real ones."""

    outstanding_wei = Wei(0)

    async def outstanding(self) -> Wei:
        return self.outstanding_wei

    async def claim(self, at_least: Height) -> Claim:
        self.outstanding_wei = Wei(0)
        return Claim(await self.back.newest(at_least), b"proof", Wei(1))


def grow(engine: Engine, blocks: int) -> None:
    for chain in (LANE.source, LANE.destination):
        state = engine.chain(chain)
        height = (state.head.number if state else 0) + blocks
        engine._chains[chain] = ChainState(a_block(height), Height(height))
        engine.moved(chain).ring()


def earnings(kind: type[Earnings], back: Back, earned: int = 0, paid: int = 0) -> Earnings:
    source, destination = Books(Gateway(paid), LyingNode()), Books(Gateway(earned), LyingNode())
    return kind(LANE, RELAYER, source=source, destination=destination, back=cast("Any", back))


async def run_a_while(of: Earnings, source: Source, above: int) -> None:
    codec = FakeCodec()
    claimer = Claimer(of, Wei(above), engine=source.engine, errand=source, gateway=codec, light_clients=codec)
    task = asyncio.ensure_future(claimer.run())
    for _ in range(20):
        await asyncio.sleep(0)
        grow(source.engine, 1)
    if task.done():
        task.result()
    task.cancel()


@pytest.fixture
def source() -> Source:
    engine = Engine(journal=None, listeners=(), lanes=(LANE,))  # type: ignore[arg-type] # nothing is committed here
    grow(engine, 50)
    return Source(engine)


async def test_what_is_outstanding_is_earned_there_and_not_yet_paid_here() -> None:
    assert await earnings(Earnings, Back(), earned=70, paid=20).outstanding() == 50
    assert await earnings(Earnings, Back(), earned=20, paid=20).outstanding() == 0
    assert await earnings(Earnings, Back(), earned=10, paid=20).outstanding() == 0  # an endpoint is behind


async def test_a_lying_node_costs_a_try_and_no_transaction() -> None:
    with pytest.raises(Transient, match="does not verify"):
        await earnings(Earnings, Back(), earned=70).claim(Height(1))


async def test_fees_within_the_limit_are_left_where_they_are(source: Source) -> None:
    proven = earnings(Proven, Back())
    cast("Proven", proven).outstanding_wei = Wei(100)

    await run_a_while(proven, source, above=100)

    assert source.calls == []


@pytest.mark.parametrize("update", [b"update", b""])
async def test_a_header_that_the_source_does_not_hold_is_brought_before_the_claim(
    source: Source, update: bytes
) -> None:
    proven = earnings(Proven, Back(update))
    cast("Proven", proven).outstanding_wei = Wei(101)

    await run_a_while(proven, source, above=100)

    claim = (LANE.source_gateway, ("claim", LANE.destination, RELAYER, Height(40), b"proof"))
    assert source.calls == ([(CLIENT, ("update", update)), claim] if update else [claim])


async def test_a_claim_that_comes_before_its_header_is_tried_again(source: Source) -> None:
    proven = earnings(Proven, Back())
    cast("Proven", proven).outstanding_wei = Wei(101)
    source.refuses = True

    with pytest.raises(Transient, match="not taken yet"):
        await run_a_while(proven, source, above=100)
