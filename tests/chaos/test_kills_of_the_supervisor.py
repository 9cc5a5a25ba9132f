"""The supervisor is killed; `up` takes over what it left, and `down` clears it away."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from tests.entrypoints.support import lockkeeper
from tests.journeys.support.bursts import a_burst
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.people import Person

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.timeout(180)]


async def test_up_after_a_killed_supervisor_relays_what_was_sent_meanwhile(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    burst = await a_burst(alice, harbour, island)
    devnet.kill("supervisor")
    devnet.kill("relayer")
    await burst.send(5)

    started = lockkeeper("devnet", "up", "--folder", str(devnet.folder.root))

    assert started.code == 0, started.err
    await burst.eventually_arrived()


async def test_down_after_a_killed_supervisor_leaves_no_process_and_up_finds_everything_again(
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    burst = await a_burst(alice, harbour, island)
    await burst.send(5)
    await burst.eventually_arrived()
    pids = [part["pid"] for part in devnet.command("devnet", "status")["parts"]]
    devnet.kill("supervisor")

    stopped = lockkeeper("devnet", "down", "--folder", str(devnet.folder.root))
    assert stopped.code == 0, stopped.err
    assert not any(map(_runs, pids))
    started = lockkeeper("devnet", "up", "--folder", str(devnet.folder.root))

    assert started.code == 0, started.err
    again = await a_burst(Person(alice.account), devnet.chain("harbour", http), devnet.chain("island", http))
    await again.send(5)
    await again.eventually_arrived()
    burst.source, burst.destination = again.source, again.destination
    await burst.eventually_arrived()


def _runs(pid: int) -> bool:
    return Path(f"/proc/{pid}/exe").exists()
