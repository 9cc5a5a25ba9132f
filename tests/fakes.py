"""Stand-ins for the small ports; the chains' is in `tests/world.py`."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Awaitable, Callable

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.delivery import Delivery
from relayer.domain.errors import RelayerError
from relayer.domain.facts import Fact
from relayer.domain.ids import Nonce, Seconds
from relayer.domain.lane import LaneState
from relayer.domain.message import Message
from relayer.domain.transactions import Transaction
from relayer.ports import Signature


class FakeClock:
    """Time stands still until the test moves it."""

    def __init__(self) -> None:
        self._time = 1_700_000_000.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> Seconds:
        return Seconds(self._time)

    def monotonic(self) -> Seconds:
        return Seconds(self._time)

    async def sleep(self, seconds: Seconds) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._time + seconds, done))
        await done

    def advance(self, seconds: float) -> None:
        self._time += seconds
        due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self._time]
        self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self._time]
        for _, done in due:
            if not done.done():
                done.set_result(None)


class FakeSigner:
    """Signs with its own name."""

    def __init__(self, address: Address) -> None:
        self._address = address

    @property
    def address(self) -> Address:
        return self._address

    async def sign(self, digest: Hash32) -> Signature:
        return Signature(int.from_bytes(self._address, "big"), int.from_bytes(digest, "big") >> 1, 0)


class FakeCodec:
    """Transactions and calls as pickles: readable again by the fake chain."""

    def encode_unsigned(self, transaction: Transaction) -> bytes:
        return pickle.dumps(transaction)

    def encode_signed(self, transaction: Transaction, signature: Signature) -> bytes:
        return pickle.dumps((transaction, signature))

    def encode_delivery(self, delivery: Delivery) -> bytes:
        return pickle.dumps(delivery)

    def encode_retry(self, source: ChainId, nonce: Nonce, message: Message) -> bytes:
        return pickle.dumps(("retry", source, nonce, message))

    def encode_bounce(self, source: ChainId, nonce: Nonce, message: Message) -> bytes:
        return pickle.dumps(("bounce", source, nonce, message))

    def encode_claim(self, destination: ChainId, relayer: Address, height: Height, proof: bytes) -> bytes:
        return pickle.dumps(("claim", destination, relayer, height, proof))

    def encode_update(self, update: bytes) -> bytes:
        return pickle.dumps(("update", update))

    def encode_misbehaviour(self, evidence: bytes) -> bytes:
        return pickle.dumps(("misbehaviour", evidence))


class RecordingListener:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.troubles: list[tuple[str, RelayerError]] = []

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        self.facts.append(fact)

    def trouble(self, worker: str, error: RelayerError) -> None:
        self.troubles.append((worker, error))


class Watchful:
    """Passes every call of a port on, and lets the test look in before and after each: there it can fail, or end."""

    def __init__(self, port: object, look: Callable[[str], Awaitable[None]], calls: list[int]) -> None:
        self._port = port
        self._look = look
        self._calls = calls

    def __getattr__(self, name: str) -> object:
        method = getattr(self._port, name)

        async def watched(*args: object, **kwargs: object) -> object:
            await self._look(f"before {name}")
            self._calls[0] += 1
            try:
                result = await method(*args, **kwargs)
            finally:
                self._calls[0] -= 1
            await self._look(f"after {name}")
            return result

        return watched
