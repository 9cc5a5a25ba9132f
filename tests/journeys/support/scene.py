"""A scene that a test sets itself: chains of any consensus, contracts deployed by the operator's command, a relayer."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import aiomqtt

from light_clients.bft.extra_data import Dialect, block_hash
from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain
from light_clients.committee.members import Committee, Member
from light_clients.evm.header import Header, header_from_json
from light_clients.types import Address, ChainId, Hash32, TrustedHeader
from relayer.config import load
from relayer.domain import topics
from relayer.domain.attestation import Attestation
from relayer.entrypoints.deployment.addresses import read_addresses
from relayer.entrypoints.deployment.plan import creation
from relayer.entrypoints.devnet.accounts import ALICE, DEPLOYER, FIRST_ATTESTER, RELAYER, account, secret
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.sending.travel import Place, Sent
from tests.adapters.support.anvil import an_anvil
from tests.adapters.support.committee import a_signature
from tests.beacon_chain.process import Beacon, a_beacon_chain
from tests.entrypoints.sealing_support import SealedChain, a_sealed_chain
from tests.entrypoints.support import ROOT, lockkeeper
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.people import Person
from tests.journeys.support.relayers import a_free_port
from tests.journeys.support.waiting import eventually

BLOCK_SECONDS = "0.5"
COMMITTEE = tuple(sorted(account(FIRST_ATTESTER + i).address for i in range(4)))
"""Stands behind chains that nobody seals. Nobody attests unless the test does."""


@dataclass(frozen=True, slots=True)
class Staged:
    """One chain of the scene."""

    name: str
    id: ChainId
    url: str
    sealed: SealedChain | None = None
    beacon: Beacon | None = None
    lies: bool = False
    """Whether its second beacon node shows another history."""

    @property
    def consensus(self) -> str:
        if self.beacon is not None:
            return "sync_committee"
        return "committee" if self.sealed is None else self.sealed.consensus

    def table(self, gateway: Address) -> str:
        """Its part of the relayer's configuration."""
        endpoints = [self.url, *([self.sealed.node.said["fork"]] if self.sealed else [])]
        hashing = f'hashing = "{self.consensus}"\n' if self.consensus in ("qbft", "ibft2") else ""
        depth = 'kind = "confirmations", depth = 3' if self.consensus == "clique" else 'kind = "latest"'
        return (
            f'[[chains]]\nid = {self.id}\nname = "{self.name}"\nendpoints = {_list(endpoints)}\n'
            f'gateway = "{gateway}"\nfinality = {{ {depth} }}\nblock_seconds = {BLOCK_SECONDS}\n{hashing}'
        )

    def client(self, address: Address) -> str:
        """The light client of it that stands there, in the relayer's configuration, as one line."""
        match self.consensus:
            case "committee":
                members = ", ".join(f'{{ address = "{member}" }}' for member in COMMITTEE)
                return f'{{ kind = "committee", address = "{address}", members = [{members}] }}'
            case "clique":
                assert self.sealed is not None
                signers = _list([str(signer) for signer in sorted(self.sealed.validators)])
                return f'{{ kind = "clique", address = "{address}", signers = {signers} }}'
            case "sync_committee":
                assert self.beacon is not None
                nodes = _list([self.beacon.url, *([self.beacon.contradicting] if self.lies else [])])
                return f'{{ kind = "sync_committee", address = "{address}", beacon = {nodes} }}'
            case kind:
                return f'{{ kind = "{kind}", address = "{address}" }}'


