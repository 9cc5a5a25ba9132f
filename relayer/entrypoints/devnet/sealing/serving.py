"""The two processes of a sealed chain, put together: a validator, and the node."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from light_clients.evm.header import Header
from light_clients.types import Address, ChainId
from relayer.adapters.signers.local import LocalSigner
from relayer.entrypoints.devnet.sealing.consensus import Kind
from relayer.entrypoints.devnet.sealing.council import Council
from relayer.entrypoints.devnet.sealing.equivocation import Equivocator, Fork
from relayer.entrypoints.devnet.sealing.journal import Journal
from relayer.entrypoints.devnet.sealing.memory import Memory
from relayer.entrypoints.devnet.sealing.methods import Methods
from relayer.entrypoints.devnet.sealing.mined import MinedChain
from relayer.entrypoints.devnet.sealing.node import Node
from relayer.entrypoints.devnet.sealing.peers import Peers
from relayer.entrypoints.devnet.sealing.server import Method, Server
from relayer.entrypoints.devnet.sealing.subscriptions import Subscriptions
from relayer.entrypoints.devnet.sealing.translation import Translator
from relayer.entrypoints.devnet.sealing.validator import Validator, validator_app
from relayer.entrypoints.listening import listener

Announce = Callable[[Mapping[str, str]], None]

SHUTDOWN_SECONDS = 0.2


async def serve_validator(
    signer: LocalSigner,
    kind: Kind,
    memory: Path,
    listen: str,
    announce: Announce,
    *,
    chain: ChainId,
    consensus: str,
    byzantine: bool,
) -> None:
    """Seal until cancelled."""
    with closing(Memory(memory)) as kept:
        validator = Validator(signer, kind, kept, byzantine=byzantine)
        async with _serving(validator_app(validator, chain, consensus), listen) as url:
            announce({"url": url, "address": str(signer.address)})
            await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Settings:
    """Of a node."""

    kind: Kind
    anvil: str
    listen: str
    fork_listen: str | None
    validators: Sequence[str]
    """URLs."""
    genesis_validators: Sequence[Address]
    journal: Path
    block_seconds: float
    round_seconds: float


async def serve_node(settings: Settings, announce: Announce) -> None:
    """Seal and serve until cancelled."""
    async with AsyncExitStack() as stack:
        journal = stack.enter_context(closing(Journal(settings.journal)))
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        mined = MinedChain(settings.anvil, session)
        await mined.wait()
        chain = ChainId(int(await mined.call("eth_chainId"), 16))
        peers = Peers(settings.validators, session, chain, _Past(journal))
        council = Council(settings.kind, peers, group, round_seconds=settings.round_seconds, say=_say)
        node = Node(settings.kind, journal, mined, peers, council=council, say=_say)
        fork = Fork(journal, settings.journal.with_suffix(settings.journal.suffix + ".fork"))
        own = Methods(settings.kind, journal, node, peers, Equivocator(settings.kind, journal, fork, peers)).by_name()

        main = _endpoint(Translator(journal), node, mined, own, group, ready=True)
        other = _endpoint(Translator(fork), node, mined, own, group, ready=False)
        await node.begin(settings.genesis_validators)
        urls = {"url": await stack.enter_async_context(_serving(main.app(), settings.listen))}
        if settings.fork_listen:
            urls["fork"] = await stack.enter_async_context(_serving(other.app(), settings.fork_listen))
        announce(urls)
        node.set_interval(settings.block_seconds)
        await node.run()


def _endpoint(
    translator: Translator,
    node: Node,
    mined: MinedChain,
    own: Mapping[str, Method],
    group: asyncio.TaskGroup,
    *,
    ready: bool,
) -> Server:
    """One view of the chain; `ready`: have each new head's answer at hand."""
    subscriptions = Subscriptions(mined, translator)
    if ready:
        node.listen(translator.remember)
    node.listen(subscriptions.announce)
    group.create_task(subscriptions.run())
    return Server(mined, translator, subscriptions, own)


class _Past:
    """The journal, as validators catch up from it."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @property
    def head(self) -> int:
        return self._journal.head

    def header(self, number: int) -> Header:
        return self._journal.block(number).header


@asynccontextmanager
async def _serving(app: web.Application, listen: str) -> AsyncIterator[str]:
    """The URL of the application, while it is served."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        socket = listener(listen)
        host, port = socket.getsockname()[:2]
        await web.SockSite(runner, socket).start()
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def _say(words: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")
    sys.stderr.flush()
