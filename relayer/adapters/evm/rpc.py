"""One JSON-RPC endpoint over HTTP: batches, deadlines, and every failure an `EndpointFault`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Never, Protocol, TypeAlias
from urllib.parse import urlsplit

import aiohttp
import orjson

from relayer.adapters.evm.faults import DeadlinePassed, EndpointFault, NodeError
from relayer.adapters.evm.wire import Json

Answer: TypeAlias = "Json | NodeError"
OnHead: TypeAlias = "Callable[[Json], None]"
"""Takes the header of a new head; raises `Contradiction` when it does not hash to its hash."""

LARGEST_ANSWER = 128 << 20
TOO_MANY_REQUESTS = 429
METHOD_NOT_FOUND = -32601


@dataclass(frozen=True, slots=True)
class Request:
    """A call to make."""

    method: str
    params: Sequence[Json] = ()


LATEST_BLOCK = Request("eth_getBlockByNumber", ("latest", False))


class Endpoint(Protocol):
    """Where a chain can be asked."""

    @property
    def name(self) -> str:
        """Scheme, host and port: what may be logged. API keys live in paths."""
        ...

    async def send(self, requests: Sequence[Request]) -> Sequence[Answer]:
        """The answers, in the order of the requests. Raises `EndpointFault`."""
        ...

    async def follow(self, on_head: OnHead, on_fault: Callable[[EndpointFault], None]) -> Never:
        """Announce each new head for ever; a head may be announced twice."""
        ...


class HttpEndpoint:
    """JSON-RPC over HTTP with keep-alive; heads by polling."""

    def __init__(self, url: str, session: aiohttp.ClientSession, *, deadline: float, poll_seconds: float) -> None:
        self._url = url
        self._session = session
        self._deadline = deadline
        self._poll_seconds = poll_seconds
        self._ids = count(1)
        self._takes_batches = True

    @property
    def name(self) -> str:
        return public_name(self._url)

    async def send(self, requests: Sequence[Request]) -> Sequence[Answer]:
        if len(requests) > 1 and not self._takes_batches:
            return await self._one_by_one(requests)
        first = next(self._ids)
        for _ in requests[1:]:
            next(self._ids)
        payload = await self._post(encode(requests, first))
        if len(requests) > 1 and isinstance(payload, Mapping):
            self._takes_batches = False
            return await self._one_by_one(requests)
        return answers(payload, len(requests), first)

    async def follow(self, on_head: OnHead, on_fault: Callable[[EndpointFault], None]) -> Never:
        last: Json = None
        while True:
            try:
                last = await poll_head(self, last, on_head)
                await asyncio.sleep(self._poll_seconds)
            except EndpointFault as fault:
                on_fault(fault)
                await asyncio.sleep(max(fault.pause, 10 * self._poll_seconds))

    async def _one_by_one(self, requests: Sequence[Request]) -> Sequence[Answer]:
        return [(await self.send([request]))[0] for request in requests]

    async def _post(self, body: bytes) -> Json:
        try:
            async with (
                asyncio.timeout(self._deadline),
                self._session.post(self._url, data=body, headers={"Content-Type": "application/json"}) as response,
            ):
                text = await _bounded(response)
        except TimeoutError:
            raise DeadlinePassed(f"no answer within {self._deadline:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise EndpointFault(f"{type(error).__name__}: {error}") from error
        return _body(response, text)


def public_name(url: str) -> str:
    """The part of an endpoint's URL that may be shown."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


def encode(requests: Sequence[Request], first: int) -> bytes:
    calls = [
        {"jsonrpc": "2.0", "id": first + i, "method": request.method, "params": request.params}
        for i, request in enumerate(requests)
    ]
    return orjson.dumps(calls if len(calls) > 1 else calls[0])


def answers(payload: Json, expected: int, first: int) -> list[Answer]:
    """The answers in the order of the requests, whatever order they came in."""
    entries = [payload] if isinstance(payload, Mapping) else payload
    if not isinstance(entries, list):
        raise EndpointFault("the answer is no JSON-RPC")
    by_id: dict[Json, Answer] = {}
    for entry in entries:
        if isinstance(entry, Mapping) and ("result" in entry or "error" in entry):
            by_id[entry.get("id")] = answer(entry)
    if len(entries) == 1 and expected == 1 and None in by_id:
        return [by_id[None]]
    try:
        return [by_id[first + i] for i in range(expected)]
    except KeyError:
        raise EndpointFault("the answer misses a call") from None


def answer(entry: Mapping[str, Json]) -> Answer:
    """The result or the error of one call."""
    error = entry.get("error")
    if error is None:
        return entry.get("result")
    if not isinstance(error, Mapping):
        return NodeError(0, str(error))
    code = error.get("code")
    return NodeError(code if isinstance(code, int) else 0, str(error.get("message", "")), error.get("data"))


async def poll_head(endpoint: Endpoint, last: Json, on_head: OnHead) -> Json:
    """Announce the head when it is not `last`; returns its hash."""
    (block,) = await endpoint.send([LATEST_BLOCK])
    if isinstance(block, NodeError):
        raise EndpointFault(str(block))
    if not isinstance(block, Mapping):
        raise EndpointFault("no latest block")
    if block.get("hash") != last:
        on_head(block)
    return block.get("hash")


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise EndpointFault(f"an answer of more than {LARGEST_ANSWER} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _body(response: aiohttp.ClientResponse, text: bytes) -> Json:
    if response.status == TOO_MANY_REQUESTS:
        after = response.headers.get("Retry-After", "1")
        raise EndpointFault("too many requests", pause=min(float(after), 60.0) if after.isdigit() else 1.0)
    try:
        payload: Json = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise EndpointFault(f"HTTP {response.status} without JSON") from None
    if response.status >= 400 and not (isinstance(payload, Mapping) and "error" in payload):
        raise EndpointFault(f"HTTP {response.status}")
    return payload
