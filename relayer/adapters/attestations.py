"""Headers of a committee-verified chain: attestations are collected, checked and made into an update."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Never

import aiohttp

from light_clients.committee.client import CommitteeClient
from light_clients.errors import LightClientError
from light_clients.types import Address, Height, TrustedHeader
from relayer.domain import topics
from relayer.domain.attestation import LONGEST, Attestation, AttestationMalformed, attestation_from_json
from relayer.domain.errors import Misbehaviour
from relayer.domain.ids import Seconds
from relayer.ports import Bus, Evidence, HeaderUpdate

WINDOW = 64
"""Headers with a quorum that are kept: those that came last, whatever their height, so that an old one that was asked
for is there when it has come."""
PER_MEMBER = 8
"""Headers without a quorum that one member may have signed: whoever signs the far future displaces only his own."""
PATIENCE = Seconds(0.15)
"""How long a push may take before we pull; doubled while pulling yields nothing."""
LONGEST_PATIENCE = Seconds(2.0)
PULL_DEADLINE = 2.0


class CommitteeHeaders:
    """The `Headers` port for one source chain and one committee light client of one destination.

    Nobody who publishes is trusted: an attestation counts only when a member of the committee has signed it, and the
    whole update is verified again by the contract's own rules. `run` listens to the bus.
    """

    def __init__(
        self,
        client: CommitteeClient,
        attesters: Sequence[str],
        bus: Bus,
        session: aiohttp.ClientSession,
        counted: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._attesters = tuple(attesters)
        self._bus = bus
        self._session = session
        self._counted = counted
        self._signatures: dict[TrustedHeader, dict[Address, Attestation]] = {}
        self._updates: dict[Height, HeaderUpdate] = {}
        self._arrived = asyncio.Event()
        self._contradiction: Misbehaviour | None = None
        self._caught: asyncio.Future[Evidence] = asyncio.get_running_loop().create_future()

    async def run(self) -> Never:
        async with self._bus.subscribe(topics.attestations(self._client.source)) as messages:
            async for _, payload in messages:
                self.take(payload)
                await asyncio.sleep(0)  # a flood of signatures to check must not hold up the rest of the process
        raise AssertionError("a subscription never ends")

    @property
    def client(self) -> Address:
        return self._client.domain.client

    async def overdue(self) -> HeaderUpdate:
        """Never: a committee is believed for as long as it is registered."""
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def misbehaviour(self) -> Evidence:
        return await asyncio.shield(self._caught)

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        patience = PATIENCE if self._updates else Seconds(0.0)
        while True:
            if self._contradiction is not None:
                raise self._contradiction
            arrived = self._arrived
            update = self._between(at_least, at_most)
            if update is not None:
                return update
            if not await _set_within(arrived, patience):
                await self._pull_unless(arrived, at_least, at_most)
                patience = min(max(PATIENCE, Seconds(2 * patience)), LONGEST_PATIENCE)

    def take(self, payload: bytes) -> None:
        """Count an attestation, whoever sent it, if it is one."""
        try:
            attestation = attestation_from_json(payload)
        except AttestationMalformed:
            self._counted("malformed")
            return
        if self._is_for_us(attestation) and self._is_near(attestation):
            self._check(attestation)

    def _is_for_us(self, attestation: Attestation) -> bool:
        domain = self._client.domain
        return (attestation.header.chain, attestation.destination, attestation.client) == (
            self._client.source,
            domain.destination,
            domain.client,
        )

    def _is_near(self, attestation: Attestation) -> bool:
        """Bounds the memory before a signature is looked at; repeats cost nothing more."""
        header, attester = attestation.header, attestation.attester
        known = self._updates.get(header.height)
        if attester in self._signatures.get(header, ()) or (known is not None and known.header == header):
            return False
        return self._client.committee.index(attester) is not None

    def _check(self, attestation: Attestation) -> None:
        try:
            self._client.check_attestation(
                attestation.header, attestation.epoch, attestation.attester, attestation.signature
            )
        except LightClientError as error:
            self._counted(type(error).__name__)
            return
        self._counted("valid")
        self._make_room(attestation)
        group = self._signatures.setdefault(attestation.header, {})
        group[attestation.attester] = attestation
        self._conclude(attestation.header, group)

    def _make_room(self, attestation: Attestation) -> None:
        """A member's oldest words make room for its new ones."""
        own = [header for header, group in self._signatures.items() if attestation.attester in group]
        own.sort(key=lambda header: header.height)
        for header in own[: max(0, len(own) - PER_MEMBER + 1)]:
            del self._signatures[header][attestation.attester]
            if not self._signatures[header]:
                del self._signatures[header]

    def _conclude(self, header: TrustedHeader, group: dict[Address, Attestation]) -> None:
        committee = self._client.committee
        weight = sum(member.weight for member in committee.members if member.address in group)
        if weight < committee.needed:
            return
        update = self._client.build_update(header, {word.attester: word.signature for word in group.values()})
        known = self._updates.get(header.height)
        if known is not None:
            self._contradict(known, HeaderUpdate(header, update, signed=len(group)))
        self._updates[header.height] = HeaderUpdate(header, update, signed=len(group))
        del self._signatures[header]
        while len(self._updates) > WINDOW:
            del self._updates[next(iter(self._updates))]
        self._arrived.set()
        self._arrived = asyncio.Event()

    def _contradict(self, known: HeaderUpdate, other: HeaderUpdate) -> None:
        what = (
            f"the committee signed two headers of height {known.header.height}: "
            f"{known.header.block_hash} and {other.header.block_hash}"
        )
        self._contradiction = Misbehaviour(f"chain {self._client.source}: {what}")
        if not self._caught.done():
            self._caught.set_result(Evidence(what, self._client.build_evidence(known.update, other.update)))

    def _between(self, at_least: Height, at_most: Height | None) -> HeaderUpdate | None:
        fitting = [h for h in self._updates if at_least <= h and (at_most is None or h <= at_most)]
        return self._updates[max(fitting)] if fitting else None

    async def _pull_unless(self, arrived: asyncio.Event, at_least: Height, at_most: Height | None) -> None:
        """Pull, but wait for no straggler once a quorum has arrived."""
        async with asyncio.TaskGroup() as group:
            both = [group.create_task(self._pull(at_least, at_most)), group.create_task(arrived.wait())]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in both:
                task.cancel()

    async def _pull(self, at_least: Height, at_most: Height | None) -> None:
        """Ask every attester; those ahead are asked again for the height that a quorum has reached."""
        words = await self._ask_all(at_least, at_most)
        if self._between(at_least, at_most) is not None or not words:
            return
        reached = self._quorum_height(words)
        if reached is not None:
            await self._ask_all(reached, reached)

    def _quorum_height(self, words: Sequence[Attestation]) -> Height | None:
        """The highest that members of a quorum's weight have all reached."""
        weights = {member.address: member.weight for member in self._client.committee.members}
        weight = 0
        for word in sorted(words, key=lambda word: word.header.height, reverse=True):
            weight += weights.pop(word.attester, 0)
            if weight >= self._client.committee.needed:
                return word.header.height
        return None

    async def _ask_all(self, at_least: Height, at_most: Height | None) -> list[Attestation]:
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._ask(url, at_least, at_most)) for url in self._attesters]
        return [word for task in asked if (word := task.result()) is not None]

    async def _ask(self, url: str, at_least: Height, at_most: Height | None) -> Attestation | None:
        query = {"at_least": str(at_least)} | ({} if at_most is None else {"at_most": str(at_most)})
        lane = f"{self._client.source}/{self._client.domain.destination}"
        try:
            async with (
                asyncio.timeout(PULL_DEADLINE),
                self._session.get(f"{url.rstrip('/')}/v1/attestations/{lane}", params=query) as response,
            ):
                if response.status != 200:
                    return None
                payload = await response.content.read(LONGEST + 1)
            self.take(payload)
            return attestation_from_json(payload)
        except (aiohttp.ClientError, OSError, TimeoutError, AttestationMalformed):
            self._counted("unreachable")
            return None


async def _set_within(event: asyncio.Event, seconds: Seconds) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
