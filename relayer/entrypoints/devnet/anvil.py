"""Local chains: finding anvil, starting it on a port of the system's choice, and giving it back its past."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from light_clients.types import ChainId
from relayer.domain.errors import Misconfigured, Transient
from relayer.entrypoints.devnet.accounts import MNEMONIC
from relayer.entrypoints.devnet.folder import Folder, write_atomically
from relayer.entrypoints.devnet.past import Mined, past
from relayer.entrypoints.devnet.processes import Process, process

START_SECONDS = 10
BLOCK_SECONDS = 1
NEVER_SECONDS = 1 << 30


def find_anvil() -> Path:
    """`$ANVIL`, else the PATH, else node_modules above the working directory or beside the package."""
    if named := os.environ.get("ANVIL"):
        if not os.access(named, os.X_OK):
            raise Misconfigured("ANVIL", f"{named} cannot be run", "point it at an anvil binary")
        return Path(named)
    if found := shutil.which("anvil"):
        return Path(found)
    for folder in (*_upwards(Path.cwd()), *_upwards(Path(__file__).resolve().parent)):
        for binary in sorted(folder.glob("node_modules/@foundry-rs/anvil-*/bin/anvil")):
            return binary
    raise Misconfigured("anvil", "it was not found", "run `npm ci`, or set ANVIL to the binary")


def _upwards(folder: Path) -> tuple[Path, ...]:
    return (folder, *folder.parents)


def start_anvil(
    folder: Folder, name: str, chain: ChainId, port: int = 0, options: Sequence[str] = ()
) -> tuple[Process, int]:
    """Start a chain that mines nothing yet; its process and port."""
    log = folder.log(name)
    offset = log.stat().st_size if log.exists() else 0
    command = [str(find_anvil()), "--port", str(port), "--chain-id", str(chain), "--mnemonic", MNEMONIC, "--no-mining"]
    command += options
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - our own binary with our own arguments
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    started = process(child.pid)
    child.returncode = 0  # the supervisor reaps: Popen must not
    return started, _listening(log, offset, started)


def _listening(log: Path, offset: int, started: Process) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with log.open("rb") as output:
            output.seek(offset)
            said = output.read().decode(errors="replace")
        if port := re.search(r"Listening on [\d.]+:(\d+)", said):
            return int(port[1])
        if not started.alive():
            break
        time.sleep(0.01)
    reason = "its port is taken" if "in use" in said else f"see {log}"
    raise Misconfigured("anvil", f"a chain did not start: {reason}", "free the port, or run `lockkeeper devnet down`")


def rpc(port: int, method: str, *params: Any) -> Any:
    """One blocking JSON-RPC call to a local chain."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        connection.request("POST", "/", body, {"content-type": "application/json"})
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        raise Transient(f"the chain on port {port} does not answer: {trouble}") from trouble
    finally:
        connection.close()
    if "error" in answer:
        raise Transient(f"{method}: {answer['error'].get('message')}")
    return answer["result"]


def check_chain(port: int, name: str, chain: ChainId) -> None:
    if (found := int(rpc(port, "eth_chainId"), 16)) != chain:
        raise Misconfigured(f"chains.{name}", f"port {port} is chain {found}, not {chain}", "free the port")


def start_mining(port: int) -> None:
    """The last step of a start: a chain that mines has all its past."""
    rpc(port, "evm_setIntervalMining", BLOCK_SECONDS)


def await_orders(port: int) -> None:
    """The last step of a start where a sealing node says when to mine: to be known from a start cut short."""
    rpc(port, "evm_setIntervalMining", NEVER_SECONDS)


def mines(port: int) -> bool:
    """Whether the start was not cut short."""
    return rpc(port, "anvil_getIntervalMining") in (BLOCK_SECONDS, NEVER_SECONDS)


def save(folder: Folder, name: str, port: int) -> int:
    """Keep the chain as it is now and begin the journal anew; the height that is kept for sure."""
    height = int(rpc(port, "eth_blockNumber"), 16)
    write_atomically(folder.snapshot(name), rpc(port, "anvil_dumpState"))
    write_atomically(folder.journal(name), "")
    return height


def restore(folder: Folder, name: str, port: int) -> None:
    """Give a fresh chain its past: the snapshot, then block by block what was written down after it.

    Of a sealed chain that is at least all that was ever served, so that nobody sees it behind itself.
    """
    snapshot = folder.snapshot(name)
    if snapshot.exists():
        rpc(port, "anvil_loadState", snapshot.read_text())
    newest = rpc(port, "eth_getBlockByNumber", "latest", False)
    head, time_of_head = int(newest["number"], 16), int(newest["timestamp"], 16)
    for block in past(folder, name, head):
        if block.number == head + 1:
            _mine_again(port, block, time_of_head)
            head, time_of_head = block.number, block.timestamp
    rpc(port, "evm_setTime", max(int(time.time()), time_of_head))


def _mine_again(port: int, block: Mined, time_of_parent: int) -> None:
    for raw in block.transactions:
        rpc(port, "eth_sendRawTransaction", raw)
    rpc(port, "evm_setTime", block.timestamp)  # a fresh chain believes that its past ended when it started
    if block.timestamp > time_of_parent:
        rpc(port, "evm_mine", {"timestamp": block.timestamp})
    else:  # it takes no second block of one second, unless its clock says so
        rpc(port, "evm_mine")
