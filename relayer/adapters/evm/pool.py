"""Several endpoints of one chain, of which any may be down, slow, behind or lying."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Never, Protocol, TypeVar

from light_clients.types import ChainId, Height, TrustedHeader
from relayer.adapters.evm.faults import Contradiction, DeadlinePassed, EndpointFault, NodeError, RangeTooWide
from relayer.adapters.evm.headers import BlockReader
from relayer.adapters.evm.health import EndpointHealth
from relayer.adapters.evm.node_errors import Meaning, meaning, translate
from relayer.adapters.evm.rpc import Answer, Endpoint, Request
from relayer.adapters.evm.wire import Json, quantity
from relayer.domain.errors import Misconfigured, Rejected, Transient
from relayer.domain.ids import BlockRef
from relayer.ports import Clock

T = TypeVar("T")

CHAIN_ID = Request("eth_chainId")
PLAIN = BlockReader()
"""Headers hashed as they stand."""


class RpcObserver(Protocol):
    """Hears of every call; keeps no one waiting."""

    def called(self, chain: ChainId, endpoint: str, method: str, fault: str, seconds: float) -> None:
        """`fault` is empty when the endpoint served."""
        ...

    def missed_head(self, chain: ChainId, endpoint: str, fault: str) -> None:
        """An endpoint did not say how far the chain is."""
        ...

    def announced_head(self, chain: ChainId, endpoint: str, height: Height) -> None:
        """An endpoint has another head than before."""
        ...


@dataclass(frozen=True, slots=True)
class _Member:
    endpoint: Endpoint
    health: EndpointHealth


@dataclass(frozen=True, slots=True)
class _Served(Generic[T]):
    value: T


@dataclass(frozen=True, slots=True)
class Asked:
    """One endpoint, for work that takes more than one question."""

    send: Callable[[Sequence[Request]], Awaitable[Sequence[Json]]]
    height: Height
    """The newest block it announced, 0 when it has announced none."""


class TooMuch(Transient):
    """Ask for less at once."""


class Pool:
    """Asks the best endpoint first and the others when it fails; what can be checked is checked before it returns."""

    def __init__(
        self,
        chain: ChainId,
        endpoints: Sequence[Endpoint],
        clock: Clock,
        observer: RpcObserver,
        blocks: BlockReader = PLAIN,
    ) -> None:
        self.chain = chain
        self.blocks = blocks
        self._members = tuple(_Member(endpoint, EndpointHealth()) for endpoint in endpoints)
        self._clock = clock
        self._observer = observer
        self._moved = asyncio.Event()

    @property
    def size(self) -> int:
        return len(self._members)

    # heads

    async def run(self) -> Never:
        """Follow the heads of every endpoint, for ever."""
        async with asyncio.TaskGroup() as group:
            for member in self._members:
                group.create_task(self._follow(member))
        raise AssertionError("the followers never end")

    def head(self) -> BlockRef | None:
        """The newest block that is not the word of a minority alone, or None before the first.

        Of n endpoints that live, (n-1)//2 may lie: the head is the highest that one more than so many have reached.
        """
        living = [member.health for member in self._members if not member.health.is_down()]
        heads = sorted(
            (health.head.block for health in living if health.head is not None),
            key=lambda head: head.number,
            reverse=True,
        )
        liars = (len(living) - 1) // 2
        if len(heads) <= max(0, liars):
            return None
        height = heads[liars].number
        return Counter(head for head in heads if head.number == height).most_common(1)[0][0]

    def agreed_head(self) -> TrustedHeader | None:
        """The newest header that more than half of all endpoints, the dead included, announce as their head."""
        heads = Counter(member.health.head.header for member in self._members if member.health.head is not None)
        agreed = [header for header, count in heads.items() if 2 * count > self.size]
        return agreed[0] if agreed else None

    def heights(self) -> list[Height]:
        """The heads of the endpoints that announced one."""
        return [member.health.head.block.number for member in self._members if member.health.head is not None]

    def movement(self) -> asyncio.Event:
        """Is set when an endpoint next announces another head."""
        return self._moved

    # asking

    async def ask(self, requests: Sequence[Request], accept: Callable[[Sequence[Json]], T]) -> T:
        """The first answer that `accept` takes; it raises `Contradiction` on what cannot be true."""

        async def work(endpoint: Asked) -> T:
            return accept(await endpoint.send(requests))

        return await self.through(requests[0].method, work)

    async def through(self, what: str, work: Callable[[Asked], Awaitable[T]]) -> T:
        """What the first endpoint gives with which `work` succeeds.

        A rejection (a revert, a nonce too low) is believed only when no other endpoint accepts. Raises `TooMuch`
        when the question was too large for one of them, and `Transient` when none serves.
        """
        rejection: Rejected | None = None
        faults: list[EndpointFault] = []
        reasons: list[str] = []
        for member in self._by_score():
            try:
                return await work(Asked(partial(self._send, member), member.health.height()))
            except Rejected as error:
                rejection = rejection or error
            except EndpointFault as fault:
                self._note(member, fault)
                faults.append(fault)
                reasons.append(f"{member.endpoint.name}: {fault}")
        if rejection is not None:
            raise rejection
        kind = TooMuch if any(isinstance(fault, RangeTooWide | DeadlinePassed) for fault in faults) else Transient
        raise kind(f"chain {self.chain}: {what}: {'; '.join(reasons) or 'every endpoint is of another chain'}")

    async def ask_all(self, requests: Sequence[Request], accept: Callable[[Sequence[Json]], T]) -> list[T]:
        """What each endpoint answers, those that fail left out; raises what all of them raise when none serves."""
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._one(member, requests, accept)) for member in self._by_score()]
        outcomes = [task.result() for task in asked]
        served = [outcome.value for outcome in outcomes if isinstance(outcome, _Served)]
        if served:
            return served
        for outcome in outcomes:
            if isinstance(outcome, Rejected):
                raise outcome
        reasons = "; ".join(str(outcome) for outcome in outcomes)
        raise Transient(f"chain {self.chain}: {requests[0].method}: {reasons or 'no endpoint is healthy'}")

    async def check_chain(self) -> None:
        """At start: an endpoint of another chain is a mistake of the operator's."""
        try:
            await self.ask_all([CHAIN_ID], lambda answers: answers)
        except Transient:
            if not any(member.health.excluded for member in self._members):
                raise
        for member in self._members:
            if member.health.excluded:
                raise Misconfigured(
                    f"chains[{self.chain}].endpoints",
                    f"{member.endpoint.name} {member.health.excluded}",
                    f"name an endpoint of chain {self.chain}, or correct the chain's id",
                )

    # one endpoint

    async def _follow(self, member: _Member) -> Never:
        def on_head(header: Json) -> None:
            head = self.blocks.head(self.chain, header)
            moved = head != member.health.head
            member.health.announced(head)
            if moved:
                self._observer.announced_head(self.chain, member.endpoint.name, head.block.number)
                self._signal()

        def on_fault(fault: EndpointFault) -> None:
            self._note(member, fault)
            self._observer.missed_head(self.chain, member.endpoint.name, type(fault).__name__)

        await member.endpoint.follow(on_head, on_fault)

    async def _one(
        self, member: _Member, requests: Sequence[Request], accept: Callable[[Sequence[Json]], T]
    ) -> _Served[T] | Rejected | str:
        try:
            return _Served(accept(await self._send(member, requests)))
        except Rejected as error:
            return error
        except EndpointFault as fault:
            self._note(member, fault)
            return f"{member.endpoint.name}: {fault}"

    async def _send(self, member: _Member, requests: Sequence[Request]) -> Sequence[Json]:
        if not member.health.chain_checked:
            await self._check(member)
        started = self._clock.monotonic()
        fault = "unanswered"
        try:
            answers = await member.endpoint.send(requests)
            fault = ""
            values = [_value(answer, request) for answer, request in zip(answers, requests, strict=True)]
        except (EndpointFault, Rejected) as error:
            fault = type(error).__name__
            raise
        finally:
            seconds = self._clock.monotonic() - started
            self._observer.called(self.chain, member.endpoint.name, requests[0].method, fault, seconds)
        member.health.served(seconds)
        return values

    async def _check(self, member: _Member) -> None:
        (answer,) = await member.endpoint.send([CHAIN_ID])
        found = quantity(_value(answer, CHAIN_ID))
        if found != self.chain:
            member.health.excluded = f"serves chain {found}"
            raise Contradiction(member.health.excluded)
        member.health.chain_checked = True

    def _by_score(self) -> list[_Member]:
        """Best first; those left alone come last, because a doubtful endpoint is better than none."""
        now = self._clock.monotonic()
        usable = [member for member in self._members if not member.health.excluded]
        return sorted(usable, key=lambda member: (member.health.is_open(now), member.health.score()))

    def _note(self, member: _Member, fault: EndpointFault) -> None:
        if isinstance(fault, RangeTooWide):
            return  # an answer, and a fair one
        was_down = member.health.is_down()
        member.health.failed(fault, self._clock.monotonic())
        if not was_down and member.health.is_down():
            self._signal()  # one voice less: the others may now suffice

    def _signal(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


def _value(answer: Answer, request: Request) -> Json:
    if not isinstance(answer, NodeError):
        return answer
    if meaning(answer) is Meaning.ALREADY_KNOWN and request.method == "eth_sendRawTransaction":
        return None
    raise translate(answer)
