"""A part of a devnet as a fork of its supervisor, which has imported everything already."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from relayer.entrypoints.devnet.processes import Process, process


def fork(log: Path, name: str, command: Sequence[str], inherited: Sequence[int]) -> Process:
    """Run `lockkeeper command` in a process of its own; `inherited` are descriptors it must not hold."""
    pid = os.fork()
    if pid:
        return process(pid)
    code = 1
    try:
        for descriptor in inherited:
            os.close(descriptor)
        detach(log)
        Path("/proc/self/comm").write_text(f"lk-{name}"[:15])
        code = _run(command)
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def detach(log: Path) -> None:
    """Leave the terminal: own session, log for output, signals as they come."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with log.open("ab", buffering=0) as output, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)


def _run(command: Sequence[str]) -> int:
    from relayer.entrypoints.cli import cli

    code: int | None = cli.main(args=list(command), prog_name="lockkeeper", standalone_mode=False)
    return code or 0
