"""Deployment: the same addresses everywhere, once, and only on the chain that was meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from relayer.entrypoints.deployment.addresses import read_addresses
from relayer.entrypoints.deployment.factory import DEPLOYER, DEPLOYMENT
from relayer.entrypoints.deployment.plan import FACTORY
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.devnet.accounts import account, secret
from relayer.entrypoints.onchain.artifacts import artifact
from tests.entrypoints.support import Ended, lockkeeper, needs_contracts
from tests.entrypoints.two_chains import ATTESTERS, running, targets

pytestmark = needs_contracts


@pytest.fixture
def chains(tmp_path: Path) -> Iterator[dict[str, int]]:
    with running(tmp_path / "chains") as ports:
        (tmp_path / "admin.key").write_text(secret(0).hex())
        yield ports


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Chains for deployments that are refused before anything is sent."""
    with running(tmp_path_factory.mktemp("untouched")) as ports:
        yield ports
        assert [int(anvil.rpc(port, "eth_blockNumber"), 16) for port in ports.values()] == [0, 0]


def deploy(ports: dict[str, int], folder: Path, *options: str, **ids: int) -> Ended:
    key, out = str(folder / "admin.key"), str(folder / "addresses")
    return lockkeeper("deploy", *targets(ports, **ids), *(options or ATTESTERS), "--key", key, "--out", out, "--json")


def test_the_second_run_deploys_nothing(chains: dict[str, int], tmp_path: Path) -> None:
    first = deploy(chains, tmp_path)

    second = deploy(chains, tmp_path)

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert all(done["created"] and done["connected"] for done in first.json)
    assert not any(done["created"] or done["connected"] for done in second.json)


def test_contracts_stand_at_the_same_addresses_on_every_chain(chains: dict[str, int], tmp_path: Path) -> None:
    done = deploy(chains, tmp_path).json

    one, two = (each["addresses"] for each in done)
    assert {one[key] == two[key] for key in ("accessManager", "gateway", "assetGateway", "market")} == {True}
    assert (tmp_path / "addresses" / "one.json").exists()


def test_fees_of_the_marketplace_go_to_the_admin_or_to_the_treasury_that_is_named(
    chains: dict[str, int], tmp_path: Path
) -> None:
    somebody = str(account(9).address)

    by_default = deploy(chains, tmp_path).json
    named = deploy(chains, tmp_path, *ATTESTERS, "--treasury", somebody).json

    assert {done["addresses"]["market"]["treasury"] for done in by_default} == {str(account(0).address)}
    assert {done["addresses"]["market"]["treasury"] for done in named} == {somebody}
    assert [done["created"] for done in named] == [["Settlement"]] * 2
    for name, port in chains.items():
        market = read_addresses(tmp_path / "addresses" / f"{name}.json").market
        assert market is not None
        asked = {"to": str(market.settlement), "data": "0x" + artifact("Settlement").call("treasury").hex()}
        assert anvil.rpc(port, "eth_call", asked, "latest")[-40:] == somebody[2:]


def test_address_files_from_before_the_marketplace_are_still_read(chains: dict[str, int], tmp_path: Path) -> None:
    path = tmp_path / "addresses" / "one.json"
    deploy(chains, tmp_path)
    now = read_addresses(path)
    path.write_text(json.dumps({key: value for key, value in json.loads(path.read_text()).items() if key != "market"}))

    before = read_addresses(path)

    assert before == replace(now, market=None)


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


def refused(ports: dict[str, int], folder: Path, *options: str) -> str:
    """What the operator is told, in one line."""
    (folder / "admin.key").write_text(secret(0).hex())
    ended = deploy(ports, folder, *options)
    assert ended.code == 2, ended.err
    assert not ended.out
    (line,) = ended.err.splitlines()
    return line


def a_checkpoint(kind: str, height: int, block_hash: str = "0x" + "11" * 32) -> str:
    return f"--client=one={kind}:{height}:{block_hash}"


def hash_of_genesis(ports: dict[str, int]) -> str:
    found: str = anvil.rpc(ports["one"], "eth_getBlockByNumber", "0x0", False)["hash"]
    return found


