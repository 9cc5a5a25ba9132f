"""A devnet of real processes, and the harm that tests do to them."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from relayer.entrypoints.devnet.folder import Description, Folder
from relayer.entrypoints.devnet.processes import Process, recall
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.sending.travel import Place
from tests.entrypoints.support import lockkeeper
from tests.journeys.support.chain import LocalChain

START_SECONDS = 90.0
RESTART_SECONDS = 60.0
POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Devnet:
    """Three chains with whoever vouches for them, a relayer, an API and a broker, each a process of its own."""

    folder: Folder

    @property
    def description(self) -> Description:
        return self.folder.read()

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.description.ports['api']}"

    @property
    def relayer(self) -> str:
        return f"http://127.0.0.1:{self.description.ports['relayer']}"

    def chain(self, name: str, http: aiohttp.ClientSession) -> LocalChain:
        found = next(chain for chain in self.description.chains if chain.name == name)
        return LocalChain(name, found.id, Place(Node(found.url, http), self.folder.deployed(name)))

    def port(self, part: str) -> int:
        return self.description.ports[part]

    def command(self, *arguments: str) -> Any:
        """What `lockkeeper … --json` answers."""
        ended = lockkeeper(*arguments, "--folder", str(self.folder.root), "--json")
        assert ended.code == 0, ended.err
        return ended.json

    def process(self, part: str) -> Process | None:
        return recall(self.folder.pid(part))

    def kill(self, part: str) -> Process:
        """SIGKILL: no farewell, no clean-up."""
        running = self._running(part)
        running.signal(signal.SIGKILL)
        while running.alive():
            time.sleep(POLL_SECONDS)
        return running

    @contextmanager
    def without(self, *parts: str) -> Iterator[None]:
        """These parts are killed, and nobody starts them again before the end."""
        with self.frozen("supervisor"):
            for part in parts:
                self.kill(part)
            yield
        deadline = time.monotonic() + RESTART_SECONDS
        while not all(map(self.process, parts)):
            assert time.monotonic() < deadline, f"{parts} were not started again"
            time.sleep(POLL_SECONDS)

    @contextmanager
    def frozen(self, part: str) -> Iterator[None]:
        """The process is there, and does nothing."""
        running = self._running(part)
        running.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            running.signal(signal.SIGCONT)

    def _running(self, part: str) -> Process:
        running = self.process(part)
        assert running is not None, f"{part} does not run"
        return running


@contextmanager
def a_devnet(root: Path, consensus: str = "committee") -> Iterator[Devnet]:
    """Up while the context lasts; its chains agree on their blocks as `consensus` says."""
    folder = Folder(root)
    with ExitStack() as stack:
        stack.callback(lockkeeper, "devnet", "down", "--folder", str(root))
        started = lockkeeper("devnet", "up", "--folder", str(root), "--consensus", consensus, timeout=START_SECONDS)
        assert started.code == 0, started.err
        yield Devnet(folder)
