"""A crowd of clients on plain sockets, as a process of its own: each asks, waits for the answer, and asks again.

At once (closed loop), or at times that were set beforehand: then lateness counts from when it should have asked.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import cast

import uvloop


class Client(asyncio.Protocol):
    """One connection, kept alive."""

    def __init__(self, requests: Iterator[bytes], pace: float, phase: float) -> None:
        self.seconds: list[float] = []
        self.refused = 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Answered once: accepting a hundred connections is not what is measured."""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._pace = pace
        self._phase = phase
        self._until = 0.0
        self._due = 0.0
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._needed = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none of asyncio's classes
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        for each in (self.ready, self.done):
            if not each.done():
                each.set_result(None)

    def begin(self, now: float, until: float) -> None:
        """From now on it counts."""
        self._due, self._until = now + self._phase, until
        self._next()

    def _next(self) -> None:
        now = time.perf_counter()
        self._due = self._due + self._pace if self._pace else now
        if max(self._due, now) >= self._until:
            assert self._transport is not None
            self._transport.close()
        elif self._due > now:
            asyncio.get_running_loop().call_later(self._due - now, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._needed < 0:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._buffer[:end]).lower()
            self._needed = end + 4 + int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            self.refused += not head.startswith(b"http/1.1 200")
        if len(self._buffer) >= self._needed:
            self._buffer.clear()
            self._needed = -1
            if self._until:
                self.seconds.append(time.perf_counter() - self._due)
                self._next()
            elif not self.ready.done():
                self.ready.set_result(None)


async def crowd(port: int, paths: list[str], clients: int, seconds: float, rate: float) -> dict[str, object]:
    """How many answers came, and how long each took; `rate` is of all clients together, 0: as fast as they can."""
    loop, chance = asyncio.get_running_loop(), random.Random(11)
    pace = clients / rate if rate else 0.0
    people = []
    for _ in range(clients):
        asked = [f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode() for path in chance.sample(paths, k=2_000)]
        people.append(Client(cycle(asked), pace, chance.random() * pace))
        await loop.create_connection(partial(_given, people[-1]), "127.0.0.1", port)
    for client in people:
        await client.ready
    started = time.perf_counter()
    for client in people:
        client.begin(started, started + seconds)
    for client in people:
        await client.done
    taken = [each for client in people for each in client.seconds]
    elapsed = time.perf_counter() - started
    return {"elapsed": elapsed, "seconds": taken, "refused": sum(client.refused for client in people)}


def _given(client: Client) -> Client:
    return client


if __name__ == "__main__":
    _, port, file, clients, seconds, rate = sys.argv
    paths = json.loads(Path(file).read_text())
    print(json.dumps(uvloop.run(crowd(int(port), paths, int(clients), float(seconds), float(rate)))))
