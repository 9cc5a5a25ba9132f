"""Agreement on the next header: rounds of proposing and sealing, until one has the seals that it needs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from light_clients.evm.header import Header
from light_clients.types import Address
from relayer.entrypoints.devnet.sealing.consensus import Consensus, Kind
from relayer.entrypoints.devnet.sealing.peers import Peers, Refused

LONGEST_ROUND = 4.0
LOOK_SECONDS = 2.0


class Council:
    """Asks the validators; an unreachable proposer loses its round at once, a silent one after `round_seconds`."""

    def __init__(
        self,
        kind: Kind,
        peers: Peers,
        group: asyncio.TaskGroup,
        *,
        round_seconds: float,
        say: Callable[[str], None],
    ) -> None:
        self._kind = kind
        self._peers = peers
        self._group = group
        self._look_again = 0.0
        self._round_seconds = round_seconds
        self._say = say

    async def seal(self, consensus: Consensus, parent: Header, template: Header) -> tuple[Header, Consensus]:
        """The sealed header of the next block, and the consensus after it; takes as many rounds as it takes."""
        template = replace(template, parent_hash=consensus.hash)
        round_ = 0
        while True:
            deadline = asyncio.get_running_loop().time() + min(self._round_seconds * (1 + round_ // 8), LONGEST_ROUND)
            try:
                async with asyncio.timeout_at(deadline):
                    header = await self._round(consensus, parent, template, round_)
                return header, consensus.after(header)
            except (Refused, TimeoutError) as trouble:
                self._say(f"block {template.number}, round {round_}: {str(trouble) or 'no answer in time'}")
            round_ += 1
            if round_ % len(consensus.validators) == 0:  # everybody had a turn: do not spin
                await asyncio.sleep(deadline - asyncio.get_running_loop().time())

    async def _round(self, consensus: Consensus, parent: Header, template: Header, round_: int) -> Header:
        proposer = consensus.turn(round_)
        await self._find(consensus, proposer)
        proposal, seal = await self._peers.propose(proposer, parent, template, round_)
        seals = {proposer: seal}
        if consensus.needed > 1:
            await self._collect(consensus, parent, proposal, seals)
        return self._kind.assemble(proposal, seals)

    async def _find(self, consensus: Consensus, proposer: Address) -> None:
        """Look for validators that have not shown themselves yet; only a missing proposer is waited for."""
        now = asyncio.get_running_loop().time()
        if proposer not in self._peers.known:
            await self._peers.identify()
        elif now > self._look_again and any(each not in self._peers.known for each in consensus.validators):
            self._look_again = now + LOOK_SECONDS
            self._group.create_task(self._peers.identify())

    async def _collect(
        self, consensus: Consensus, parent: Header, proposal: Header, seals: dict[Address, bytes]
    ) -> None:
        """Ask all others at once; enough is enough, and whoever is late is not waited for."""
        others = [each for each in consensus.validators if each not in seals]
        answers: asyncio.Queue[tuple[Address, bytes | Refused]] = asyncio.Queue(len(others))
        for each in others:
            self._group.create_task(self._ask(each, parent, proposal, answers))
        refusals: list[str] = []
        for _ in others:
            who, answer = await answers.get()
            if isinstance(answer, Refused):
                refusals.append(str(answer))
            else:
                seals[who] = answer
            if len(seals) >= consensus.needed:
                return
        raise Refused(f"{len(seals)} seals of {consensus.needed}: {'; '.join(refusals)}")

    async def _ask(
        self, who: Address, parent: Header, proposal: Header, answers: asyncio.Queue[tuple[Address, bytes | Refused]]
    ) -> None:
        try:
            async with asyncio.timeout(LONGEST_ROUND):
                answers.put_nowait((who, await self._peers.seal(who, parent, proposal)))
        except Refused as refusal:
            answers.put_nowait((who, refusal))
        except TimeoutError:
            answers.put_nowait((who, Refused(f"{who}: no answer in time")))
