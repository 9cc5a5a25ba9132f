"""The audit of a live deployment: a clean one passes, and each planted fault is found by its name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from relayer.entrypoints.deployment.roles import UPDATER
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.onchain.artifacts import artifact
from tests.entrypoints.audit_faults import FAULTS, gateway_by_timelock
from tests.entrypoints.sealing_support import a_sealed_chain
from tests.entrypoints.support import lockkeeper, needs_contracts
from tests.entrypoints.two_chains import (
    ATTESTERS,
    COUNCIL,
    DEPLOYER,
    NAMES,
    OTHER_VOTER,
    STRANGER,
    VOTER,
    Deployment,
    address,
    dao,
    deploy,
    running,
    targets,
)

pytestmark = needs_contracts


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("audited")
    with running(folder / "chains") as ports:
        done = deploy(ports, folder, dao())
        assert done.code == 0, done.err
        found = Deployment(ports, folder)
        votes = artifact("LockkeeperVotes")
        half = votes.call("transfer", address(OTHER_VOTER), 5 * 10**26)
        found.send("one", address(VOTER), found.contract("one", "LockkeeperVotes"), half)
        yield found


@pytest.fixture
def deployment(deployed: Deployment) -> Iterator[Deployment]:
    """As it was deployed, whatever the test before it has done."""
    before = {port: anvil.rpc(port, "evm_snapshot") for port in deployed.ports.values()}
    yield deployed
    for port, snapshot in before.items():
        anvil.rpc(port, "evm_revert", snapshot)


def test_a_clean_deployment_passes(deployment: Deployment) -> None:
    ended = deployment.audit()

    assert ended.json["findings"] == []
    assert ended.code == 0, ended.err


def test_it_tells_who_can_call_each_restricted_function_and_after_which_delay(deployment: Deployment) -> None:
    one, two = deployment.audit().json["chains"]

    reached = {f"{power['contract']}.{power['function']}": power for power in two["powers"]}
    assert {"Gateway.configureLane", "Gateway.pauseLane", "AssetGateway.registerRemote"} <= reached.keys()
    timelock = reached["Gateway.configureLane"]["holder"]
    (executor,) = timelock["by"]
    (governor,) = executor["by"]
    kinds = [each["kind"] for each in (timelock, executor, governor)]
    assert kinds == ["RemoteTimelock", "CrosschainRemoteExecutor", "LockkeeperGovernor"]
    assert timelock["delaySeconds"] == 2 * 86_400
    assert governor["note"] == "2 accounts with votes"
    assert f"a dead lane is mended by key {address(COUNCIL).lower()} after 7d" in timelock["note"].lower()
    assert reached["Gateway.pauseLane"]["holder"]["kind"] == "key"
    (forged,) = one["headers"]
    assert (forged["source"], forged["forged"][:11]) == ("two", "3 of 3 keys")


def test_guardians_and_updaters_reach_nothing_that_starts_repoints_or_moves(deployment: Deployment) -> None:
    """The functions are those that the contracts refuse to strangers, whatever their names will be."""
    for chain in deployment.audit().json["chains"]:
        reached: dict[str, set[str]] = {}
        for power in chain["powers"]:
            reached.setdefault(power["role"], set()).add(power["function"])

        assert reached == {
            "GUARDIAN": {"pauseLane", "pauseRemote", "haltFlow", "halt"},
            "UPDATER": {"setFees"},
            "GOVERNANCE": {
                "everything",
                "setAuthority",
                "configureLane",
                "resumeLane",
                "setFeeBounds",
                "registerRemote",
                "resumeRemote",
                "linkToken",
                "unlinkToken",
                "refuseToken",
                "limitFlow",
                "appoint",
                "setFee",
                "setPolicy",
                "setTreasury",
                "setToll",
                "setBand",
                "overrideReference",
                "resume",
                "setFeed",
            },
        }


def test_people_are_shown_a_table(deployment: Deployment) -> None:
    where = str(deployment.folder / "addresses")

    ended = lockkeeper("audit-deployment", *targets(deployment.ports), "--addresses", where)

    assert ended.code == 0, ended.err
    assert "who can call it" in ended.out
    assert "nothing is wrong" in ended.out


@pytest.mark.parametrize(("name", "plant"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found_by_name(
    deployment: Deployment, name: str, plant: Callable[[Deployment], None]
) -> None:
    plant(deployment)

    ended = deployment.audit()

    assert ended.code == 1, ended.err
    assert name in {finding["name"] for finding in ended.json["findings"]}


def test_a_deployment_that_a_key_governs_is_told_so(tmp_path: Path) -> None:
    with running(tmp_path / "chains") as ports:
        deploy(ports, tmp_path, [ATTESTERS[0], "--accept-single-signer"])

        ended = Deployment(ports, tmp_path).audit()

    names = {finding["name"] for finding in ended.json["findings"]}
    assert ended.code == 1
    assert {"KeyGovernsUndelayed", "NobodyGuards", "SignerAlone"} <= names


async def test_a_chain_that_one_validator_seals_is_told_so(tmp_path: Path) -> None:
    often = "--block-seconds", "0.3"
    async with a_sealed_chain(tmp_path, validators=1, chain=NAMES["one"], options=often) as chain:
        await chain.reaches(2)
        with running(tmp_path / "chains") as ports:
            ports["one"] = int(chain.url.rpartition(":")[2])
            vouched = f"--client=one=qbft:1:{(await chain.header(1))[1]}"
            done = await asyncio.to_thread(deploy, ports, tmp_path, [*dao(), vouched])
            assert done.code == 0, done.err

            ended = await asyncio.to_thread(Deployment(ports, tmp_path).audit)

    _, two = ended.json["chains"]
    assert two["headers"][0]["forged"] == f"1 of 1 keys: {next(iter(chain.validators))}"
    assert {"SignerAlone", "VotesConcentrated"} == {finding["name"] for finding in ended.json["findings"]}


def test_the_members_of_a_quorum_are_read_too(deployment: Deployment) -> None:
    known = deployment.file("two")["lightClients"]["eip155:31337"]["address"]
    code = artifact("QuorumLightClient").constructor(NAMES["one"], 1, [known])
    port, by = deployment.ports["two"], address(STRANGER)
    sent = anvil.rpc(port, "eth_sendTransaction", {"from": by, "data": "0x" + code.hex(), "gas": "0x7a1200"})
    anvil.rpc(port, "evm_mine")
    quorum = anvil.rpc(port, "eth_getTransactionReceipt", sent)["contractAddress"]
    gateway_by_timelock(deployment, "configureLane", NAMES["one"], deployment.file("one")["gateway"], quorum)

    found = deployment.audit().json

    _, two = found["chains"]
    assert [each["contract"] for each in two["headers"]] == ["CommitteeLightClient", "QuorumLightClient"]
    assert {finding["name"] for finding in found["findings"]} == {"ClientDiffers", "SignerAlone"}


def test_a_chain_that_is_not_read_is_named(deployment: Deployment) -> None:
    only = {"two": deployment.ports["two"]}

    ended = Deployment(only, deployment.folder).audit()

    assert {"HomeUnread", "RemoteUnread"} == {finding["name"] for finding in ended.json["findings"]}


def test_endpoints_that_contradict_each_other_end_the_audit(deployment: Deployment) -> None:
    """The second endpoint of chain two is of a twin on which nothing was deployed."""
    with running(deployment.folder / "twins") as twins:
        other = f"--chain=two={NAMES['two']}@http://127.0.0.1:{twins['two']}"
        behind = deployment.audit(other)
        anvil.rpc(twins["two"], "anvil_mine", anvil.rpc(deployment.ports["two"], "eth_blockNumber"))
        beside = deployment.audit(other)

    assert (behind.code, beside.code) == (1, 1)
    assert "blocks behind" in behind.err
    assert "the endpoints of two contradict each other" in beside.err


def test_a_relayers_configuration_says_where_to_read(deployment: Deployment, tmp_path: Path) -> None:
    said = '[keys.main]\nkind = "file"\npath = "key"\n'
    for name, port in deployment.ports.items():
        said += f'[[chains]]\nid = {NAMES[name]}\nname = "{name}"\nendpoints = ["http://127.0.0.1:{port}"]\n'
        said += f'gateway = "{deployment.file(name)["gateway"]}"\n'
    (tmp_path / "relayer.toml").write_text(said)

    config, where = str(tmp_path / "relayer.toml"), str(deployment.folder / "addresses")
    ended = lockkeeper("audit-deployment", "--config", config, "--addresses", where, "--json")

    assert (ended.code, ended.json["findings"]) == (0, []), ended.err


def test_a_log_that_names_nobody_hides_nobody_that_the_file_names(deployment: Deployment) -> None:
    """The deployer is asked about even if no endpoint shows the log of its role."""
    deployment.govern("two", "grantRole", UPDATER, address(DEPLOYER), 0)

    found = {finding["name"] for finding in deployment.audit().json["findings"]}

    assert found == {"DeployerHoldsRole"}


def test_a_chain_without_an_address_file_is_misconfigured(deployment: Deployment, tmp_path: Path) -> None:
    ended = lockkeeper("audit-deployment", *targets(deployment.ports), "--addresses", str(tmp_path))

    assert ended.code == 2
    assert "lockkeeper deploy" in ended.err


def test_it_must_be_told_what_to_read() -> None:
    assert lockkeeper("audit-deployment").code == 2