def test_a_checkpoint_of_another_hash_is_refused(untouched: dict[str, int], tmp_path: Path) -> None:
    told = refused(untouched, tmp_path, a_checkpoint("clique", 0), *ATTESTERS)

    assert f"block 0 of one is {hash_of_genesis(untouched)}, not 0x1111" in told
    assert "ask somebody you trust which of the two it is" in told


def test_a_checkpoint_beyond_the_head_is_refused(untouched: dict[str, int], tmp_path: Path) -> None:
    told = refused(untouched, tmp_path, a_checkpoint("qbft", 5), *ATTESTERS)

    assert "one has no block 5 yet" in told
    assert "name an older one" in told


@pytest.mark.parametrize("kind", ["qbft", "ibft2", "clique"])
def test_a_checkpoint_that_lists_no_validators_is_refused(untouched: dict[str, int], tmp_path: Path, kind: str) -> None:
    told = refused(untouched, tmp_path, a_checkpoint(kind, 0, hash_of_genesis(untouched)), *ATTESTERS)

    assert "block 0 of one: " in told
    assert "name a header of that consensus; of a Clique chain, one that begins an epoch" in told


def test_a_checkpoint_of_a_chain_without_that_consensus_is_refused(chains: dict[str, int], tmp_path: Path) -> None:
    anvil.rpc(chains["one"], "anvil_mine", 1)

    told = refused(chains, tmp_path, a_checkpoint("qbft", 1), *ATTESTERS)

    assert "block 1 of one is no header of qbft" in told
    assert "name the consensus that the chain has" in told


REFUSED = {
    "an unknown chain with a client": (
        [f"--client=three=qbft:0:0x{'11' * 32}", *ATTESTERS],
        "--client: there is no chain 'three'; name it by --chain too",
    ),
    "an unknown chain with a preset": (
        ["--preset=three=besu-qbft", *ATTESTERS],
        "--preset: there is no chain 'three'; name it by --chain too",
    ),
    "an unknown hub": (
        ["--through=three", *ATTESTERS],
        "--through: there is no chain 'three'; name one that is named by --chain",
    ),
    "two checkpoints of one chain": (
        [a_checkpoint("qbft", 0), a_checkpoint("clique", 0), *ATTESTERS],
        "--client: one has two; name one header a chain",
    ),
    "a checkpoint that is none": (["--client=one=qbft:0", *ATTESTERS], "is not NAME=KIND:HEIGHT:HASH"),
    "a consensus that nobody knows": (
        [f"--client=one=aura:0:0x{'11' * 32}", *ATTESTERS],
        "with KIND qbft, ibft2 or clique",
    ),
    "a preset that is none": (["--preset=besu-qbft", *ATTESTERS], "is not NAME=PRESET"),
    "a preset that nobody knows": (
        [f"--client=one=sync_committee:0x{'11' * 32}@http://127.0.0.1:1", "--preset=one=atlantis", *ATTESTERS],
        "atlantis",
    ),
    "a preset without sync committees": (
        [f"--client=one=sync_committee:0x{'11' * 32}@http://127.0.0.1:1", "--preset=one=besu-qbft", *ATTESTERS],
        "besu-qbft has no sync committees; name the preset of a beacon chain",
    ),
    "a chain that nothing verifies": (["--trusting-days=7"], "nothing verifies one; name its consensus by --client"),
    "a committee of one": (
        [ATTESTERS[0]],
        "name more attesters, or accept it in writing with --accept-single-signer",
    ),
}


@pytest.mark.parametrize(("options", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused_with_the_way_to_mend_it(
    untouched: dict[str, int], tmp_path: Path, options: list[str], told: str
) -> None:
    assert told in refused(untouched, tmp_path, *options)


def test_a_committee_of_one_is_deployed_when_that_is_accepted(chains: dict[str, int], tmp_path: Path) -> None:
    done = deploy(chains, tmp_path, ATTESTERS[0], "--accept-single-signer")

    assert done.code == 0, done.err
