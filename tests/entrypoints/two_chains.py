"""Two chains of anvil to deploy to, and whoever does so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from light_clients.types import ChainId
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.devnet.accounts import account, secret
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.devnet.processes import Process, stop
from relayer.entrypoints.onchain.artifacts import artifact
from tests.entrypoints.support import Ended, lockkeeper

NAMES = {"one": ChainId(31337), "two": ChainId(31338)}
DEPLOYER = 0
GUARDIAN, UPDATER, COUNCIL, VOTER, OTHER_VOTER, STRANGER = 5, 6, 7, 8, 9, 1
ATTESTERS = tuple(f"--member={account(index).address}" for index in (2, 3, 4))


@contextmanager
def running(root: Path) -> Iterator[dict[str, int]]:
    """The ports of two chains, by name."""
    folder = Folder(root)
    folder.make()
    started: list[Process] = []
    ports: dict[str, int] = {}
    for name, chain in NAMES.items():
        running, ports[name] = anvil.start_anvil(folder, name, chain)
        started.append(running)
        anvil.rpc(ports[name], "evm_setAutomine", True)
    try:
        yield ports
    finally:
        stop(started, grace=0)


def targets(ports: dict[str, int], **ids: int) -> list[str]:
    return [f"--chain={name}={ids.get(name, NAMES[name])}@http://127.0.0.1:{port}" for name, port in ports.items()]


def deploy(ports: dict[str, int], folder: Path, options: Sequence[str] = ATTESTERS) -> Ended:
    """With the addresses in `folder`."""
    (folder / "admin.key").write_text(secret(DEPLOYER).hex())
    key, out = str(folder / "admin.key"), str(folder / "addresses")
    return lockkeeper("deploy", *targets(ports), *options, "--key", key, "--out", out, "--json")


def dao(*more: str) -> tuple[str, ...]:
    """The options of a deployment that a DAO on chain one governs."""
    people = f"--guardian={address(GUARDIAN)}", f"--updater={address(UPDATER)}", f"--council={address(COUNCIL)}"
    return *ATTESTERS, "--governance=dao", *people, f"--votes-to={address(VOTER)}", *more


def address(index: int) -> str:
    return str(account(index).address)


class Deployment:
    """A deployment, and anvil's power to break it."""

    def __init__(self, ports: dict[str, int], folder: Path) -> None:
        self.ports = ports
        self.folder = folder

    def file(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "addresses" / f"{name}.json").read_text())
        return found

    def contract(self, name: str, contract: str) -> str:
        return str(self.file(name)["governance"]["contracts"][contract])

    def send(self, name: str, by: str, to: str, data: bytes) -> None:
        """As whoever it may be."""
        port = self.ports[name]
        anvil.rpc(port, "anvil_setBalance", by, hex(10**20))
        anvil.rpc(port, "anvil_impersonateAccount", by)
        sent = anvil.rpc(
            port, "eth_sendTransaction", {"from": by, "to": to, "data": "0x" + data.hex(), "gas": "0x7a1200"}
        )
        anvil.rpc(port, "evm_mine")
        assert anvil.rpc(port, "eth_getTransactionReceipt", sent)["status"] == "0x1"

    def govern(self, name: str, function: str, *arguments: object) -> None:
        """A call of the AccessManager by whatever governs the chain."""
        holder = self.contract(name, "TimelockController" if name == "one" else "RemoteTimelock")
        self.send(name, holder, self.file(name)["accessManager"], artifact("AccessManager").call(function, *arguments))

    def audit(self, *more: str) -> Ended:
        where = str(self.folder / "addresses")
        return lockkeeper("audit-deployment", *targets(self.ports), *more, "--addresses", where, "--json")
