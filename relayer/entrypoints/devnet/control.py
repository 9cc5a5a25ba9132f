"""A devnet seen from outside: start it, stop it whatever is left of it, and look at its parts."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from relayer.domain.errors import Misconfigured, RelayerError, Transient
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.devnet.consensus import makeup
from relayer.entrypoints.devnet.folder import CHAINS, Description, Folder
from relayer.entrypoints.devnet.fork import detach
from relayer.entrypoints.devnet.processes import Process, recall, stop
from relayer.entrypoints.devnet.supervisor import GRACE_SECONDS, Supervisor, lock

STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One part as it is now."""

    name: str
    pid: int | None
    port: int | None
    head: int | None = None


def up(
    folder: Folder, *, api_port: int = 0, without: Collection[str] = (), consensus: str | None = None
) -> Description:
    """Start a devnet, but for the parts left out, in the background and wait until it is ready."""
    anvil.find_anvil()
    with lock(folder):
        pass
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        _supervise(Supervisor(folder, api_port=api_port, without=without, consensus=consensus), folder, writing)
    os.close(writing)
    with os.fdopen(reading) as announcements:
        line = announcements.readline()
    if not line:
        raise Transient(f"the supervisor ended; see {folder.log('supervisor')}")
    said = json.loads(line)
    if "wrong" in said:
        raise Misconfigured(said["key"], said["wrong"], said["mend"])
    if "failed" in said:
        raise Transient(said["failed"])
    return Description.from_json(said)


def begin_anew_unless(folder: Folder, consensus: str | None, say: Callable[[str], None]) -> None:
    """Wipe a stopped devnet of another consensus than is wanted: for a demo, whose chains are worth nothing."""
    if consensus is None or not folder.makeup.exists() or running(folder):
        return
    if (found := makeup(folder)).profile != consensus:
        say(f"The chains in {folder.root} were {found.profile}: they make room for new ones.")
        shutil.rmtree(folder.root)


def _supervise(supervisor: Supervisor, folder: Folder, writing: int) -> None:
    """The background process; says on the pipe what came of it."""
    code = 1
    try:
        detach(folder.log("supervisor"))
        with os.fdopen(writing, "w") as pipe:

            def announce(said: Description) -> None:
                pipe.write(json.dumps(said.to_json()) + "\n")
                pipe.close()

            try:
                supervisor.run(announce, inherited=(writing,))
                code = 0
            except Misconfigured as trouble:
                pipe.write(json.dumps({"key": trouble.key, "wrong": trouble.wrong, "mend": trouble.mend}) + "\n")
            except RelayerError as trouble:
                pipe.write(json.dumps({"failed": str(trouble)}) + "\n")
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(code)


def down(folder: Folder, *, wipe: bool = False) -> list[str]:
    """Stop every part, also those whose supervisor was killed; the names of what was running."""
    parts = running(folder)
    if supervisor := parts.get("supervisor"):
        stop([supervisor], grace=STOP_SECONDS)
    left = {name: part for name, part in parts.items() if part.alive()}
    _save_chains(folder, left)
    executions = makeup(folder).executions if folder.makeup.exists() else ()
    stop([part for name, part in left.items() if name not in executions], grace=GRACE_SECONDS)
    stop(left.values(), grace=GRACE_SECONDS)
    folder.description.unlink(missing_ok=True)
    if wipe:
        shutil.rmtree(folder.root, ignore_errors=True)
    return list(parts)


def _save_chains(folder: Folder, left: dict[str, Process]) -> None:
    ports = folder.read().ports if folder.description.exists() else {}
    for name in CHAINS if folder.makeup.exists() else ():
        part = makeup(folder).execution(name)
        if part in left and part in ports:
            with contextlib.suppress(Transient):  # a chain that does not answer has its journal
                anvil.save(folder, name, ports[part])


def is_up(folder: Folder) -> bool:
    """Whether a supervisor runs and has everything started."""
    return recall(folder.pid("supervisor")) is not None and folder.description.exists() and folder.read().ready


def running(folder: Folder) -> dict[str, Process]:
    found = {path.stem: recall(path) for path in sorted((folder.root / "pids").glob("*.json"))}
    return {name: part for name, part in found.items() if part is not None}


def status(folder: Folder) -> list[PartStatus]:
    """Every part that should run, with its pid while it does."""
    ports = folder.read().ports
    alive = running(folder)
    parts: list[PartStatus] = []
    for name in ("supervisor", *ports, "keeper"):
        part = alive.get(name)
        head = _head(ports[name]) if part and name in CHAINS else None
        parts.append(PartStatus(name, part.pid if part else None, ports.get(name), head))
    return parts


def _head(port: int) -> int | None:
    try:
        answer: str = anvil.rpc(port, "eth_blockNumber")
    except Transient:
        return None
    return int(answer, 16)


def as_json(parts: Sequence[PartStatus], urls: dict[str, str]) -> dict[str, Any]:
    return {
        "parts": [
            {"name": part.name, "alive": part.pid is not None, "pid": part.pid, "port": part.port, "head": part.head}
            for part in parts
        ],
        "urls": urls,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
