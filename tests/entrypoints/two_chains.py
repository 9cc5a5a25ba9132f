"""Two chains of anvil to deploy to, and whoever does so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from light_clients.types import ChainId
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.devnet.accounts import account, secret
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.devnet.processes import Process, stop
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
