"""Handing over: a deployment ends governed by whom it was meant for, and by nobody else."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from light_clients.types import ZERO_ADDRESS, Address
from relayer.entrypoints.deployment import roles
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.onchain.node import Node
from tests.entrypoints.support import ROOT, needs_contracts
from tests.entrypoints.two_chains import (
    ATTESTERS,
    COUNCIL,
    DEPLOYER,
    GUARDIAN,
    UPDATER,
    VOTER,
    address,
    dao,
    deploy,
    running,
)

pytestmark = needs_contracts


@pytest.fixture
def chains(tmp_path: Path) -> Iterator[dict[str, int]]:
    with running(tmp_path / "chains") as ports:
        yield ports


def file_of(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "addresses" / f"{name}.json").read_text())
    return found


def ask(port: int, to: str, contract: str, function: str, *arguments: object) -> Any:
    async def view() -> bytes:
        async with aiohttp.ClientSession() as session:
            node = Node(f"http://127.0.0.1:{port}", session)
            return await node.view(Address.from_hex(to), artifact(contract).call(function, *arguments))

    answer = artifact(contract).result(function, asyncio.run(view()), arguments=len(arguments))
    return answer[0] if len(answer) == 1 else answer


def test_the_roles_have_the_same_numbers_in_both_languages() -> None:
    source = (ROOT / "contracts" / "src" / "governance" / "Roles.sol").read_text()

    found = {name: int(number) for name, number in re.findall(r"uint64 internal constant (\w+) = (\d+);", source)}

    assert found == {"GOVERNANCE": roles.GOVERNANCE, "GUARDIAN": roles.GUARDIAN, "UPDATER": roles.UPDATER}


def test_guardians_and_updaters_reach_nothing_that_starts_or_moves() -> None:
    reached = {role: {name for _, name, given in roles.assigned() if given == role} for role in (1, 2)}

    assert reached[roles.UPDATER] == {"setFees"}
    assert reached[roles.GUARDIAN] == {"pauseLane", "pauseRemote", "haltFlow", "halt"}


def test_a_dao_governs_and_the_deployer_holds_nothing(chains: dict[str, int], tmp_path: Path) -> None:
    done = deploy(chains, tmp_path, dao())

    assert done.code == 0, done.err
    for name, port in chains.items():
        file = file_of(tmp_path, name)
        holder = file["governance"]["contracts"]["TimelockController" if name == "one" else "RemoteTimelock"]
        authority = file["accessManager"]
        held = {
            (role, who): ask(port, authority, "AccessManager", "hasRole", role, who)
            for role in (roles.GOVERNANCE, roles.GUARDIAN, roles.UPDATER)
            for who in (address(DEPLOYER), holder, address(GUARDIAN), address(UPDATER))
        }
        assert {key for key, (member, _) in held.items() if member} == {
            (roles.GOVERNANCE, holder),
            (roles.GUARDIAN, address(GUARDIAN)),
            (roles.UPDATER, address(UPDATER)),
        }
        assert not ask(port, holder, "TimelockController", "hasRole", bytes(32), address(DEPLOYER))


def test_the_governor_alone_proposes_to_its_timelock(chains: dict[str, int], tmp_path: Path) -> None:
    deploy(chains, tmp_path, dao())

    contracts = file_of(tmp_path, "one")["governance"]["contracts"]
    timelock, governor = contracts["TimelockController"], contracts["LockkeeperGovernor"]
    for name in ("PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"):
        role = ask(chains["one"], timelock, "TimelockController", name)
        for who, expected in {governor: True, address(DEPLOYER): False, str(ZERO_ADDRESS): False}.items():
            assert ask(chains["one"], timelock, "TimelockController", "hasRole", role, who) == expected
    assert ask(chains["one"], contracts["LockkeeperVotes"], "LockkeeperVotes", "balanceOf", address(VOTER)) == 10**27


def test_the_other_chain_obeys_that_governor_and_knows_its_council(chains: dict[str, int], tmp_path: Path) -> None:
    deploy(chains, tmp_path, dao())

    contracts = file_of(tmp_path, "two")["governance"]["contracts"]
    governor = file_of(tmp_path, "one")["governance"]["contracts"]["LockkeeperGovernor"]
    controller = ask(chains["two"], contracts["CrosschainRemoteExecutor"], "CrosschainRemoteExecutor", "controller")
    assert controller.hex().endswith(governor[2:].lower())
    council = ask(chains["two"], contracts["RemoteTimelock"], "RemoteTimelock", "council")
    assert council.lower() == address(COUNCIL).lower()


def test_handing_over_again_does_nothing(chains: dict[str, int], tmp_path: Path) -> None:
    first = deploy(chains, tmp_path, dao())

    second = deploy(chains, tmp_path, dao())

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert not any(done["created"] or done["connected"] for done in second.json)


def test_what_a_deployer_may_no_longer_do_is_said_as_a_proposal(chains: dict[str, int], tmp_path: Path) -> None:
    deploy(chains, tmp_path, dao())

    refused = deploy(chains, tmp_path, [*dao(), f"--member={address(DEPLOYER)}"])

    assert refused.code == 1
    assert "is not governed by" in refused.err
    assert "propose there: lane" in refused.err


def test_a_timelock_governs_where_there_is_no_dao(chains: dict[str, int], tmp_path: Path) -> None:
    people = f"--guardian={address(GUARDIAN)}", f"--proposer={address(COUNCIL)}"

    done = deploy(chains, tmp_path, [*ATTESTERS, "--governance=timelock", "--delay=12h", *people])

    assert done.code == 0, done.err
    file = file_of(tmp_path, "two")
    holder = file["governance"]["contracts"]["TimelockController"]
    port, authority = chains["two"], file["accessManager"]
    assert ask(port, authority, "AccessManager", "hasRole", roles.GOVERNANCE, holder) == (True, 0)
    assert not ask(port, authority, "AccessManager", "hasRole", roles.GOVERNANCE, address(DEPLOYER))[0]
    assert ask(port, holder, "TimelockController", "getMinDelay") == 12 * 3600


@pytest.mark.parametrize(
    ("options", "told"),
    {
        "nobody to stop it": (["--governance=timelock", f"--proposer={address(1)}"], "--guardian: nobody could stop"),
        "nobody to propose": (["--governance=timelock", f"--guardian={address(1)}"], "--proposer: nobody could"),
        "nobody to vote": (["--governance=dao", f"--guardian={address(1)}"], "--votes-to: nobody could vote"),
        "an unknown home": (["--governance=dao", "--dao-home=three"], "--dao-home: there is no chain 'three'"),
        "no time": (["--delay=soon"], "--delay: 'soon' is no time"),
        "no address": (["--guardian=me"], "--guardian: 'me' is no address"),
        "the zero address": ([f"--guardian={ZERO_ADDRESS}"], "--guardian: the zero address is nobody"),
    }.values(),
)
def test_what_nobody_could_govern_is_refused(tmp_path: Path, options: list[str], told: str) -> None:
    refused = deploy({"one": 1}, tmp_path, [*ATTESTERS, *options])

    assert refused.code == 2
    assert told in refused.err
