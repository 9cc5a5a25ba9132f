"""Starts every part of a devnet, and starts again whatever dies."""

from __future__ import annotations

import fcntl
import importlib
import os
import signal
import socket
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import FrameType

from relayer.domain.errors import Misconfigured, RelayerError, Transient
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.devnet.configs import Configs, write_keys
from relayer.entrypoints.devnet.consensus import makeup
from relayer.entrypoints.devnet.folder import CHAINS, Description, Folder
from relayer.entrypoints.devnet.fork import fork
from relayer.entrypoints.devnet.parts import command_of
from relayer.entrypoints.devnet.processes import Process, process, reap, recall, remember, stop
from relayer.entrypoints.loading import loading

POLL_SECONDS = 0.05
GRACE_SECONDS = 8.0
QUIET_SECONDS = 5.0
"""A part that lived this long is started again at once; one that did not, after a pause."""
PAUSE_SECONDS = 1.0
DEPLOY_SECONDS = 60.0
PRELOADED = "relayer.entrypoints.daemons"
"""Imported once here, so that no daemon has to: each is a fork of the supervisor."""


@dataclass(slots=True)
class Part:
    """One process of the devnet."""

    name: str
    start: Callable[[], Process]
    running: Process | None = None
    started_at: float = field(default=0.0)
    not_before: float = field(default=0.0)


def chain_of(name: str, port: int) -> Chain:
    return Chain(CHAINS[name], name, f"http://127.0.0.1:{port}")


