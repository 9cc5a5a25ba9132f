"""Beacon nodes of one chain, asked all at once over the beacon API; what they say is for the light client to judge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import aiohttp
import orjson

from light_clients.errors import LightClientError
from light_clients.sync_committee.beacon import LightClientBootstrap, LightClientUpdate
from light_clients.sync_committee.beacon_json import parse_bootstrap, parse_update, parse_updates
from light_clients.sync_committee.errors import BeaconJsonMalformed
from light_clients.types import Hash32
from relayer.domain.errors import Transient

T = TypeVar("T")

DEADLINE = 5.0
STRAGGLERS = 0.5
"""Seconds that the others still have once one node has answered: newer or contradicting words are worth that."""
LARGEST_ANSWER = 4 << 20
LIGHT_CLIENT = "/eth/v1/beacon/light_client"


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    """What one node says, read and not yet verified."""

    node: str
    """Scheme, host and port: what may be logged. API keys live in paths."""
    value: T


class NodeFault(Exception):
    """This node did not serve: unreachable, slow, broken, without the data. Another may."""


class BeaconNodes:
    """Every node is asked; any of them may be down, behind or lying, as long as one is not.

    `counted` hears the node and the name of every fault.
    """

    def __init__(
        self,
        urls: Sequence[str],
        session: aiohttp.ClientSession,
        *,
        deadline: float = DEADLINE,
        counted: Callable[[str, str], None] = lambda _node, _fault: None,
    ) -> None:
        self._urls = tuple(url.rstrip("/") for url in urls)
        self._session = session
        self._deadline = deadline
        self._counted = counted

    async def finality_updates(self) -> list[Said[LightClientUpdate]]:
        """The newest that each node has; some may have none yet."""
        return served(await self.ask(f"{LIGHT_CLIENT}/finality_update", parse_update))

    async def period_updates(self, period: int) -> list[Said[LightClientUpdate]]:
        """Each node's best update of that period, which carries the next period's committee."""
        path = f"{LIGHT_CLIENT}/updates?start_period={period}&count=1"
        return served(await self.ask(path, _only))

    async def bootstraps(self, root: Hash32) -> list[Said[LightClientBootstrap]]:
        """The state's committee at a final block."""
        return served(await self.ask(f"{LIGHT_CLIENT}/bootstrap/{root}", parse_bootstrap))

    async def ask(self, path: str, read: Callable[[object], T | None]) -> list[Said[T | None]]:
        """What the nodes say that `read` can read, in the order they are configured; None where one has nothing.

        `read` raises a `LightClientError` on what is not as the API promises. Raises `Transient` when no node serves.
        """
        answers = await self._answers(path, read)
        said = [answer for answer in answers if isinstance(answer, Said)]
        if not said:
            raise Transient(f"{path.partition('?')[0]}: {'; '.join(str(answer) for answer in answers)}")
        return said

    def blame(self, node: str, error: LightClientError) -> None:
        """What the node said does not verify."""
        self._counted(node, type(error).__name__)

    async def _answers(self, path: str, read: Callable[[object], T | None]) -> list[Said[T | None] | str]:
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._one(url, path, read)) for url in self._urls]
            waiting = set(asked)
            patience: float | None = None
            while waiting:
                done, waiting = await asyncio.wait(waiting, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    break
                if any(isinstance(task.result(), Said) for task in done):
                    patience = STRAGGLERS
            for task in waiting:
                task.cancel()
        return [task.result() for task in asked if not task.cancelled()]

    async def _one(self, url: str, path: str, read: Callable[[object], T | None]) -> Said[T | None] | str:
        node = public_name(url)
        try:
            answer = await self._get(url + path)
            return Said(node, None if answer is None else read(answer))
        except (NodeFault, LightClientError) as fault:
            self._counted(node, type(fault).__name__)
            return f"{node}: {fault}"

    async def _get(self, url: str) -> object:
        """The answer, None where the node has none."""
        try:
            async with (
                asyncio.timeout(self._deadline),
                self._session.get(url, headers={"Accept": "application/json"}) as response,
            ):
                body = await _bounded(response)
        except TimeoutError:
            raise NodeFault(f"no answer within {self._deadline:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NodeFault(f"{type(error).__name__}: {error}") from error
        if response.status == 404:
            return None
        if response.status != 200:
            raise NodeFault(f"HTTP {response.status}")
        try:
            answer: object = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise NodeFault("no JSON") from None
        if answer is None:
            raise NodeFault("null")
        return answer


def served(said: Sequence[Said[T | None]]) -> list[Said[T]]:
    """Of those nodes that have it."""
    return [Said(each.node, each.value) for each in said if each.value is not None]


def _only(answer: object) -> LightClientUpdate | None:
    """Of the one period that was asked for, None when the node has none of it."""
    updates = parse_updates(answer)
    if len(updates) > 1:
        raise BeaconJsonMalformed("updates", f"{len(updates)} instead of one")
    return updates[0] if updates else None


def public_name(url: str) -> str:
    """The part of a node's URL that may be shown."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise NodeFault(f"an answer of more than {LARGEST_ANSWER} bytes")
        chunks.append(chunk)
    return b"".join(chunks)
