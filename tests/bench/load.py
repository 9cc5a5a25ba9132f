"""A crowd of clients on plain sockets, as a process of its own: each asks, waits for the answer, and asks again."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path

import uvloop


class Client(asyncio.Protocol):
    """One connection, kept alive; the next request leaves when the answer is complete."""

    def __init__(self, requests: list[bytes], until: float, done: asyncio.Future[None]) -> None:
        self.seconds: list[float] = []
        self.refused = 0
        self._requests = iter(requests)
        self._until = until
        self._done = done
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._needed = -1
        self._asked = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None)
        self._asked = time.perf_counter()
        if request is None or self._asked >= self._until:
            self._transport.close()
        else:
            self._transport.write(request)

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
            self.seconds.append(time.perf_counter() - self._asked)
            self._buffer.clear()
            self._needed = -1
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)


def requests(paths: list[str], chance: random.Random, count: int) -> list[bytes]:
    return [f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode() for path in chance.choices(paths, k=count)]


async def crowd(port: int, paths: list[str], clients: int, seconds: float) -> dict[str, object]:
    """How many answers came, and how long each took."""
    loop, chance = asyncio.get_running_loop(), random.Random(11)
    made = [requests(paths, chance, int(seconds * 5_000 / clients) + 100) for _ in range(clients)]
    started = time.perf_counter()
    connected = []
    for each in made:
        done: asyncio.Future[None] = loop.create_future()
        _, client = await loop.create_connection(
            lambda e=each, d=done: Client(e, started + seconds, d), "127.0.0.1", port
        )  # type: ignore[misc]
        connected.append((client, done))
    for _, done in connected:
        await done
    elapsed = time.perf_counter() - started
    taken = [each for client, _ in connected for each in client.seconds]
    return {"elapsed": elapsed, "seconds": taken, "refused": sum(client.refused for client, _ in connected)}


if __name__ == "__main__":
    _, port, file, clients, seconds = sys.argv
    answered = uvloop.run(crowd(int(port), json.loads(Path(file).read_text()), int(clients), float(seconds)))
    print(json.dumps(answered))
