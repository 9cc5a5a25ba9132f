"""The validators as the node reaches them: who is behind which URL, and one request to one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import aiohttp
import orjson

from light_clients.evm.header import Header
from light_clients.types import Address, ChainId
from relayer.entrypoints.devnet.sealing.validator import CONFLICT, header_of

IDENTIFY_SECONDS = 0.5
TEACH_HEADERS = 500


class Refused(Exception):
    """A validator does not answer, or does not want to; the words say why."""


class Past(Protocol):
    """Sealed headers, for validators that missed them."""

    @property
    def head(self) -> int: ...

    def header(self, number: int) -> Header: ...


class Peers:
    """One keep-alive session to all validators."""

    def __init__(self, urls: Sequence[str], session: aiohttp.ClientSession, chain: ChainId, past: Past) -> None:
        self._urls = tuple(url.rstrip("/") for url in urls)
        self._session = session
        self._chain = chain
        self._past = past
        self._known: dict[Address, str] = {}

    @property
    def known(self) -> Mapping[Address, str]:
        """Every validator that has answered so far, by its address."""
        return self._known

    @property
    def missing(self) -> int:
        """URLs that nobody has answered at yet."""
        return len(self._urls) - len(self._known)

    async def identify(self) -> None:
        """Ask who is behind the URLs that have not answered yet."""
        unknown = [url for url in self._urls if url not in self._known.values()]
        async with asyncio.TaskGroup() as group:
            for url in unknown:
                group.create_task(self._identify(url))

    async def _identify(self, url: str) -> None:
        try:
            async with asyncio.timeout(IDENTIFY_SECONDS), self._session.get(url + "/") as response:
                said = orjson.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError):
            return
        self._known[Address.from_hex(said["address"])] = url

    async def propose(self, who: Address, parent: Header, template: Header, round_: int) -> tuple[Header, bytes]:
        """The proposal of the validator whose turn it is, and its own seal."""
        body = {"parent": hex_of(parent), "template": hex_of(template), "round": round_}
        said = await self._ask(who, "/propose", body, parent.number)
        return header_of(said["header"]), bytes.fromhex(said["seal"][2:])

    async def seal(self, who: Address, parent: Header, proposal: Header) -> bytes:
        said = await self._ask(who, "/seal", {"parent": hex_of(parent), "header": hex_of(proposal)}, parent.number)
        return bytes.fromhex(said["seal"][2:])

    async def vote(self, account: Address, *, add: bool) -> int:
        """Let every validator wish for it; how many have heard."""
        await self.identify()
        heard = 0
        for url in self._known.values():
            try:
                await self._post(url, "/vote", {"address": str(account), "add": add})
                heard += 1
            except Refused:
                continue
        return heard

    async def _ask(self, who: Address, path: str, body: Mapping[str, Any], parent: int) -> Any:
        url = self._known.get(who)
        if url is None:
            raise Refused(f"nobody knows where {who} is")
        status, said = await self._post(url, path, body)
        if "behind" in said:
            await self._teach(url, said["behind"] + 1, parent - 1)
            status, said = await self._post(url, path, body)
        if status != 200:
            raise Refused(f"{who}: {said.get('refused', said)}")
        return said

    async def _teach(self, url: str, first: int, last: int) -> None:
        for numbers in batched_range(first, last):
            headers = [hex_of(self._past.header(number)) for number in numbers]
            status, said = await self._post(url, "/headers", {"headers": headers})
            if status != 200:
                raise Refused(f"{url}: {said.get('refused', said)}")

    async def _post(self, url: str, path: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        data = orjson.dumps({"chain": self._chain, **body})
        try:
            async with self._session.post(url + path, data=data) as response:
                text = await response.read()
                if response.status not in (200, CONFLICT):
                    raise Refused(f"{url}{path}: HTTP {response.status}")
                return response.status, orjson.loads(text)
        except aiohttp.ClientError as trouble:
            raise Refused(f"{url}: {type(trouble).__name__}") from trouble


def batched_range(first: int, last: int) -> Sequence[range]:
    return [range(start, min(start + TEACH_HEADERS, last + 1)) for start in range(first, last + 1, TEACH_HEADERS)]


def hex_of(header: Header) -> str:
    return "0x" + header.encode().hex()
