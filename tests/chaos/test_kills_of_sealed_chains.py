"""A devnet whose chains have validators: whatever is killed comes back, and every lane carries messages again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import aiohttp
import pytest

from relayer.domain.errors import Transient
from relayer.entrypoints.devnet.folder import CHAINS
from relayer.entrypoints.devnet.processes import Process
from relayer.entrypoints.sending.assets import send_message
from tests.entrypoints.support import lockkeeper
from tests.journeys.support.bursts import delivered_up_to, sent_up_to
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet, a_devnet
from tests.journeys.support.people import Person
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("chaos-mixed"), pytest.mark.timeout(180)]

GAS = 300_000
QBFT_VALIDATORS = tuple(f"harbour-validator-{place}" for place in (1, 2, 3, 4))
Question = Callable[[LocalChain, LocalChain], Awaitable[tuple[str, int]]]
NOISE = ("Traceback", "Invalid file descriptor", "never retrieved")


@pytest.fixture(scope="module")
def devnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devnet]:
    """Of its own: QBFT, Clique and a committee."""
    with a_devnet(tmp_path_factory.mktemp("chaos-mixed") / "devnet", "mixed") as running:
        yield running


@dataclass(frozen=True)
class Lanes:
    """Every lane of the devnet."""

    chains: Sequence[LocalChain]
    sender: Person

    async def send(self) -> None:
        """One message over each, mined whenever it is, unless a node that dies forgets it."""
        someone = Person(self.sender.account)  # counts from what the chains have, not from what was lost
        for source, destination in permutations(self.chains, 2):
            call = send_message(destination.id, someone.address, b"ahoy")
            await someone.wallet(source).send(source.gateway, call, gas=GAS)

    async def arrived(self, at_least: Sequence[int] = ()) -> None:
        """Every lane has delivered all that it was given, and each has come as far as this."""
        least = at_least or [0] * len(self.chains) * (len(self.chains) - 1)

        async def complete() -> bool:
            try:
                sent, delivered = await self._lanes(sent_up_to), await self._lanes(delivered_up_to)
            except Transient:
                return False  # a chain that was killed is on its way back
            far = all(nonce >= wanted for (_, nonce), wanted in zip(delivered, least, strict=True))
            return far and sent == delivered

        await eventually(complete, "arrival of every message")

    async def carry(self) -> None:
        """A message crosses every lane."""
        before = await eventually(self._sent, "answers of all chains") or []
        await self.send()
        await self.arrived([nonce + 1 for nonce in before])

    async def _sent(self) -> list[int] | None:
        try:
            return [nonce for _, nonce in await self._lanes(sent_up_to)]
        except Transient:
            return None

    async def _lanes(self, question: Question) -> list[tuple[str, int]]:
        return [await question(*lane) for lane in permutations(self.chains, 2)]


@pytest.fixture
def lanes(devnet: Devnet, http: aiohttp.ClientSession, alice: Person) -> Lanes:
    return lanes_of(devnet, http, alice)


def lanes_of(devnet: Devnet, http: aiohttp.ClientSession, sender: Person) -> Lanes:
    return Lanes([devnet.chain(name, http) for name in CHAINS], Person(sender.account))


def kill(devnet: Devnet, *parts: str) -> list[Process]:
    """All at one moment, and none of them comes back before the last is gone."""
    with devnet.frozen("supervisor"):
        return [devnet.kill(part) for part in parts]


async def replaced(devnet: Devnet, *parts: str) -> None:
    async def run() -> bool:
        return all(map(devnet.process, parts))

    await eventually(run, f"new {', '.join(parts)}")


KILLED = {
    "the nodes that serve sealed headers": ("harbour", "island"),
    "the nodes that execute": ("harbour-execution", "island-execution"),
    "validators until no quorum is left": (
        "harbour-validator-1",
        "harbour-validator-2",
        "island-validator-1",
        "island-validator-2",
    ),
    "a node, what executes and all validators": ("harbour", "harbour-execution", *QBFT_VALIDATORS),
}


@pytest.mark.parametrize("killed", KILLED.values(), ids=KILLED)
async def test_every_lane_carries_messages_again_after_a_kill_of(
    devnet: Devnet, lanes: Lanes, killed: Sequence[str]
) -> None:
    await lanes.send()

    kill(devnet, *killed)

    await replaced(devnet, *killed)
    await lanes.carry()


async def test_lanes_go_on_without_one_validator_of_each_chain(devnet: Devnet, lanes: Lanes) -> None:
    with devnet.without("harbour-validator-2", "island-validator-2"):
        await lanes.carry()


async def test_a_kill_of_everything_but_the_supervisor_leaves_the_past_as_it_was(devnet: Devnet, lanes: Lanes) -> None:
    parts = [part["name"] for part in devnet.command("devnet", "status")["parts"] if part["name"] != "supervisor"]
    before = [await _blocks(chain) for chain in lanes.chains[:2]]
    await lanes.send()

    kill(devnet, *parts)

    await replaced(devnet, *parts)
    await lanes.carry()
    assert all(part["alive"] for part in devnet.command("devnet", "status")["parts"])
    for chain, blocks in zip(lanes.chains[:2], before, strict=True):
        assert (await _blocks(chain))[: len(blocks)] == blocks


async def test_up_after_a_killed_supervisor_takes_over_every_part(devnet: Devnet, lanes: Lanes) -> None:
    before = {part["name"]: part["pid"] for part in devnet.command("devnet", "status")["parts"]}
    await lanes.send()
    devnet.kill("supervisor")

    started = lockkeeper("devnet", "up", "--folder", str(devnet.folder.root))

    assert started.code == 0, started.err
    after = {part["name"]: part["pid"] for part in devnet.command("devnet", "status")["parts"]}
    assert {name for name, pid in after.items() if pid != before[name]} == {"supervisor"}
    await lanes.arrived()


async def test_up_after_a_power_cut_goes_on_where_the_chains_stopped(
    devnet: Devnet, lanes: Lanes, http: aiohttp.ClientSession, alice: Person
) -> None:
    await lanes.carry()
    before = [await _blocks(chain) for chain in lanes.chains[:2]]
    devnet.kill("supervisor")
    for part in devnet.folder.read().ports:
        devnet.kill(part)
    devnet.kill("keeper")

    started = lockkeeper("devnet", "up", "--folder", str(devnet.folder.root))

    assert started.code == 0, started.err
    again = lanes_of(devnet, http, alice)
    await again.carry()
    for chain, blocks in zip(again.chains[:2], before, strict=True):
        assert (await _blocks(chain))[: len(blocks)] == blocks


async def test_up_after_down_goes_on_where_the_chains_stopped(
    devnet: Devnet, lanes: Lanes, http: aiohttp.ClientSession, alice: Person
) -> None:
    await lanes.carry()
    before = [await _blocks(chain) for chain in lanes.chains[:2]]
    stood = [chain.place.addresses for chain in lanes.chains]
    folder = str(devnet.folder.root)
    stopped = lockkeeper("devnet", "down", "--folder", folder)
    assert stopped.code == 0, stopped.err
    _no_noise(devnet)

    other = lockkeeper("devnet", "up", "--folder", folder, "--consensus", "qbft")
    started = lockkeeper("devnet", "up", "--folder", folder)

    assert (other.code, started.code) == (2, 0), other.err + started.err
    (told,) = other.err.splitlines()
    assert "of the profile 'mixed'; keep to it, or begin anew after `lockkeeper devnet down --wipe`" in told
    again = lanes_of(devnet, http, alice)
    await again.carry()
    assert [chain.place.addresses for chain in again.chains] == stood
    for chain, blocks in zip(again.chains[:2], before, strict=True):
        assert (await _blocks(chain))[: len(blocks)] == blocks


async def _blocks(chain: LocalChain) -> list[tuple[str, str]]:
    """Hash and state root of every block."""
    head = await chain.height()
    found = await chain.node.batch([("eth_getBlockByNumber", [hex(each), False]) for each in range(head + 1)])
    return [(block["hash"], block["stateRoot"]) for block in found]


def _no_noise(devnet: Devnet) -> None:
    logs = {path.name: path.read_text(errors="replace") for path in (devnet.folder.root / "logs").glob("*.log")}
    assert not [(name, word) for name, text in logs.items() for word in NOISE if word in text]
