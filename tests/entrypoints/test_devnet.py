"""The devnet: one command up, one down, and alive again whatever is killed."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from relayer.domain.errors import Transient
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.devnet.accounts import ALICE, BOB, account
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.devnet.processes import process
from tests.entrypoints.support import lockkeeper, needs_contracts

pytestmark = [needs_contracts, pytest.mark.xdist_group("devnet"), pytest.mark.timeout(180)]


@pytest.fixture
def devnet(tmp_path: Path) -> Iterator[Folder]:
    folder = Folder(tmp_path / "devnet")
    started = lockkeeper("devnet", "up", "--folder", str(folder.root), "--consensus", "committee", "--json")
    assert started.code == 0, started.err
    yield folder
    lockkeeper("devnet", "down", "--folder", str(folder.root), "--wipe")


def parts(folder: Folder) -> dict[str, dict[str, Any]]:
    found = lockkeeper("devnet", "status", "--folder", str(folder.root), "--json").json["parts"]
    return {part["name"]: part for part in found}


def kill(folder: Folder, name: str) -> int:
    pid = int(json.loads(folder.pid(name).read_text())["pid"])
    os.kill(pid, signal.SIGKILL)
    return pid


def eventually(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def works(folder: Folder) -> bool:
    sent = lockkeeper("send", "message", "hello", "--folder", str(folder.root), "--json")
    return sent.code == 0 and bool(sent.json["delivered"])


def answers(port: int) -> bool:
    try:
        return anvil.mines(port)
    except Transient:
        return False


def test_whatever_is_killed_is_started_again(devnet: Folder) -> None:
    before = parts(devnet)

    killed = {name: kill(devnet, name) for name in before if name != "supervisor"}

    def all_new() -> bool:
        now = parts(devnet)
        return all(now[name]["alive"] and now[name]["pid"] != pid for name, pid in killed.items())

    eventually(all_new)
    eventually(lambda: works(devnet))


def test_a_killed_chain_keeps_every_transaction(devnet: Folder) -> None:
    port = devnet.read().ports["harbour"]
    call = {"from": str(account(ALICE).address), "to": str(account(BOB).address), "value": "0x1"}
    transaction = anvil.rpc(port, "eth_sendTransaction", call)
    eventually(lambda: anvil.rpc(port, "eth_getTransactionReceipt", transaction) is not None)
    mined = anvil.rpc(port, "eth_getTransactionReceipt", transaction)
    eventually(lambda: transaction_is_kept(devnet, int(mined["blockNumber"], 16)))

    kill(devnet, "harbour")

    eventually(lambda: answers(port))
    again = anvil.rpc(port, "eth_getTransactionReceipt", transaction)
    assert (again["blockNumber"], again["status"]) == (mined["blockNumber"], "0x1")


def transaction_is_kept(folder: Folder, height: int) -> bool:
    lines = folder.journal("harbour").read_text().splitlines()
    return any(json.loads(line)["number"] >= height for line in lines)


def test_down_finds_what_a_killed_supervisor_left(devnet: Folder) -> None:
    before = parts(devnet)
    kill(devnet, "supervisor")

    stopped = lockkeeper("devnet", "down", "--folder", str(devnet.root), "--json").json["stopped"]

    assert set(stopped) == set(before) - {"supervisor"}
    assert not any(process(part["pid"]).started for part in before.values())


def test_up_after_a_killed_supervisor_takes_over_what_runs(devnet: Folder) -> None:
    before = parts(devnet)
    kill(devnet, "supervisor")

    again = lockkeeper("devnet", "up", "--folder", str(devnet.root))

    assert again.code == 0, again.err
    after = parts(devnet)
    assert {name: part["pid"] for name, part in after.items() if name != "supervisor"} == {
        name: part["pid"] for name, part in before.items() if name != "supervisor"
    }


def test_a_second_devnet_in_one_folder_is_refused(devnet: Folder) -> None:
    second = lockkeeper("devnet", "up", "--folder", str(devnet.root))

    assert second.code == 2
    assert "is running" in second.err