@dataclass
class Scene:
    """What has been set so far."""

    folder: Path
    stack: AsyncExitStack
    http: aiohttp.ClientSession
    chains: dict[str, Staged] = field(default_factory=dict)
    relayer: Process | None = None
    """The newest one."""
    relayers: list[Process] = field(default_factory=list)

    async def plain(self, name: str, id_: int) -> Staged:
        """A chain of one node, sealed by nobody."""
        anvil = await self.stack.enter_async_context(an_anvil(id_, "--block-time", BLOCK_SECONDS))
        return self._staged(Staged(name, ChainId(id_), anvil.http))

    async def sealed(
        self,
        name: str,
        id_: int,
        consensus: str,
        *,
        validators: int = 4,
        byzantine: int = 0,
        genesis: int | None = None,
        epoch: int = 30_000,
    ) -> Staged:
        """A chain sealed by validators, the first `genesis` of them from the beginning."""
        folder = self.folder / name
        folder.mkdir()
        running = a_sealed_chain(
            folder,
            consensus,
            validators=validators,
            byzantine=byzantine,
            genesis=genesis,
            epoch=epoch,
            options=("--block-seconds", BLOCK_SECONDS),
            chain=id_,
        )
        sealed = await self.stack.enter_async_context(running)
        return self._staged(Staged(name, ChainId(id_), sealed.url, sealed))

    async def beacon(self, name: str, id_: int, *options: str, age: int, lies: bool = False) -> Staged:
        """A chain whose blocks a beacon chain finalises; `age` slots of a second old."""
        running = await self.stack.enter_async_context(a_beacon_chain(age, *options, chain=id_))
        return self._staged(Staged(name, ChainId(id_), running.execution.http, beacon=running, lies=lies))

    def _staged(self, chain: Staged) -> Staged:
        self.chains[chain.name] = chain
        return chain

    async def deploy(self, *options: str) -> None:
        """`lockkeeper deploy`, each sealed chain from a header of its own on."""
        key = self.key("deployer", DEPLOYER)
        arguments = [f"--chain={each.name}={each.id}@{each.url}" for each in self.chains.values()]
        arguments += [f"--client={await _checkpoint(each)}" for each in self.chains.values() if each.sealed]
        for each in self.chains.values():
            if each.beacon is not None:
                preset = self.folder / f"{each.name}.toml"
                preset.write_text(await a_preset(each.name, each.beacon))
                root = (await each.beacon.get("/eth/v1/beacon/headers/finalized"))["data"]["root"]
                arguments += [f"--preset={each.name}={preset}"]
                arguments += [f"--client={each.name}=sync_committee:{root}@{each.beacon.url}"]
        arguments += [f"--member={member}" for member in COMMITTEE]
        arguments += ["--key", str(key), "--out", str(self.folder / "addresses"), *options]
        ended = await asyncio.to_thread(lockkeeper, "deploy", *arguments)
        assert ended.code == 0, ended.err

    def chain(self, name: str) -> LocalChain:
        staged = self.chains[name]
        place = Place(Node(staged.url, self.http), read_addresses(self.folder / "addresses" / f"{name}.json"))
        return LocalChain(name, staged.id, place)

    def light_client(self, source: str, destination: str) -> Address:
        return self.chain(destination).place.addresses.light_clients[self.chains[source].id]

    def direct(self, source: str, destination: str) -> str:
        """The client of a lane that looks at its source itself."""
        return self.chains[source].client(self.light_client(source, destination))

    async def attest(self, source: str, destination: str, client: Address, header: TrustedHeader) -> None:
        """Have three of the four attesters sign it, and say so on the relayer's own bus."""
        ids = self.chains[source].id, self.chains[destination].id
        committee = Committee(tuple(map(Member, COMMITTEE)))
        verified = CommitteeClient(ids[0], Domain(ids[1], client), 1, committee)
        keys = {account(FIRST_ATTESTER + i).address: secret(FIRST_ATTESTER + i) for i in range(4)}
        await eventually(self._bus_listens, "the relayer's bus listens")
        async with aiomqtt.Client("127.0.0.1", self.bus_port, protocol=aiomqtt.ProtocolVersion.V311) as bus:
            for attester in COMMITTEE[:3]:
                signature = a_signature(keys[attester], verified.attestation_digest(header))
                word = Attestation(header, ids[1], client, 1, attester, signature)
                await bus.publish(topics.attestation(ids[0], header.height), word.to_json(), qos=1)

    async def _bus_listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.bus_port)
        except OSError:
            return False
        writer.close()
        return True

    async def delivered(self, source: str, destination: str) -> int:
        """The newest message of the lane that was delivered."""
        there = self.chain(destination)
        _, nonce, _ = await there.ask(there.gateway, "Gateway", "inbound", self.chains[source].id)
        return int(nonce)

    async def header(self, name: str, height: int) -> TrustedHeader:
        """As the chain announces it."""
        block = await self.chain(name).node.rpc("eth_getBlockByNumber", hex(height), False)
        return header_from_json(block).trusted(self.chains[name].id, Hash32.from_hex(block["hash"]))

    async def relay(
        self,
        lanes: Mapping[tuple[str, str], str],
        *,
        broker: str = "none",
        name: str = "relayer",
        operator: int = RELAYER,
        rules: str = "",
    ) -> Process:
        """`lockkeeper run` over these lanes, each with its light client, and all with these tables of rules."""
        path = self.config(name)
        http, key = f"127.0.0.1:{a_free_port()}", self.key(name, operator)
        bus = f'broker = "{broker}"\nlisten = "127.0.0.1:{self.bus_port}"\n'
        store = f'[store]\nurl = "sqlite+aiosqlite:///{self.folder}/{name}.db"\n'
        text = f'[http]\nlisten = "{http}"\n{store}[bus]\n{bus}[keys.main]\nkind = "file"\npath = "{key}"\n'
        for staged in self.chains.values():
            text += staged.table(self.chain(staged.name).gateway)
        for (source, destination), client in lanes.items():
            ends = f"source = {self.chains[source].id}\ndestination = {self.chains[destination].id}\n"
            text += f"[[lanes]]\n{ends}light_client = {client}\n{rules}"
        path.write_text(text)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.relayer = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "relayer", "run", "--config", str(path), stdout=log, stderr=log, cwd=ROOT
            )
        self.relayers.append(self.relayer)
        return self.relayer

    def config(self, name: str = "relayer") -> Path:
        """Of a relayer that runs, or has run."""
        return self.folder / f"{name}.toml"

    @property
    def metrics(self) -> str:
        """Where the relayer serves them, without the path."""
        return f"http://{load(self.config()).http.listen}"

    @property
    def log(self) -> Path:
        return self.folder / "relayer.log"

    @property
    def bus_port(self) -> int:
        return 20_000 + self.chains[next(iter(self.chains))].id % 10_000

    def key(self, name: str, place: int) -> Path:
        """A key file of this account."""
        path = self.folder / f"{name}.key"
        path.touch(mode=0o600)
        path.write_text(secret(place).hex())
        return path


