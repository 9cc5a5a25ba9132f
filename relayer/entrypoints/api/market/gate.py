"""What anybody may ask of us at once: so many requests a second, and so many bytes each."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from relayer.entrypoints.api.problems import problem

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BURST_SECONDS = 4.0
MOST_CLIENTS = 20_000
"""Remembered ones; who was forgotten begins anew."""
NETWORK = 64
"""An IPv6 client has as many addresses as it likes of such a network."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one client."""

    reads_per_s: float
    calls_per_s: float
    fetches_per_s: float
    largest_body: int

    def rates(self) -> Mapping[str, float]:
        return {"read": self.reads_per_s, "call": self.calls_per_s, "fetch": self.fetches_per_s}


class Buckets:
    """A bucket of tokens for each client and kind of request; it fills up evenly."""

    def __init__(self, rates: Mapping[str, float], monotonic: Callable[[], float]) -> None:
        self._rates = rates
        self._monotonic = monotonic
        self._levels: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def wait(self, client: str, kind: str) -> int:
        """0: go on. Else the seconds after which it is worth trying again."""
        rate = self._rates[kind]
        if not rate:
            return 0
        now, most = self._monotonic(), max(1.0, rate * BURST_SECONDS)
        level, at = self._levels.pop((client, kind), (most, now))
        level = min(most, level + (now - at) * rate)
        enough = level >= 1
        self._levels[client, kind] = (level - 1 if enough else level, now)
        if len(self._levels) > MOST_CLIENTS:
            self._levels.popitem(last=False)
        return 0 if enough else max(1, math.ceil((1 - level) / rate))


class Gate:
    """ASGI middleware before everything else."""

    def __init__(self, app: App, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._app = app
        self._largest = limits.largest_body
        self._buckets = Buckets(limits.rates(), monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seconds = self._buckets.wait(client_of(scope), kind_of(scope["method"], scope["path"]))
        if seconds:
            answer = problem(429, f"too many requests: try again in {seconds} s")
            answer.headers["Retry-After"] = str(seconds)
            await answer(scope, receive, send)
        elif _announced(scope) > self._largest:
            await self._too_large()(scope, receive, send)
        else:
            await self._bounded(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts what comes, whatever was announced; whatever the application makes of it, the answer is ours."""
        left, exceeded, begun = self._largest, False, False

        async def counted() -> MutableMapping[str, Any]:
            nonlocal left, exceeded
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                exceeded = True
                raise _TooLarge
            return message

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if not exceeded:
                begun = True
                await send(message)

        with suppress(_TooLarge):
            await self._app(scope, counted, noted)
        if exceeded and not begun:
            await self._too_large()(scope, receive, send)

    def _too_large(self) -> Any:
        return problem(413, f"a request has at most {self._largest} bytes")


class _TooLarge(Exception):
    """More came than may."""


def client_of(scope: Scope) -> str:
    """Whose request it is, as far as addresses tell."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, NETWORK), strict=False))
    return str(address)


def kind_of(method: str, path: str) -> str:
    """What a request costs us: memory, a chain, or the outside world."""
    if path.endswith("/metadata"):
        return "fetch"
    return "call" if method not in ("GET", "HEAD", "OPTIONS") or path.startswith("/v1/credits/") else "read"


def _announced(scope: Scope) -> int:
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(length) if length.isdigit() and len(length) < 20 else 0
