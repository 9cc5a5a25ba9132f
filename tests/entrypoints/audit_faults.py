"""Faults to be planted in a deployment, each with the name that the audit must find it by."""

from __future__ import annotations

from collections.abc import Callable

from light_clients.crypto.keccak import keccak256
from light_clients.types import ZERO_ADDRESS, Address
from relayer.entrypoints.audit.code import created
from relayer.entrypoints.deployment.roles import GOVERNANCE, GUARDIAN, PUBLIC, UPDATER
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.onchain.artifacts import artifact
from tests.entrypoints.two_chains import (
    COUNCIL,
    DEPLOYER,
    NAMES,
    OTHER_VOTER,
    STRANGER,
    VOTER,
    Deployment,
    address,
)
from tests.entrypoints.two_chains import (
    GUARDIAN as GUARD,
)


def selectors(contract: str, function: str) -> list[bytes]:
    return [artifact(contract).selector(function)]


def target(deployment: Deployment, function: str, role: int) -> None:
    gateway = deployment.file("two")["gateway"]
    deployment.govern("two", "setTargetFunctionRole", gateway, selectors("Gateway", function), role)


def timelock_role(deployment: Deployment, name: str, role: bytes, account: str) -> None:
    contract = "TimelockController" if name == "one" else "RemoteTimelock"
    where = deployment.contract(name, contract)
    deployment.send(name, where, where, artifact("TimelockController").call("grantRole", role, account))


def replaced(deployment: Deployment, where: str) -> None:
    code = anvil.rpc(deployment.ports["two"], "eth_getCode", where, "latest")
    anvil.rpc(deployment.ports["two"], "anvil_setCode", where, f"{code[:-2]}{int(code[-2:], 16) ^ 1:02x}")


def other_box(deployment: Deployment) -> None:
    replaced(deployment, str(created(Address.from_hex(market(deployment, "Marketplace")), 1)))


def proxy(deployment: Deployment) -> None:
    slot = int.from_bytes(keccak256(b"eip1967.proxy.implementation"), "big") - 1
    word = "0x" + "00" * 12 + "11" * 20
    anvil.rpc(deployment.ports["two"], "anvil_setStorageAt", deployment.file("two")["gateway"], hex(slot), word)


def gateway_by_timelock(deployment: Deployment, function: str, *arguments: object) -> None:
    holder, gateway = deployment.contract("two", "RemoteTimelock"), deployment.file("two")["gateway"]
    deployment.send("two", holder, gateway, artifact("Gateway").call(function, *arguments))


def pause(deployment: Deployment) -> None:
    data = artifact("Gateway").call("pauseLane", NAMES["one"])
    deployment.send("two", address(GUARD), deployment.file("two")["gateway"], data)


def pause_remote(deployment: Deployment) -> None:
    data = artifact("AssetGateway").call("pauseRemote", NAMES["one"])
    deployment.send("two", address(GUARD), deployment.file("two")["assetGateway"], data)


def another_client(deployment: Deployment) -> None:
    """The asset gateway's chain's other client, of a copy at an address that nobody knows."""
    known = deployment.file("two")["lightClients"]["eip155:31337"]["address"]
    port, copy = deployment.ports["two"], "0x" + "c0" * 20
    anvil.rpc(port, "anvil_setCode", copy, anvil.rpc(port, "eth_getCode", known, "latest"))
    gateway_by_timelock(deployment, "configureLane", NAMES["one"], deployment.file("one")["gateway"], copy)


def unknown_client(deployment: Deployment) -> None:
    """It says that it verifies chain one, and nobody knows what else it does."""
    code, where = "0x" + f"61{NAMES['one']:04x}" + "60005260206000f3", "0x" + "c1" * 20
    anvil.rpc(deployment.ports["two"], "anvil_setCode", where, code)
    gateway_by_timelock(deployment, "configureLane", NAMES["one"], deployment.file("one")["gateway"], where)


