"""How fast the light clients verify, on one core: bytes in, trusted header out."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any, Protocol, Self

from light_clients.sync_committee.client import SyncCommitteeClient
from tests.bench.figures import Figure
from tests.vectors import beacon_world
from tests.vectors.beacon_world import MAINNET
from tests.vectors.bft_chain import ANCHOR, START, a_scene

METHOD = (
    "python   CPU seconds of one thread, so that other load counts little; updates that differ, each verified after "
    "the one before; QBFT: Prague headers, 3 seals of 4 validators; sync committee: 512 keys decoded before, 507 "
    "signed; median of 5 runs"
)
RUNS = 5
HEADERS = 1_000
UPDATES = 200
MISSING = (17, 77, 300, 411, 500)
"""About as few as on Ethereum."""


class Client(Protocol):
    """Any light client."""

    def advance(self, update: bytes, now: int) -> tuple[Self, Any]: ...


def measure() -> list[Figure]:
    return [
        Figure("python.sync_updates_per_s", _median(sync_updates_per_s), "/s", "one core, 507 of 512"),
        Figure("python.qbft_headers_per_s", _median(qbft_headers_per_s), "/s", "one core, 3 of 4"),
    ]


def qbft_headers_per_s() -> float:
    """Headers of four validators, of whom three have sealed."""
    scene = a_scene()
    steps = [scene.step(range(3), scene.header(ANCHOR + 1 + number)) for number in range(HEADERS)]
    return _rate(scene.client, steps, START + 2 * HEADERS)


def sync_updates_per_s() -> float:
    """Finality updates of a committee of 512, without handovers."""
    first = (MAINNET.forks[-1].epoch + 64) * MAINNET.slots_per_epoch
    who = [index for index in range(MAINNET.committee_size) if index not in MISSING]
    scenes = [
        beacon_world.Scene(MAINNET, slot, slot + 66, slot + 67, who=who) for slot in range(first, first + UPDATES)
    ]
    client: SyncCommitteeClient = scenes[0].client
    return _rate(client, [scene.update.encode() for scene in scenes], scenes[-1].now)


def _rate(client: Client, updates: Sequence[bytes], now: int) -> float:
    began = process_time()
    for update in updates:
        client, _ = client.advance(update, now)
    return len(updates) / (process_time() - began)


def _median(measured: Callable[[], float]) -> int:
    runs = [measured() for _ in range(RUNS)]
    print(f"python   {measured.__name__}: {', '.join(f'{run:,.0f}' for run in runs)}")
    return round(statistics.median(runs))