@asynccontextmanager
async def a_scene(folder: Path) -> AsyncIterator[Scene]:
    """Empty at first; everything that is put into it ends with it."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        scene = Scene(folder, stack, http)
        try:
            yield scene
        finally:
            for relayer in scene.relayers:
                await ended(relayer)


async def ended(relayer: Process) -> None:
    """Killed, as nothing prepares for: whatever it was doing stays as it is."""
    if relayer.returncode is None:
        relayer.kill()
        await relayer.wait()


async def a_preset(name: str, beacon: Beacon) -> str:
    """What the beacon node says of its chain, as an operator would write it down."""
    genesis = (await beacon.get("/eth/v1/beacon/genesis"))["data"]
    spec = (await beacon.get("/eth/v1/config/spec"))["data"]
    sources = ("block_seconds", "finality", "hashing", "gas", "forks", "light_client")
    return (
        f"""name = "{name}"
block_seconds = 1.0
finality = {{ kind = "finalized" }}
hashing = "ethereum"
gas = {{ model = "eip1559", block = 30000000 }}
forks = [{{ name = "prague", block = 0, fields = 21 }}]
[light_client]
kind = "sync_committee"
trusting_seconds = 864000
genesis_validators_root = "{genesis["genesis_validators_root"]}"
genesis_time = {genesis["genesis_time"]}
seconds_per_slot = {spec["SECONDS_PER_SLOT"]}
slots_per_epoch = {spec["SLOTS_PER_EPOCH"]}
epochs_per_period = {spec["EPOCHS_PER_SYNC_COMMITTEE_PERIOD"]}
committee_size = {spec["SYNC_COMMITTEE_SIZE"]}
forks = [{{ epoch = {spec["FULU_FORK_EPOCH"]}, version = "{spec["FULU_FORK_VERSION"]}", \
finality = 169, next_committee = 87, execution_block_hash = 812 }}]
[sources]
""".replace("\\\n", "")
        + "".join(f'{key} = "the local beacon chain"\n' for key in sources)
    )


async def _checkpoint(chain: Staged) -> str:
    """NAME=KIND:HEIGHT:HASH of a header that exists."""
    assert chain.sealed is not None
    height = 0 if chain.consensus == "clique" else 1
    await chain.sealed.reaches(height)
    header, announced = await chain.sealed.header(height)
    rule = Header.hash if chain.consensus == "clique" else lambda each: block_hash(each, Dialect(chain.consensus))
    assert rule(header) == announced
    return f"{chain.name}={chain.consensus}:{height}:{announced}"


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


async def a_message(scene: Scene, source: str, destination: str, words: bytes = b"ahoy") -> Sent:
    """From Alice to an inbox."""
    alice = Person(account(ALICE))
    inbox = await scene.chain(destination).create(creation("SampleInbox"), by=alice)
    return await alice.write(words, from_=scene.chain(source), to=inbox, on=scene.chain(destination))


async def frozen(scene: Scene, source: str, destination: str) -> bool:
    client = scene.light_client(source, destination)
    return bool(await scene.chain(destination).ask(client, "CommitteeLightClient", "frozen"))
