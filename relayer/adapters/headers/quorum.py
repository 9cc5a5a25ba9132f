"""Headers for a quorum of light clients: the same header proven to as many of them as must agree."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TypeVar

from light_clients.errors import HeaderError
from light_clients.quorum.wire import encode_parts, encode_update
from light_clients.types import Address, ChainId, Height
from relayer.domain.errors import Transient
from relayer.ports import Conflict, ContractViews, Evidence, Headers, HeaderUpdate

T = TypeVar("T")


class QuorumHeaders:
    """The `Headers` of one quorum client; each member's own are verified by that member's rules."""

    def __init__(self, source: ChainId, members: Sequence[Headers], contract: ContractViews) -> None:
        self._source = source
        self._members = tuple(members)
        self._contract = contract
        self._threshold: int | None = None

    @property
    def client(self) -> Address:
        return self._contract.address

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        height = await self._reachable(at_least, at_most)
        proven = await self._proven(height, height)
        (_, one), *others = proven.items()
        for _, other in others:
            if other.header.state_root != one.header.state_root:
                raise Transient(f"chain {self._source}: its light clients do not agree on block {height} yet")
        update = encode_update(height, [proven[i].update if i in proven else b"" for i in range(len(self._members))])
        return HeaderUpdate(one.header, update, signed=len(proven))

    async def misbehaviour(self) -> Evidence | Conflict:
        """What the first member catches, as the quorum passes it on."""
        caught, found = await _first([member.misbehaviour for member in self._members])
        parts = [b""] * len(self._members)
        match found:
            case Evidence(what=what, proof=proof):
                parts[caught] = proof
                return Evidence(what, encode_parts(parts))
            case Conflict(what=what, update=update):
                parts[caught] = update
                height = int.from_bytes(await self._contract.view("latestHeight()"), "big")
                return Conflict(what, encode_update(Height(height), parts))

    async def overdue(self) -> HeaderUpdate:
        due, own = await _first([member.overdue for member in self._members])
        parts = [b""] * len(self._members)
        parts[due] = own.update
        return HeaderUpdate(own.header, encode_update(own.header.height, parts), own.signed)

    async def _reachable(self, at_least: Height, at_most: Height | None) -> Height:
        """The greatest height that enough members can be brought to."""
        proven = await self._proven(at_least, at_most)
        return min((update.header.height for update in proven.values()), default=at_least)

    async def _proven(self, at_least: Height, at_most: Height | None) -> dict[int, HeaderUpdate]:
        """The updates of as many members as must agree, whoever they are: by place."""
        needed = await self._needed()
        proven: dict[int, HeaderUpdate] = {}
        try:
            async with asyncio.TaskGroup() as group:
                asked = {group.create_task(_of(member, at_least, at_most)): i for i, member in enumerate(self._members)}
                left = set(asked)
                while left and len(proven) < needed:
                    done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
                    proven |= {asked[task]: update for task in done if (update := task.result()) is not None}
                for task in left:
                    task.cancel()
        except ExceptionGroup as troubles:
            raise troubles.exceptions[0] from None
        if len(proven) < needed:
            raise Transient(f"chain {self._source}: {len(proven)} of {needed} light clients can be shown a header")
        return dict(sorted(proven.items())[:needed])

    async def _needed(self) -> int:
        if self._threshold is None:
            self._threshold = int.from_bytes(await self._contract.view("threshold()"), "big")
        return self._threshold


async def _of(member: Headers, at_least: Height, at_most: Height | None) -> HeaderUpdate | None:
    """None where this member cannot be served now; others may."""
    try:
        return await member.newest(at_least, at_most)
    except (Transient, HeaderError):
        return None


async def _first(works: Sequence[Callable[[], Coroutine[None, None, T]]]) -> tuple[int, T]:
    """Who is done first, and with what; what goes wrong for one of them goes wrong as it is, not in a group."""
    try:
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(work()) for work in works]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            place = next(place for place, task in enumerate(waiting) if task.done())
            for task in waiting:
                task.cancel()
    except ExceptionGroup as troubles:
        raise troubles.exceptions[0] from None
    return place, waiting[place].result()
