"""Headers for a quorum of light clients: the same header proven to as many of them as must agree."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Hashable, Sequence
from typing import Any, TypeVar

from light_clients.errors import HeaderError
from light_clients.quorum.wire import encode_parts, encode_update
from light_clients.types import Address, ChainId, Height, TrustedHeader
from relayer.domain.errors import Rejected, RelayerError, Transient
from relayer.ports import Conflict, ContractViews, Evidence, Headers, HeaderUpdate

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds for which the other members are still watched after one could not be."""


class QuorumHeaders:
    """The `Headers` of one quorum client; each member's own are verified by that member's rules."""

    def __init__(
        self,
        source: ChainId,
        members: Sequence[Headers],
        clients: Sequence[ContractViews],
        contract: ContractViews,
        *,
        patience: float = PATIENCE,
    ) -> None:
        """`clients` are the members' contracts, in their order."""
        self._source = source
        self._members = tuple(zip(members, clients, strict=True))
        self._contract = contract
        self._patience = patience
        self._threshold: int | None = None

    @property
    def client(self) -> Address:
        return self._contract.address

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        height = await self._reachable(at_least, at_most)
        proven = await self._first(height, height, lambda header: (header.state_root, header.receipts_root))
        one = next(iter(proven.values()))
        update = encode_update(height, [proven[i].update if i in proven else b"" for i in range(len(self._members))])
        return HeaderUpdate(one.header, update, signed=len(proven))

    async def misbehaviour(self) -> Evidence | Conflict:
        """What the first member catches, as the quorum passes it on."""
        caught, found = await self._any([member.misbehaviour() for member, _ in self._members])
        match found:
            case Evidence(what=what, proof=proof):
                return Evidence(what, encode_parts(self._for_one(caught, proof)))
            case Conflict(what=what, update=update):
                height = int.from_bytes(await self._contract.view("latestHeight()"), "big")
                return Conflict(what, encode_update(Height(height), self._for_one(caught, update)))

    async def overdue(self) -> HeaderUpdate:
        due, own = await self._any([member.overdue() for member, _ in self._members])
        update = encode_update(own.header.height, self._for_one(due, own.update))
        return HeaderUpdate(own.header, update, own.signed)

    def _for_one(self, place: int, part: bytes) -> Sequence[bytes]:
        return [part if i == place else b"" for i in range(len(self._members))]

    async def _any(self, work: Sequence[Coroutine[Any, Any, T]]) -> tuple[int, T]:
        """The first member that has a result, and it. Trouble of one does not at once end the watch of the others."""
        tasks = [asyncio.create_task(each) for each in work]
        troubles: list[RelayerError] = []
        left, patience = set(tasks), None
        try:
            while left:
                done, left = await asyncio.wait(left, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    try:
                        return tasks.index(task), task.result()
                    except (Transient, Rejected) as trouble:
                        troubles.append(trouble)
                if not done:
                    break
                patience = self._patience
        finally:
            for task in tasks:
                task.cancel()
        raise troubles[0]

    async def _reachable(self, at_least: Height, at_most: Height | None) -> Height:
        """The greatest height that enough members can be brought to."""
        proven = await self._first(at_least, at_most, lambda _: ())
        return min(update.header.height for update in proven.values())

    async def _first(
        self, at_least: Height, at_most: Height | None, said: Callable[[TrustedHeader], Hashable]
    ) -> dict[int, HeaderUpdate]:
        """By place, the updates of as many members as must agree, whoever they are: those that have `said` the same."""
        needed = await self._needed()
        tasks = [asyncio.create_task(self._of(*member, at_least, at_most)) for member in self._members]
        proven: defaultdict[Hashable, dict[int, HeaderUpdate]] = defaultdict(dict)
        troubles: list[str] = []
        left = set(tasks)
        try:
            while left:
                done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    try:
                        proven[said(task.result().header)][tasks.index(task)] = task.result()
                    except (RelayerError, HeaderError) as trouble:  # others may be served all the same
                        troubles.append(str(trouble))
                for agreeing in proven.values():
                    if len(agreeing) >= needed:
                        return dict(sorted(agreeing.items())[:needed])
        finally:
            for task in tasks:
                task.cancel()
        most = max(map(len, proven.values()), default=0)
        why = "; ".join(troubles) or "they disagree"
        raise Transient(f"chain {self._source}: {most} of {needed} light clients can be shown one header: {why}")

    async def _of(
        self, member: Headers, client: ContractViews, at_least: Height, at_most: Height | None
    ) -> HeaderUpdate:
        """Of a member that still counts."""
        if any(await client.view("frozen()")):
            raise Rejected(f"light client {client.address} is frozen")
        return await member.newest(at_least, at_most)

    async def _needed(self) -> int:
        if self._threshold is None:
            self._threshold = int.from_bytes(await self._contract.view("threshold()"), "big")
        return self._threshold
