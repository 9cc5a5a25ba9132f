"""The composition root: a configuration in, one task group out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

import aiohttp

from light_clients.types import Address, ChainId, Height
from relayer.adapters.attestation_server import attestation_routes
from relayer.adapters.clock import SystemClock
from relayer.adapters.evm import abi, codec
from relayer.adapters.evm.connect import OpenChain
from relayer.adapters.evm.consensus import EvmContract, EvmSealedHeaders, trust_of
from relayer.adapters.health import Progress, health_routes, serving
from relayer.adapters.metrics import Metrics
from relayer.adapters.mqtt.bus import MqttBus, Presence
from relayer.adapters.mqtt.embedded import embedded_broker
from relayer.adapters.mqtt.news import NewsListener, presence_payload
from relayer.adapters.mqtt.silent import SilentBus
from relayer.adapters.signers.environment import environment_signer
from relayer.adapters.signers.file import file_signer
from relayer.adapters.signers.keystore import keystore_signer
from relayer.adapters.store.database import database_path
from relayer.adapters.store.store import open_store
from relayer.adapters.telemetry import LogListener, set_up_logging
from relayer.config import Chain, Config, EnvironmentKey, FileKey, KeystoreKey
from relayer.domain import topics
from relayer.domain.attestation import Attestation
from relayer.domain.errors import Misconfigured, RelayerError, Transient
from relayer.domain.notices import Trust
from relayer.lane_headers import LaneHeaders
from relayer.opening import broker_of, host_and_port, lane_of, opened
from relayer.pipeline.attest import Attester, Duty
from relayer.pipeline.claim import Books
from relayer.pipeline.errands import Errands
from relayer.pipeline.purse import Purse
from relayer.pipeline.relay import ChainPorts, Formats, Memory, Relay
from relayer.ports import Signer, Transactions

AnyBus = MqttBus | SilentBus


async def relay(config: Config) -> None:
    """The relayer, until it is cancelled: it may be cancelled, or killed, at any moment."""
    if not config.lanes:
        raise Misconfigured("lanes", "there is nothing to relay", "name a lane with [[lanes]]")
    async with AsyncExitStack() as stack:
        common = _common(config)
        store = await stack.enter_async_context(open_store(config.store.url))
        if config.bus.broker == "embedded":
            await stack.enter_async_context(embedded_broker(*host_and_port(config.bus.listen)))
        bus = _bus(config, common, topics.relayer_status(config.relayer.id))
        chains = {
            chain.id: await stack.enter_async_context(opened(config, chain, common.clock, common.metrics))
            for chain in config.chains
        }
        signers = await _signers(config, {chain.key for chain in config.chains})
        paying = [chain for chain in config.chains if any(lane.destination == chain.id for lane in config.lanes)]
        await _all(each.check() for each in chains.values())
        await _all(_check_funds(chain, chains[chain.id], signers[chain.key]) for chain in paying)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        errands = {
            chain.id: Errands(chains[chain.id].transactions, signers[chain.key].address) for chain in config.chains
        }
        made = LaneHeaders(config, chains, errands, bus, session, common.clock, common.metrics)
        headers = {
            lane_of(config, lane): made.of(lane.source, lane.destination, lane.light_client) for lane in config.lanes
        }
        rules = {lane_of(config, lane): lane.rules() for lane in config.lanes}
        patience = {lane: each.profit.patience for lane, each in rules.items() if each.profit.factor}
        progress = Progress(common.clock, chains, config.http.stalled_after, patience)
        common.watch(config, progress)
        pipeline = Relay(
            chains={
                chain.id: _ports(chain, chains[chain.id], signers[chain.key], errands[chain.id], made)
                for chain in config.chains
            },
            lanes=headers,
            nested=made.nested,
            rules=rules,
            memory=Memory(store.journal, store.history, store.submissions),
            formats=Formats(abi, abi, codec),
            clock=common.clock,
            listeners=(common.log, common.metrics, progress, NewsListener(bus)),
        )
        await pipeline.engine.load()
        routes = health_routes(progress, common.metrics.text)
        await stack.enter_async_context(serving(routes, config.http.listen, "http.listen"))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        group.create_task(bus.run())
        group.create_task(pipeline.engine.run())
        supervise = pipeline.supervisor.supervise
        for name, worker in made.running:
            group.create_task(supervise(name, worker, ()))
        for employed in pipeline.workers():
            group.create_task(supervise(employed.name, employed.worker, employed.lanes))
        for chain in config.chains:
            purse = _purse(chain, chains[chain.id].transactions, signers[chain.key].address, common)
            group.create_task(supervise(f"balance {chain.id}", purse, ()))


async def attest(config: Config) -> None:
    """The attester, until it is cancelled."""
    if config.attest is None:
        raise Misconfigured("attest", "there is nothing to attest", "name a light client with [[attest.clients]]")
    async with AsyncExitStack() as stack:
        common = _common(config)
        store = await stack.enter_async_context(open_store(config.store.url))
        bus = _bus(config, common, status=None)
        signer = (await _signers(config, {config.attest.key}))[config.attest.key]
        sources = {client.source for client in config.attest.clients}
        chains = {
            id_: await stack.enter_async_context(opened(config, config.chain(id_), common.clock, common.metrics))
            for id_ in sources
        }
        await _all(each.check() for each in chains.values())
        progress = Progress(common.clock, sources, config.http.stalled_after)
        common.watch(config, progress)
        attesters = {
            (client.source, client.destination): Attester(
                Duty(client.source, client.destination, client.address, client.epoch),
                headers=chains[client.source].final_headers,
                signer=signer,
                vows=store.vows,
                bus=bus,
                clock=common.clock,
                observer=Attesting(common.log, common.metrics, progress),
            )
            for client in config.attest.clients
        }
        routes = [*attestation_routes(attesters), *health_routes(progress, common.metrics.text)]
        await stack.enter_async_context(serving(routes, config.attest.listen, "attest.listen"))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        group.create_task(bus.run())
        for attester in attesters.values():
            common.metrics.attests(attester.duty.source, attester.duty.destination)
            group.create_task(attester.run())


@dataclass(frozen=True, slots=True)
class Common:
    """What relayer and attester both have."""

    clock: SystemClock
    metrics: Metrics
    log: LogListener

    def watch(self, config: Config, progress: Progress) -> None:
        names = {chain.id: chain.name for chain in config.chains}
        self.metrics.watch(names, database_path(config.store.url), progress.stalled)

    def bus_connection(self, broker: str, trouble: str) -> None:
        self.log.bus_connection(trouble)
        self.metrics.bus_connection(broker, trouble)


@dataclass(frozen=True, slots=True)
class Attesting:
    """An attester's observers, told in one word."""

    log: LogListener
    metrics: Metrics
    progress: Progress

    def attested(self, attestation: Attestation) -> None:
        self.log.attested(attestation)
        self.metrics.attested(attestation)
        self.progress.head_moved(attestation.header.chain)

    def trouble(self, worker: str, error: RelayerError) -> None:
        self.log.trouble(worker, error)
        self.metrics.trouble(worker, error)