@contextmanager
def lock(folder: Folder) -> Iterator[int]:
    """At most one supervisor a folder; the kernel lets go when it dies."""
    folder.make()
    descriptor = os.open(folder.lock, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Misconfigured(
            "devnet", f"one is running in {folder.root} already", "use it, or stop it with `lockkeeper devnet down`"
        ) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class Supervisor:
    """Holds the folder's lock for as long as it lives."""

    def __init__(
        self, folder: Folder, *, api_port: int = 0, without: Collection[str] = (), consensus: str | None = None
    ) -> None:
        self._folder = folder
        self._consensus = consensus
        self._api_port = api_port
        self._without = without
        self._ports: dict[str, int] = {}
        self._parts: list[Part] = []
        self._stopping = False
        self._ready = False
        self._inherited: tuple[int, ...] = ()

    def run(self, announce: Callable[[Description], None], inherited: tuple[int, ...] = ()) -> None:
        """Bring everything up, say so, and keep it up until told to stop.

        `inherited` are file descriptors that no part may keep open.
        """
        with ExitStack() as stack:
            held = stack.enter_context(lock(self._folder))
            self._inherited = (held, *inherited)
            self._made = makeup(self._folder, self._consensus)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
            remember(self._folder.pid("supervisor"), process(os.getpid()))
            stack.callback(self._down)
            self._up(announce)
            self._ready = True
            self._inherited = (held,)  # who was told has closed the others
            while not self._stopping:
                self._look_after()
                time.sleep(POLL_SECONDS)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _up(self, announce: Callable[[Description], None]) -> None:
        self._choose_ports()
        write_keys(self._folder, self._made)
        for name in CHAINS:
            part = self._made.execution(name)
            self._parts.append(Part(part, self._starter(name, part), *self._adopted_chain(part)))
        self._look_after()
        description = Description(tuple(chain_of(name, self._ports[name]) for name in CHAINS), self._ports)
        self._folder.describe(description)
        self._deploy()
        Configs(self._folder, self._made, description.chains, self._ports).write()
        for name in CHAINS:
            self._keep_first(name)
            self._set_going(name)
        for name in (*self._forked, "keeper"):
            if name in self._without:
                continue
            adopted = recall(self._folder.pid(name))
            if adopted:
                adopted.signal(signal.SIGCONT)  # the last supervisor may have died while all was quiet
            self._parts.append(Part(name, self._forker(name), adopted, time.monotonic()))
        self._look_after()
        ready = Description(description.chains, self._ports, ready=True)
        self._folder.describe(ready)
        announce(ready)

    @property
    def _forked(self) -> tuple[str, ...]:
        """The parts that listen and are forks of this process, in the order of their start."""
        sealed = [name for name in CHAINS if self._made.of(name).sealed]
        validators = [validator for name in sealed for validator in self._made.validators(name)]
        return (*validators, *sealed, "broker", *self._made.attesters, "relayer", "api")

    def _set_going(self, chain: str) -> None:
        """Have the chain mine by itself, unless its sealing node tells it when to."""
        port = self._ports[self._made.execution(chain)]
        if self._made.of(chain).sealed:
            anvil.await_orders(port)
        else:
            anvil.start_mining(port)

    def _keep_first(self, chain: str) -> None:
        """Before a new chain goes on: one that dies before the keeper has seen it could not be begun again."""
        if not self._folder.snapshot(chain).exists():
            anvil.save(self._folder, chain, self._ports[self._made.execution(chain)])

    def _choose_ports(self) -> None:
        """Keep the ports of what still runs; let the system choose the others."""
        known = self._folder.read().ports if self._folder.description.exists() else {}
        self._ports = {name: port for name, port in known.items() if recall(self._folder.pid(name))}
        with ExitStack() as stack:
            for name in self._forked:
                if name not in self._ports:
                    listener = stack.enter_context(socket.socket())
                    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    _bind(listener, self._api_port if name == "api" else 0)
                    self._ports[name] = listener.getsockname()[1]

    def _adopted_chain(self, name: str) -> tuple[Process | None, float]:
        """A chain that outlived its supervisor, unless it was killed half-way through a start."""
        running = recall(self._folder.pid(name))
        if running is None or anvil.mines(self._ports[name]):
            return running, time.monotonic()
        stop([running], grace=0)
        return None, 0.0

    def _look_after(self) -> None:
        reap()
        now = time.monotonic()
        for part in self._parts:
            if self._stopping or (part.running and part.running.alive()) or now < part.not_before:
                continue
            if part.running:
                self._say(f"{part.name} (pid {part.running.pid}) ended")
            part.not_before = now + (0 if now - part.started_at > QUIET_SECONDS else PAUSE_SECONDS)
            part.started_at = now
            try:
                part.running = part.start()
            except (Transient, Misconfigured) as trouble:
                self._say(f"{part.name} did not start: {trouble}")
                if not self._ready:
                    raise
                continue
            remember(self._folder.pid(part.name), part.running)
            self._say(f"{part.name} started, pid {part.running.pid}")

    def _starter(self, chain: str, part: str) -> Callable[[], Process]:
        def start() -> Process:
            self._pause_keeper()
            known = self._ports.get(part, 0)
            with self._quiet():
                running, port = anvil.start_anvil(
                    self._folder, part, CHAINS[chain], known, self._made.execution_options(chain)
                )
                remember(self._folder.pid(part), running)
                try:
                    anvil.check_chain(port, chain, CHAINS[chain])
                    anvil.restore(self._folder, chain, port)
                    self._ports[part] = port
                    if known:
                        self._set_going(chain)
                except RelayerError:
                    stop([running], grace=0)  # or it would keep the port from the next attempt
                    raise
            return running

        return start

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Nobody sends a transaction to a chain that has yet to be given its past, or attests half of it."""
        daemons = [part.running for part in self._parts if part.running and part.name not in self._made.executions]
        for daemon in daemons:
            daemon.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for daemon in daemons:
                daemon.signal(signal.SIGCONT)

    def _pause_keeper(self) -> None:
        """The keeper must not take a chain half-way through its restoration for the chain."""
        if keeper := recall(self._folder.pid("keeper")):
            stop([keeper], grace=0)

    def _forker(self, name: str) -> Callable[[], Process]:
        return lambda: self._fork(name)

    def _fork(self, name: str) -> Process:
        return fork(
            self._folder.log(name), name, command_of(name, self._folder, self._made, self._ports), self._inherited
        )

    def _deploy(self) -> None:
        """Have the contracts deployed while everything that the daemons need is imported."""
        for path in self._folder.addresses.glob("*.json"):
            path.unlink()
        deployer = self._fork("deploy")
        with loading():
            importlib.import_module(PRELOADED)
        deadline = time.monotonic() + DEPLOY_SECONDS
        while deployer.alive() and not self._stopping and time.monotonic() < deadline:
            reap()
            time.sleep(POLL_SECONDS / 2)
        if not all((self._folder.addresses / f"{name}.json").exists() for name in CHAINS):
            raise Transient(f"the contracts could not be deployed: {last_line(self._folder, 'deploy')}")

    def _down(self) -> None:
        executions = self._made.executions
        stop(
            [part.running for part in self._parts if part.running and part.name not in executions], grace=GRACE_SECONDS
        )
        living = {part.name: part.running for part in self._parts if part.running and part.running.alive()}
        for chain, part in zip(CHAINS, executions, strict=True):
            if part in living:
                anvil.save(self._folder, chain, self._ports[part])
        stop([living[part] for part in executions if part in living], grace=GRACE_SECONDS)
        for path in (self._folder.root / "pids").glob("*.json"):
            path.unlink()
        self._folder.description.unlink(missing_ok=True)
        self._say("everything stopped")

    def _say(self, line: str) -> None:
        print(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {line}", flush=True)


def _bind(listener: socket.socket, port: int) -> None:
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        raise Misconfigured("--api-port", f"port {port} is taken", "free it, or choose another") from None


def last_line(folder: Folder, part: str) -> str:
    path = folder.log(part)
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1] if lines else "it left no log"
