"""Headers that carry their own proof: read from the source, verified here, packed as the light client wants them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from light_clients.errors import LightClientError
from light_clients.evm.header import Header
from light_clients.types import Address, Hash32, Height
from relayer.domain.errors import Reverted, Transient
from relayer.ports import Conflict, ContractViews, Evidence, HeaderUpdate, SealedHeaders

RENEWALS = 3
"""How often trust is renewed within the trusting period, should no message do it."""
LOOK_AFTER = 8
"""Blocks after which it is looked again whether the contract needs anything."""
WATCHED = 16
"""Heights below the head that are compared between endpoints, again with every block."""


class SealRules(Protocol):
    """What differs from one consensus to the other. A run is a header and those that must stand on it."""

    @property
    def depth(self) -> int:
        """How many headers must stand on one."""
        ...

    async def prove(self, run: Sequence[Header]) -> HeaderUpdate:
        """The update to the first of the run, by what the contract trusts now; raises the `LightClientError`."""
        ...

    async def due(self, newest: Height) -> Height | None:
        """The height, up to this one, of a header that the contract must be shown though no message asks for it."""
        ...

    async def incriminate(self, one: HeaderUpdate, other: HeaderUpdate) -> bytes:
        """Evidence of two updates to one height."""
        ...


class SealedChainHeaders:
    """The `Headers` of a chain whose headers are sealed by its own validators."""

    def __init__(self, name: str, rules: SealRules, headers: SealedHeaders, contract: ContractViews) -> None:
        self._name = name
        self._rules = rules
        self._headers = headers
        self._contract = contract
        self._agreed = 0
        """The height at which the contract last held what we do."""

    @property
    def client(self) -> Address:
        return self._contract.address

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        depth = self._rules.depth
        head = await self._headers.head(Height(at_least + depth))
        height = Height(head - depth) if at_most is None else Height(min(head - depth, at_most))
        try:
            return await self._rules.prove(await self._headers.headers(height, Height(height + depth)))
        except LightClientError as error:
            return await self._of_another_endpoint(height, error)

    async def overdue(self) -> HeaderUpdate:
        head = await self._headers.head(Height(0))
        while True:
            newest = Height(max(0, head - self._rules.depth))
            with self._trying("nobody can tell what its light client needs"):
                due = await self._rules.due(newest)
            if due is not None:
                return await self.newest(due, due)
            head = await self._headers.head(Height(head + LOOK_AFTER))

    async def misbehaviour(self) -> Evidence | Conflict:
        head = Height(0)
        while True:
            head = await self._headers.head(Height(head + 1))
            newest = Height(max(0, head - self._rules.depth))
            if self._headers.voices > 1 and (found := await self._evidence(newest)):
                return found
            if conflict := await self._conflict(newest):
                return conflict

    async def _of_another_endpoint(self, height: Height, error: LightClientError) -> HeaderUpdate:
        """One endpoint's headers do not hold; the others may have them right."""
        for run in await self._headers.versions(height, Height(height + self._rules.depth)):
            try:
                return await self._rules.prove(run)
            except LightClientError:
                continue  # the first endpoint's error tells; none of these is better
        raise Transient(f"chain {self._name}: block {height} is not proven: {error}") from error

    async def _evidence(self, newest: Height) -> Evidence | None:
        """Two headers of one of the last heights that both hold, if endpoints show them; a lie may come late."""
        first, depth = Height(max(1, newest - WATCHED)), self._rules.depth
        runs = await self._headers.versions(first, Height(newest + depth))
        for place in range(newest - first + 1) if len(runs) > 1 else ():
            if len({run[place].hash() for run in runs}) > 1:
                found = await self._both([run[place : place + depth + 1] for run in runs])
                if found:
                    return found
        return None

    async def _both(self, runs: Sequence[Sequence[Header]]) -> Evidence | None:
        proven: dict[Hash32, HeaderUpdate] = {}
        for run in runs:
            try:
                update = await self._rules.prove(run)
            except LightClientError:
                continue  # an endpoint may show what nobody sealed
            proven[update.header.block_hash] = update
        if len(proven) < 2:
            return None
        one, other = list(proven.values())[:2]
        hashes = f"{one.header.block_hash} and {other.header.block_hash}"
        what = f"two headers of height {one.header.height} are sealed: {hashes}"
        with self._trying(f"{what}, but they are no evidence"):
            return Evidence(what, await self._rules.incriminate(one, other))

    @contextmanager
    def _trying(self, words: str) -> Iterator[None]:
        """A rule that an endpoint's headers break, or the contract's state by now, is no bug: it is tried again."""
        try:
            yield
        except LightClientError as error:
            raise Transient(f"chain {self._name}: {words}: {error}") from error

    async def _conflict(self, ours: Height) -> Conflict | None:
        """Our header of the newest height that the contract holds, if it holds another.

        What has agreed is compared again only now and then, lest the contract's chain was reorganised.
        """
        height = Height(int.from_bytes(await self._contract.view("latestHeight()"), "big"))
        agreed = height == self._agreed and ours % LOOK_AFTER > 0
        if agreed or height == 0 or height > ours or await self._frozen():
            return None
        try:
            held = await self._contract.view("header(uint64)", height)
        except Reverted:
            return None  # the header that trust began with is not served
        run = await self._headers.headers(height, Height(height + self._rules.depth))
        if held[:32] == run[0].state_root and held[32:64] == run[0].receipts_root:
            self._agreed = height
            return None
        try:
            update = await self._rules.prove(run)
        except LightClientError:
            return None  # what we are shown does not hold
        return Conflict(f"the light client holds another header of height {height}", update.update)

    async def _frozen(self) -> bool:
        return any(await self._contract.view("frozen()"))
