"""One token's way: home to the island, by way of home to the lagoon, and home again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from relayer.entrypoints.demo.checks import Check, final_checks, heron_is_described
from relayer.entrypoints.demo.people import AWAY, FAR, HOME, World, world
from relayer.entrypoints.demo.tokens import Token, tokens
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.sending.travel import Arrival, Sent, arrival, sent_by

ROUTE = ((HOME, AWAY), (AWAY, HOME), (HOME, FAR), (FAR, HOME))
"""Every hop. The third is sent by the home gateway: what leaves the island for the lagoon goes by way of home."""


@dataclass(slots=True)
class Hop:
    """One crossing of one token, as far as it has come."""

    standard: str
    source: str
    destination: str
    state: str = "waiting"
    source_transaction: str = ""
    arrived: Arrival | None = None


@dataclass(slots=True)
class Journey:
    """Everything that happens; `changed` is told of each step."""

    hops: list[Hop] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    changed: Callable[[Hop], None] = lambda _: None

    @property
    def passed(self) -> bool:
        complete = all(hop.arrived for hop in self.hops)
        return complete and bool(self.checks) and all(check.passed for check in self.checks)


async def travel(folder: Folder, journey: Journey) -> None:
    """Send all three tokens around at once, then check."""
    kinds = tokens(time.time_ns())
    routes = {kind.standard: [Hop(kind.standard, *step) for step in ROUTE] for kind in kinds}
    journey.hops.extend(hop for route in routes.values() for hop in route)
    async with aiohttp.ClientSession() as session:
        there = world(folder, session)
        async with asyncio.TaskGroup() as group:
            for kind in kinds:
                group.create_task(_around(kind, there, journey, routes[kind.standard]))
        for kind in kinds:
            journey.checks += await final_checks(kind, there)


async def _around(token: Token, world: World, journey: Journey, route: list[Hop]) -> None:
    out, back, on, home = route
    await _cross(token, world, journey, out, await token.mint_and_send(world))
    if token.standard == "ERC-721":
        journey.checks.append(await heron_is_described(token, world))
    first = await _cross(token, world, journey, back, await token.send_on(world, AWAY, FAR))
    await _cross(token, world, journey, on, first.transaction)
    await _cross(token, world, journey, home, await token.send_on(world, FAR, HOME))


async def _cross(token: Token, world: World, journey: Journey, hop: Hop, transaction: str) -> Arrival:
    """Follow one hop from its source transaction to its delivery."""
    hop.source_transaction, hop.state = transaction, "sent"
    journey.changed(hop)
    source = world.places[hop.source]
    receipt = await world.wallets[hop.source].settled(transaction)
    mined = time.monotonic()
    hop.state = "mined"
    journey.changed(hop)
    sent = _of(token, sent_by(receipt, source), world, hop)
    hop.arrived = await arrival(sent, world.places[hop.destination], since=mined)
    hop.state = "delivered"
    journey.changed(hop)
    return hop.arrived


def _of(token: Token, sent: list[Sent], world: World, hop: Hop) -> Sent:
    """What carries this token among all that one transaction sent: the last message that names its home.

    The first transfer to a chain is preceded by a description.
    """
    destination = world.id(hop.destination)
    *_, carrying = (each for each in sent if each.destination == destination and bytes(token.address) in each.payload)
    return carrying