def by_timelock(deployment: Deployment, contract: str, function: str, *arguments: object) -> None:
    """A call of one of the marketplace's contracts on chain two."""
    holder = deployment.contract("two", "RemoteTimelock")
    data = artifact(contract).call(function, *arguments)
    deployment.send("two", holder, market(deployment, contract), data)


def market(deployment: Deployment, contract: str) -> str:
    found: str = deployment.file("two")["market"][contract[0].lower() + contract[1:]]
    return found


def appointed(deployment: Deployment, *, settlement: str = "", breaker: str = "") -> None:
    those = settlement or market(deployment, "Settlement"), breaker or market(deployment, "PriceBreaker")
    by_timelock(deployment, "Marketplace", "appoint", *those)


def other_immutable(deployment: Deployment, contract: str, known: str) -> None:
    """Code that works with another contract than it was created for."""
    where, port = market(deployment, contract), deployment.ports["two"]
    code = anvil.rpc(port, "eth_getCode", where, "latest")
    assert known[2:] in code
    anvil.rpc(port, "anvil_setCode", where, code.replace(known[2:], "c2" * 20))


def rescue(deployment: Deployment) -> None:
    data = artifact("RemoteTimelock").call("proposeRescue", str(ZERO_ADDRESS), [])
    deployment.send("two", address(COUNCIL), deployment.contract("two", "RemoteTimelock"), data)


def all_votes(deployment: Deployment) -> None:
    data = artifact("LockkeeperVotes").call("transfer", address(VOTER), 1)
    deployment.send("one", address(OTHER_VOTER), deployment.contract("one", "LockkeeperVotes"), data)


def misled(deployment: Deployment) -> None:
    where = deployment.contract("two", "CrosschainRemoteExecutor")
    controller = bytes.fromhex("00010000027a6914") + Address.from_hex(address(STRANGER))
    data = artifact("CrosschainRemoteExecutor").call("reconfigure", deployment.file("two")["gateway"], controller)
    deployment.send("two", where, where, data)


def undelayed(deployment: Deployment) -> None:
    where = deployment.contract("two", "RemoteTimelock")
    deployment.send("two", where, where, artifact("RemoteTimelock").call("updateDelay", 0))


