"""Fetches what items say of themselves, from wherever strangers have put it; never from a private network.

A name is resolved once, every address it has is judged, and the connection goes to one that was judged: what the name
says a moment later does not matter. Each redirect is a new question. All of it is bounded: redirects, bytes, seconds.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from base64 import b64decode
from binascii import Error
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

import aiohttp
import orjson
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from relayer.domain.market.form import Refused

AnyAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str], Awaitable[Sequence[AnyAddress]]]

LARGEST = 262_144
DEADLINE = 5.0
"""Seconds for all of it, redirects and slow bytes included."""
REDIRECTS = 3
DEEPEST = 16
MOST_VALUES = 5_000
LONGEST_URI = 2_048
LONGEST_DATA_URI = 2 * LARGEST
CACHED = 512
CACHE_SECONDS = 300.0
ELSEWHERE = frozenset({301, 302, 303, 307, 308})
CARRIERS = tuple(map(ipaddress.ip_network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")))
TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23", "fec0::/10")))
"""IPv6 that leads to whichever IPv4: NAT64, 6to4, Teredo; and what was once site-local."""


def is_public(address: AnyAddress) -> bool:
    """Whether anybody may be asked there; the metadata services of clouds are link-local."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(mapped)
    barred = CARRIERS if address.version == 4 else TRANSLATED
    if any(address in network for network in barred) or (address.version == 6 and int(address) >> 32 == 0):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


async def resolve(host: str) -> Sequence[AnyAddress]:
    """Every address that the system's resolver knows of."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]


class Metadata:
    """Resolves an item's URI to its JSON; remembers for a while, failures too."""

    def __init__(
        self,
        ipfs_gateway: str | None = None,
        *,
        resolve: Resolve = resolve,
        permitted: Callable[[AnyAddress], bool] = is_public,
        deadline: float = DEADLINE,
    ) -> None:
        self._gateway = ipfs_gateway
        self._resolve = resolve
        self._permitted = permitted
        self._deadline = deadline
        self._cache: OrderedDict[str, tuple[float, dict[str, Any] | Refused]] = OrderedDict()

    async def of(self, uri: str) -> dict[str, Any]:
        """The JSON object behind a URI. Raises `Refused` whatever is wrong with it."""
        now = asyncio.get_running_loop().time()
        kept = self._cache.get(uri)
        if kept is None or kept[0] <= now:
            kept = (now + CACHE_SECONDS, await self._outcome(uri))
            self._keep(uri, kept)
        if isinstance(kept[1], Refused):
            raise Refused(kept[1].code, str(kept[1]))
        return kept[1]

    def _keep(self, uri: str, kept: tuple[float, dict[str, Any] | Refused]) -> None:
        self._cache.pop(uri, None)
        while len(self._cache) >= CACHED:
            self._cache.popitem(last=False)
        self._cache[uri] = kept

    async def _outcome(self, uri: str) -> dict[str, Any] | Refused:
        try:
            if len(uri) > (LONGEST_DATA_URI if uri.startswith("data:") else LONGEST_URI):
                return Refused("metadata-uri-too-long", "the item's URI is too long")
            body = inlined(uri) if uri.startswith("data:") else await self._timely(uri)
            return parsed(body)
        except Refused as refusal:
            return refusal

    async def _timely(self, uri: str) -> bytes:
        try:
            async with asyncio.timeout(self._deadline):
                return await self._fetched(self._located(uri))
        except TimeoutError:
            raise Refused("metadata-too-slow", "the item's metadata did not come in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as trouble:
            raise Refused("metadata-unreachable", f"the item's metadata: {type(trouble).__name__}") from None

    def _located(self, uri: str) -> str:
        if not uri.startswith("ipfs://"):
            return uri
        if self._gateway is None:
            raise Refused("metadata-scheme-unsupported", "no gateway to IPFS is configured here")
        path = uri.removeprefix("ipfs://").removeprefix("ipfs/")
        if not re.fullmatch(r"[A-Za-z0-9]{32,128}(/[A-Za-z0-9._~%\-/ ]*)?", path) or ".." in path:
            raise Refused("metadata-uri-malformed", "the item's URI names nothing on IPFS")
        return f"{self._gateway.rstrip('/')}/ipfs/{path}"

    async def _fetched(self, location: str) -> bytes:
        url = URL(location)
        for _ in range(REDIRECTS + 1):
            addresses = await self._judged(url)
            connector = aiohttp.TCPConnector(resolver=_Judged(addresses), use_dns_cache=False, limit=1)
            async with (
                aiohttp.ClientSession(
                    connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
                ) as session,
                session.get(url, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as answer,
            ):
                if answer.status not in ELSEWHERE:
                    return await _bounded(answer)
                url = url.join(URL(answer.headers.get("Location", "")))
        raise Refused("metadata-redirects", f"the item's metadata redirects more than {REDIRECTS} times")

    async def _judged(self, url: URL) -> Sequence[AnyAddress]:
        if url.scheme not in ("http", "https") or not url.host or url.user is not None:
            raise Refused("metadata-scheme-unsupported", "metadata is read by http(s), data and ipfs only")
        try:
            addresses: Sequence[AnyAddress] = [ipaddress.ip_address(url.host.strip("[]").partition("%")[0])]
        except ValueError:
            addresses = await self._resolve(url.host)
        if not addresses or not all(map(self._permitted, addresses)):
            raise Refused("metadata-forbidden", "the item's metadata is in a private network")
        return addresses


class _Judged(AbstractResolver):
    """Answers with addresses that were judged, whatever the name."""

    def __init__(self, addresses: Sequence[AnyAddress]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(
                hostname=host,
                host=str(each),
                port=port,
                family=socket.AF_INET if each.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in self._addresses
        ]

    async def close(self) -> None: ...


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    if answer.status != 200:
        raise Refused("metadata-unreachable", f"the item's metadata: HTTP status {answer.status}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused("metadata-malformed", "the item's metadata comes compressed, which was not asked for")
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > LARGEST:
            raise Refused("metadata-too-large", f"the item's metadata has more than {LARGEST} bytes")
    return bytes(body)


def inlined(uri: str) -> bytes:
    """What a data: URI holds (RFC 2397)."""
    head, comma, data = uri.removeprefix("data:").partition(",")
    if not comma or head.partition(";")[0].lower() != "application/json":
        raise Refused("metadata-malformed", "the item's data: URI holds no JSON")
    try:
        body = unquote_to_bytes(data)
        return b64decode(body, validate=True) if head.lower().endswith(";base64") else body
    except (Error, ValueError):
        raise Refused("metadata-malformed", "the item's data: URI is not what it says") from None


def parsed(body: bytes) -> dict[str, Any]:
    """A JSON object of bounded size and depth."""
    if len(body) > LARGEST:
        raise Refused("metadata-too-large", f"the item's metadata has more than {LARGEST} bytes")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused("metadata-malformed", "the item's metadata is not JSON") from None
    if not isinstance(found, dict):
        raise Refused("metadata-malformed", "the item's metadata is no JSON object")
    layer: list[dict[str, Any] | list[Any]] = [found]
    values = 0
    for _ in range(DEEPEST):
        layer = [
            each
            for value in layer
            for each in (value.values() if isinstance(value, dict) else value)
            if isinstance(each, dict | list)
        ]
        values += sum(map(len, layer))
        if values > MOST_VALUES:
            break
        if not layer:
            return found
    raise Refused("metadata-malformed", "the item's metadata is too deep or has too many values")
