"""Latency: from the source's block to the destination's, over lanes of a running devnet."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Never

import aiohttp

from relayer.entrypoints.deployment.plan import creation
from relayer.entrypoints.devnet.folder import CHAINS, Folder
from relayer.entrypoints.sending import assets
from relayer.entrypoints.sending.travel import Arrival, Place, Sent, arrival, sent_by
from tests.bench.devnet import Crowd, Payload, created, devnet, places
from tests.bench.figures import Figure

METHOD = (
    "latency  20 messages of 32 bytes at random moments over six lanes of three chains with 1 s blocks, after one on "
    "each lane that does not count; the source block with the message visible (newHeads) → the destination block that "
    "delivered it visible; reaction: → the delivering transaction pending at the destination"
)
METHOD_MIXED = (
    "         20 more each from a QBFT chain and from a Clique chain (four validators each) to one without consensus, "
    "where light clients verify their headers; a Clique header counts when three of the four have sealed on it"
)
SENDS = 20
SEED = 20_26
SEND_GAS = 200_000
SEALED = {"qbft": ("harbour", "lagoon"), "clique": ("island", "lagoon")}
"""Lanes of the mixed devnet by the consensus of their source; attesters vouch for the lagoon."""


@dataclass(frozen=True, slots=True)
class Trip:
    """When what became visible; seconds of one clock."""

    lane: tuple[str, str]
    source_block: float
    broadcast: float
    destination_block: float

    @property
    def latency(self) -> float:
        return self.destination_block - self.source_block

    @property
    def reaction(self) -> float:
        return self.broadcast - self.source_block


@dataclass(slots=True)
class Sightings:
    """When each block and each pending transaction of a chain was first seen."""

    blocks: dict[int, float] = field(default_factory=dict)
    pending: dict[str, float] = field(default_factory=dict)

    async def watch(
        self, url: str, wanted: Sequence[str], session: aiohttp.ClientSession, ready: asyncio.Event
    ) -> Never:
        async with session.ws_connect(url.replace("http", "ws", 1)) as socket:
            topics: dict[str, str] = {}
            for number, topic in enumerate(wanted, 1):
                await socket.send_json({"jsonrpc": "2.0", "id": number, "method": "eth_subscribe", "params": [topic]})
                topics[(await socket.receive_json())["result"]] = topic
            ready.set()
            async for message in socket:
                now = time.monotonic()
                said: dict[str, Any] = message.json()["params"]
                if topics[said["subscription"]] == "newHeads":
                    self.blocks.setdefault(int(said["result"]["number"], 16), now)
                else:
                    self.pending.setdefault(said["result"], now)
        raise ConnectionError(f"{url} hung up")


def measure() -> list[Figure]:
    """Over lanes whose headers a committee vouches for."""
    with devnet() as folder:
        trips = asyncio.run(travel(folder, list(permutations(CHAINS, 2)), SENDS))
    return _figures("latency.", trips)


def measure_mixed() -> list[Figure]:
    """Over lanes whose headers carry the seals of the source's own validators."""
    with devnet(consensus="mixed") as folder:
        trips = asyncio.run(travel(folder, list(SEALED.values()), SENDS * len(SEALED)))
    return [
        figure
        for name, lane in SEALED.items()
        for figure in _figures(f"latency.{name}_", [trip for trip in trips if trip.lane == lane])
    ]


def _figures(prefix: str, trips: Sequence[Trip]) -> list[Figure]:
    latencies = sorted(trip.latency for trip in trips)
    reactions = [trip.reaction for trip in trips]
    for trip in trips:
        print(f"latency  {'→'.join(trip.lane):17} reaction {trip.reaction:.3f} s, block to block {trip.latency:.3f} s")
    median = statistics.median(latencies)
    p95 = latencies[max(0, -(-95 * len(latencies) // 100) - 1)]
    return [
        Figure(f"{prefix}median_s", round(median, 3), "s", "block to block"),
        Figure(f"{prefix}p95_s", round(p95, 3), "s", "block to block"),
        Figure(f"{prefix}reaction_median_s", round(statistics.median(reactions), 3), "s", "source block to broadcast"),
        Figure(f"{prefix}reaction_max_s", round(max(reactions), 3), "s", "source block to broadcast"),
    ]


async def travel(folder: Folder, lanes: Sequence[tuple[str, str]], sends: int) -> list[Trip]:
    """That many messages, each over one of the lanes, evenly."""
    destinations = {destination for _, destination in lanes}
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        where = places(folder, session)
        sightings = {name: Sightings() for name in CHAINS}
        watching = []
        for name, place in where.items():
            ready = asyncio.Event()
            wanted = ("newHeads", "newPendingTransactions") if name in destinations else ("newHeads",)
            watching.append(group.create_task(sightings[name].watch(place.node.url, wanted, session, ready)))
            await ready.wait()
        crowds = {name: Crowd(place) for name, place in where.items()}
        inbox = creation("SampleInbox")
        for crowd in crowds.values():
            await crowd.settle([created(inbox)])
        for lane in lanes:
            await one_trip(lane, where, crowds, sightings)
        trips = await at_random_moments([lanes[i % len(lanes)] for i in range(sends)], where, crowds, sightings)
        for task in watching:
            task.cancel()
    return trips


async def at_random_moments(
    lanes: list[tuple[str, str]],
    where: Mapping[str, Place],
    crowds: Mapping[str, Crowd],
    sightings: Mapping[str, Sightings],
) -> list[Trip]:
    chance = random.Random(SEED)
    chance.shuffle(lanes)
    async with asyncio.TaskGroup() as group:
        travelling = []
        for lane in lanes:
            await asyncio.sleep(chance.uniform(0.5, 2.5))
            travelling.append(group.create_task(one_trip(lane, where, crowds, sightings)))
    return [task.result() for task in travelling]


async def one_trip(
    lane: tuple[str, str],
    where: Mapping[str, Place],
    crowds: Mapping[str, Crowd],
    sightings: Mapping[str, Sightings],
) -> Trip:
    source, destination = lane
    inbox = creation("SampleInbox").address
    data = assets.send_message(CHAINS[destination], inbox, random.Random(SEED).randbytes(32))
    (transaction,) = await crowds[source].send([Payload(where[source].addresses.gateway, data, SEND_GAS)])
    receipt = await where[source].node.receipt(transaction)
    (sent,) = sent_by(receipt, where[source])
    arrived: Arrival = await arrived_at(sent, where[destination])
    block = int(arrived.receipt["blockNumber"], 16)
    return Trip(
        lane,
        sightings[source].blocks[int(receipt["blockNumber"], 16)],
        sightings[destination].pending[arrived.transaction],
        sightings[destination].blocks[block],
    )


async def arrived_at(sent: Sent, place: Place) -> Arrival:
    return await arrival(sent, place, since=time.monotonic())
