"""A source with sealed headers as the ports show it: endpoints that may lie, and a contract that may be behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from light_clients.bft.client import BftClient
from light_clients.clique.client import CliqueClient
from light_clients.evm.header import Header
from light_clients.types import Address, Hash32, Height, TrustedHeader
from relayer.domain.errors import Reverted, Transient
from relayer.domain.ids import Seconds
from relayer.ports import Conflict, Evidence, HeaderUpdate

View = Callable[..., bytes]
CLIENT = Address(b"\xc0" * 20)


class SetClock:
    """Says what it was set to."""

    def __init__(self, now: int) -> None:
        self.time = now

    def now(self) -> Seconds:
        return Seconds(self.time)

    def monotonic(self) -> Seconds:
        return Seconds(self.time)

    async def sleep(self, seconds: Seconds) -> None:
        raise AssertionError(f"nobody sleeps {seconds} here")


class Endpoints:
    """The `SealedHeaders` of one chain: what several endpoints show, the first of them first."""

    def __init__(self, *shown: Sequence[Header]) -> None:
        self.shown = [{header.number: header for header in run} for run in shown]
        self.asked: list[tuple[int, int]] = []
        self._moved = asyncio.Event()
        self.awaited = asyncio.Event()
        """Somebody waits for a head that is yet to come: all that is shown has been looked at."""

    def show(self, *headers: Header) -> None:
        """Every endpoint has these too now."""
        for run in self.shown:
            run.update({header.number: header for header in headers})
        self._moved.set()
        self._moved = asyncio.Event()
        self.awaited.clear()

    @property
    def voices(self) -> int:
        return len(self.shown)

    async def head(self, at_least: Height) -> Height:
        while max(self.shown[0]) < at_least:
            self.awaited.set()
            await self._moved.wait()
        return Height(max(self.shown[0]))

    async def headers(self, first: Height, last: Height) -> Sequence[Header]:
        self.asked.append((first, last))
        for run in self.shown:
            if all(number in run for number in range(first, last + 1)):
                return self._run(run, first, last)
        raise Transient(f"no endpoint has blocks {first} to {last}")

    async def header_of(self, block: Hash32) -> Header:
        raise AssertionError(f"nobody asks for {block} here")

    async def versions(self, first: Height, last: Height) -> Sequence[Sequence[Header]]:
        runs = [self._run(run, first, last) for run in self.shown if first in run and last in run]
        return list({tuple(map(Header.encode, run)): run for run in runs}.values())

    def _run(self, run: Mapping[Height, Header], first: int, last: int) -> Sequence[Header]:
        return [run[Height(number)] for number in range(first, last + 1)]


@dataclass
class FakeContract:
    """The `ContractViews` of a light client that holds some headers."""

    answers: dict[str, View] = field(default_factory=dict)
    held: dict[int, TrustedHeader] = field(default_factory=dict)
    frozen: bool = False
    down: bool = False
    """Nobody answers."""
    address: Address = CLIENT

    async def view(self, function: str, *arguments: int) -> bytes:
        if self.down:
            raise Transient("no endpoint answers")
        return self._own(function, *arguments) if function in _OWN else self.answers[function](*arguments)

    async def views(self, *functions: str) -> Sequence[bytes]:
        return [await self.view(each) for each in functions]

    def _own(self, function: str, *arguments: int) -> bytes:
        if function == "frozen()":
            return word(int(self.frozen))
        if function == "header(uint64)":
            if arguments[0] not in self.held:
                raise Reverted("HeaderUnknown")
            header = self.held[arguments[0]]
            return header.state_root + header.receipts_root + word(header.timestamp)
        return word(max(self.held, default=0)) if "latestHeight()" not in self.answers else self.answers[function]()


_OWN = ("frozen()", "header(uint64)", "latestHeight()")


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


class BftContract(FakeContract):
    """One that knows what a Python client knows."""

    def __init__(self, client: BftClient) -> None:
        super().__init__()
        self.client = client
        self.answers = {
            "validatorsHash()": lambda: self.client.validators.hash,
            "latestHeight()": lambda: word(self.client.newest.height),
            "latestTimestamp()": lambda: word(self.client.newest.timestamp),
            "latestBlockHash()": lambda: self.client.newest.half.ljust(32, b"\0"),
            "trustingPeriod()": lambda: word(self.client.trusting_period),
            "oneThirdOverlap()": lambda: word(int(self.client.one_third_overlap)),
            "retiredAt(bytes32)": lambda hash_: word(self.client.retired.get(Hash32(word(hash_)), 0)),
        }

    def submit(self, update: bytes, now: int) -> TrustedHeader:
        """As the contract takes it."""
        self.client, headers = self.client.verify(update, now)
        self.held |= {header.height: header for header in headers}
        return headers[-1]


class CliqueContract(FakeContract):
    """One that knows what a Python client knows."""

    def __init__(self, client: CliqueClient) -> None:
        super().__init__()
        self.client = client
        self.answers = {
            "signersHash()": lambda: self.client.signers.hash,
            "signersHeight()": lambda: word(self.client.signers_height),
            "latestHeight()": lambda: word(self.client.height),
            "latestTimestamp()": lambda: word(self.client.timestamp),
            "startTimestamp()": lambda: word(self.client.started),
            "epochLength()": lambda: word(self.client.epoch_length),
            "confirmations()": lambda: word(self.client.confirmations),
            "trustingPeriod()": lambda: word(self.client.trusting_period),
        }

    def submit(self, update: bytes, now: int) -> TrustedHeader:
        """As the contract takes it."""
        self.client, header = self.client.advance(update, now)
        self.held[header.height] = header
        return header


async def never(*_: object) -> Any:
    """What is waited for does not happen."""
    await asyncio.Event().wait()


@dataclass
class FakeHeaders:
    """The `Headers` of one light client; what is not given never comes."""

    on_newest: Callable[[Height, Height | None], Awaitable[HeaderUpdate]] = never
    on_misbehaviour: Callable[[], Awaitable[Evidence | Conflict]] = never
    on_overdue: Callable[[], Awaitable[HeaderUpdate]] = never
    client: Address = CLIENT

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        return await self.on_newest(at_least, at_most)

    async def misbehaviour(self) -> Evidence | Conflict:
        return await self.on_misbehaviour()

    async def overdue(self) -> HeaderUpdate:
        return await self.on_overdue()