PROPOSER = keccak256(b"PROPOSER_ROLE")
CANCELLER = keccak256(b"CANCELLER_ROLE")
FAULTS: dict[str, tuple[str, Callable[[Deployment], None]]] = {
    "a key governs": (
        "KeyGovernsUndelayed",
        lambda it: it.govern("two", "grantRole", GOVERNANCE, address(STRANGER), 0),
    ),
    "a stranger governs": ("UnknownMember", lambda it: it.govern("one", "grantRole", GOVERNANCE, address(STRANGER), 9)),
    "the deployer is guardian": (
        "DeployerHoldsRole",
        lambda it: it.govern("two", "grantRole", GUARDIAN, address(DEPLOYER), 0),
    ),
    "a stranger is updater": ("UnknownMember", lambda it: it.govern("two", "grantRole", UPDATER, address(STRANGER), 0)),
    "a stranger in a role of its own": (
        "UnknownMember",
        lambda it: it.govern("two", "grantRole", 77, address(STRANGER), 0),
    ),
    "nobody guards": ("NobodyGuards", lambda it: it.govern("two", "revokeRole", GUARDIAN, address(GUARD))),
    "guardians admit guardians": ("RoleAdministered", lambda it: it.govern("two", "setRoleAdmin", GUARDIAN, GUARDIAN)),
    "updaters veto": ("RoleAdministered", lambda it: it.govern("two", "setRoleGuardian", GUARDIAN, UPDATER)),
    "a function lost its role": ("RoleMissing", lambda it: target(it, "pauseLane", GOVERNANCE)),
    "a guardian may configure": ("RoleUnexpected", lambda it: target(it, "configureLane", GUARDIAN)),
    "everybody may resume": ("OpenToEverybody", lambda it: target(it, "resumeLane", PUBLIC)),
    "a closed gateway": (
        "TargetClosed",
        lambda it: it.govern("two", "setTargetClosed", it.file("two")["gateway"], True),
    ),
    "another authority": (
        "AuthorityDiffers",
        lambda it: it.govern("two", "updateAuthority", it.file("two")["gateway"], it.file("two")["assetGateway"]),
    ),
    "other code of the gateway": ("CodeDiffers", lambda it: replaced(it, it.file("two")["gateway"])),
    "other code of a light client": (
        "CodeDiffers",
        lambda it: replaced(it, it.file("two")["lightClients"]["eip155:31337"]["address"]),
    ),
    "no code": (
        "CodeMissing",
        lambda it: anvil.rpc(it.ports["two"], "anvil_setCode", it.file("two")["assetGateway"], "0x"),
    ),
    "an upgradeable gateway": ("Upgradeable", proxy),
    "another light client": ("ClientDiffers", another_client),
    "an unknown light client": ("ClientUnknown", unknown_client),
    "a paused lane": ("LanePaused", pause),
    "a paused remote": ("RemotePaused", pause_remote),
    "another settlement": ("SettlementDiffers", lambda it: appointed(it, settlement=address(STRANGER))),
    "another price breaker": ("BreakerDiffers", lambda it: appointed(it, breaker=str(ZERO_ADDRESS))),
    "fees for somebody else": (
        "TreasuryDiffers",
        lambda it: by_timelock(it, "Settlement", "setTreasury", address(STRANGER)),
    ),
    "the settlement of somebody else": (
        "SettlementMisdirected",
        lambda it: by_timelock(it, "Settlement", "registerRemote", NAMES["one"], address(STRANGER)),
    ),
    "a settlement of another gateway": (
        "SettlementMisled",
        lambda it: other_immutable(it, "Settlement", it.file("two")["gateway"]),
    ),
    "a settlement of another marketplace": (
        "SettlementMisled",
        lambda it: other_immutable(it, "Settlement", market(it, "Marketplace")),
    ),
    "a breaker of another marketplace": (
        "CodeDiffers",
        lambda it: other_immutable(it, "PriceBreaker", market(it, "Marketplace")),
    ),
    "a marketplace of another asset gateway": (
        "CodeDiffers",
        lambda it: other_immutable(it, "Marketplace", it.file("two")["assetGateway"]),
    ),
    "other code of the settlement": ("CodeDiffers", lambda it: replaced(it, market(it, "Settlement"))),
    "other code of delivery boxes": ("CodeDiffers", other_box),
    "a breaker of another authority": (
        "AuthorityDiffers",
        lambda it: it.govern("two", "updateAuthority", market(it, "PriceBreaker"), it.file("two")["gateway"]),
    ),
    "a guardian may let sales go on": (
        "RoleUnexpected",
        lambda it: it.govern(
            "two", "setTargetFunctionRole", market(it, "PriceBreaker"), selectors("PriceBreaker", "resume"), GUARDIAN
        ),
    ),
    "a guardian may not stop sales": (
        "RoleMissing",
        lambda it: it.govern(
            "two", "setTargetFunctionRole", market(it, "PriceBreaker"), selectors("PriceBreaker", "halt"), GOVERNANCE
        ),
    ),
    "no delay": ("TimelockUndelayed", undelayed),
    "a stranger proposes": (
        "UnknownProposer",
        lambda it: timelock_role(it, "one", PROPOSER, address(STRANGER)),
    ),
    "a stranger vetoes": ("UnknownCanceller", lambda it: timelock_role(it, "two", CANCELLER, address(STRANGER))),
    "an administered timelock": (
        "TimelockAdministered",
        lambda it: timelock_role(it, "one", bytes(32), address(DEPLOYER)),
    ),
    "an executor of somebody else": ("ExecutorMisled", misled),
    "a rescue that waits": ("RescueProposed", rescue),
    "one who outvotes all": ("VotesConcentrated", all_votes),
}
