"""Processes found again by pid and start time, so that a recycled pid is never mistaken for ours."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from relayer.entrypoints.devnet.folder import write_atomically

POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Process:
    """One process of one moment."""

    pid: int
    started: int
    """Clock ticks after boot, as the kernel says."""

    def alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        return _started(self.pid) == self.started

    def signal(self, number: signal.Signals) -> None:
        if self.alive():
            os.kill(self.pid, number)


def _started(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat[stat.rindex(")") + 2 :].split()
    return None if fields[0] in "ZX" else int(fields[19])


def process(pid: int) -> Process:
    return Process(pid, _started(pid) or 0)


def remember(path: Path, running: Process) -> None:
    write_atomically(path, json.dumps({"pid": running.pid, "started": running.started}) + "\n")


def recall(path: Path) -> Process | None:
    """The process of a pidfile, if it still runs."""
    try:
        found = json.loads(path.read_text())
        running = Process(found["pid"], found["started"])
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return running if running.alive() else None


def stop(processes: Iterable[Process], *, grace: float) -> None:
    """Ask all to end; end those that have not after the grace."""
    remaining = list(processes)
    for each in remaining:
        each.signal(signal.SIGTERM)
    deadline = time.monotonic() + grace
    while remaining and time.monotonic() < deadline:
        reap()
        remaining = [each for each in remaining if each.alive()]
        time.sleep(POLL_SECONDS)
    for each in remaining:
        each.signal(signal.SIGKILL)
    reap()


def reap() -> None:
    """Bury dead children, so that they count as dead."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return
