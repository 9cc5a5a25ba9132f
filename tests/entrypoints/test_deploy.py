"""Deployment: the same addresses everywhere, once, and only on the chain that was meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from light_clients.types import ChainId
from relayer.entrypoints.deployment.factory import DEPLOYER, DEPLOYMENT
from relayer.entrypoints.deployment.plan import FACTORY
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.devnet.accounts import account, secret
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.devnet.processes import Process, stop
from tests.entrypoints.support import Ended, lockkeeper, needs_contracts

NAMES = {"one": ChainId(31337), "two": ChainId(31338)}

pytestmark = needs_contracts


@pytest.fixture
def chains(tmp_path: Path) -> Iterator[dict[str, int]]:
    folder = Folder(tmp_path / "chains")
    folder.make()
    started: list[Process] = []
    ports: dict[str, int] = {}
    for name, chain in NAMES.items():
        running, ports[name] = anvil.start_anvil(folder, name, chain)
        started.append(running)
        anvil.rpc(ports[name], "evm_setAutomine", True)
    (tmp_path / "admin.key").write_text(secret(0).hex())
    yield ports
    stop(started, grace=0)


def deploy(ports: dict[str, int], folder: Path, **ids: int) -> Ended:
    targets = [f"--chain={name}={ids.get(name, NAMES[name])}@http://127.0.0.1:{port}" for name, port in ports.items()]
    members = [f"--member={account(index).address}" for index in (2, 3, 4)]
    key, out = str(folder / "admin.key"), str(folder / "addresses")
    return lockkeeper("deploy", *targets, *members, "--key", key, "--out", out, "--json")


def test_the_second_run_deploys_nothing(chains: dict[str, int], tmp_path: Path) -> None:
    first = deploy(chains, tmp_path)

    second = deploy(chains, tmp_path)

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert all(done["created"] and done["connected"] for done in first.json)
    assert not any(done["created"] or done["connected"] for done in second.json)


def test_contracts_stand_at_the_same_addresses_on_every_chain(chains: dict[str, int], tmp_path: Path) -> None:
    done = deploy(chains, tmp_path).json

    one, two = (each["addresses"] for each in done)
    assert {one[key] == two[key] for key in ("accessManager", "gateway", "assetGateway")} == {True}
    assert (tmp_path / "addresses" / "one.json").exists()


def test_nothing_is_written_to_a_chain_of_another_id(chains: dict[str, int], tmp_path: Path) -> None:
    refused = deploy(chains, tmp_path, two=5)

    assert refused.code == 2
    assert "is chain 31338, not 5" in refused.err
    assert [int(anvil.rpc(port, "eth_blockNumber"), 16) for port in chains.values()] == [0, 0]


def test_an_account_without_funds_is_named(chains: dict[str, int], tmp_path: Path) -> None:
    (tmp_path / "admin.key").write_text("01" * 32)

    refused = deploy(chains, tmp_path)

    assert refused.code == 2
    assert "has no funds on chain" in refused.err


def test_the_factory_is_put_where_it_is_absent(chains: dict[str, int], tmp_path: Path) -> None:
    anvil.rpc(chains["one"], "anvil_setCode", str(FACTORY), "0x")
    anvil.rpc(chains["one"], "anvil_setNonce", str(FACTORY), "0x0")

    done = deploy(chains, tmp_path)

    assert done.code == 0, done.err
    assert anvil.rpc(chains["one"], "eth_getTransactionCount", str(DEPLOYER), "latest") == "0x1"
    assert DEPLOYMENT.endswith("22" * 32)