def _common(config: Config) -> Common:
    set_up_logging(config.log.level, config.log.format)
    clock = SystemClock()
    return Common(clock, Metrics(clock), LogListener())


def _bus(config: Config, common: Common, status: str | None) -> AnyBus:
    broker = broker_of(config)
    if broker is None:
        return SilentBus()
    presence = None
    if status is not None:
        presence = Presence(status, presence_payload("online"), presence_payload("offline"))
    return MqttBus(broker, presence, partial(common.bus_connection, f"{broker.host}:{broker.port}"))


async def _all(checks: Iterable[Coroutine[None, None, None]]) -> None:
    """Side by side; raises what one of them raises."""
    try:
        async with asyncio.TaskGroup() as group:
            for check in checks:
                group.create_task(check)
    except ExceptionGroup as troubles:
        raise troubles.exceptions[0] from None


async def _opened(
    stack: AsyncExitStack, config: Config, chains: Iterable[Chain], common: Common
) -> dict[ChainId, OpenChain]:
    opening = {chain.id: opened(config, chain, common.clock, common.metrics) for chain in chains}
    return {id_: await stack.enter_async_context(each) for id_, each in opening.items()}


async def _signers(config: Config, names: Iterable[str]) -> dict[str, Signer]:
    signers: dict[str, Signer] = {}
    for name in names:
        match config.keys[name]:
            case KeystoreKey(path=path, password_file=password_file):
                signers[name] = await keystore_signer(path, password_file, f"keys.{name}")
            case EnvironmentKey(variable=variable):
                signers[name] = environment_signer(variable, f"keys.{name}", os.environ)
            case FileKey(path=path):
                signers[name] = file_signer(path, f"keys.{name}")
    return signers


async def _check_funds(chain: Chain, opened: OpenChain, signer: Signer) -> None:
    """An empty account delivers nothing: better said at the start. A chain that is away may be asked later."""
    try:
        balance = await opened.transactions.balance(signer.address)
    except Transient:
        return
    if balance == 0:
        wrong = f"its account {signer.address} has no funds on {chain.name} (chain {chain.id})"
        raise Misconfigured(f"keys.{chain.key}", wrong, "send it some of the chain's currency")


def _ports(chain: Chain, opened: OpenChain, signer: Signer, errands: Errands, made: LaneHeaders) -> ChainPorts:
    async def is_frozen(client: Address) -> bool:
        return any(await EvmContract(opened.pool, client).view("frozen()"))

    async def trust(client: Address) -> Trust:
        return await trust_of(EvmContract(opened.pool, client), expires=(chain.id, client) in made.expiring)

    start = Height(chain.start_block)
    books = Books(EvmContract(opened.pool, chain.gateway), EvmSealedHeaders(opened.pool))
    transactions = opened.transactions
    return ChainPorts(opened.chain, transactions, signer, errands, is_frozen, start, chain.proofs, books, trust)


def _purse(chain: Chain, transactions: Transactions, account: Address, common: Common) -> Purse:
    told = partial(common.metrics.balance, chain.id, str(account))
    return Purse(account, transactions, common.clock, told)
