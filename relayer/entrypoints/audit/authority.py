"""Reads an AccessManager: who is in which role. Logs say whom to ask about; what counts is what a call answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from light_clients.types import Address
from relayer.entrypoints.audit.findings import ChainReport
from relayer.entrypoints.audit.reading import Reading
from relayer.entrypoints.deployment.addresses import Addresses, Governors
from relayer.entrypoints.deployment.roles import GOVERNANCE, GUARDIAN, NAMES, PUBLIC, UPDATER

CONTRACT = "AccessManager"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role."""

    account: Address
    delay: int
    """Seconds between asking for a call and its execution."""
    since: int
    """From when on, in Unix seconds."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The AccessManager of one chain."""

    address: Address
    members: dict[int, tuple[Member, ...]]
    """By role."""


async def read_authority(reading: Reading, addresses: Addresses, known: Iterable[Address]) -> Authority:
    """`known`: accounts that are asked about even if no log names them."""
    where = addresses.access_manager
    candidates: dict[int, set[Address]] = {role: set(known) for role in (GOVERNANCE, GUARDIAN, UPDATER)}
    for name, values in await reading.logs(where, CONTRACT, "RoleGranted", "RoleRevoked", "TargetFunctionRoleUpdated"):
        of_role = candidates.setdefault(values["roleId"], set(known))
        if name != "TargetFunctionRoleUpdated":
            of_role.add(Address.from_hex(values["account"]))
    members: dict[int, tuple[Member, ...]] = {}
    for role in sorted(candidates.keys() - {PUBLIC}):
        found = [await _member(reading, where, role, account) for account in sorted(candidates[role])]
        members[role] = tuple(each for each in found if each is not None)
    return Authority(where, members)


async def _member(reading: Reading, where: Address, role: int, account: Address) -> Member | None:
    since, delay, pending, _ = await reading.view(where, CONTRACT, "getAccess", role, str(account))
    return Member(account, min(delay, pending) if pending else delay, since) if since else None


async def check_members(reading: Reading, authority: Authority, governors: Governors, report: ChainReport) -> None:
    """Hold the members of each role against those that the deployment named."""
    timelocks = ("RemoteTimelock", "TimelockController")
    holders = {address for name, address in governors.contracts.items() if name in timelocks}
    if governors.kind == "key":
        holders = {governors.deployer}
    meant = {GOVERNANCE: holders, GUARDIAN: set(governors.guardians), UPDATER: set(governors.updaters)}
    for role, members in authority.members.items():
        for member in members:
            name = NAMES.get(role, f"role {role}")
            if member.account in meant.get(role, set()):
                continue
            if member.account == governors.deployer:
                report.critical("DeployerHoldsRole", f"the deployer {member.account} still has {name}")
            else:
                report.critical("UnknownMember", f"{member.account} has {name}, and nobody named it")
            if role == GOVERNANCE and not member.delay and not await _stands(reading, member.account):
                report.critical("KeyGovernsUndelayed", f"the key {member.account} can do anything at once")
    if governors.kind == "key":
        report.critical("KeyGovernsUndelayed", f"the key {governors.deployer} governs, and can do anything at once")
    if not authority.members[GUARDIAN]:
        report.warning("NobodyGuards", "nobody but governance can stop a lane")
    if not authority.members[GOVERNANCE]:
        report.warning("NobodyGoverns", "nobody has GOVERNANCE: what is set stays for ever")


async def check_roles(reading: Reading, authority: Authority, report: ChainReport) -> None:
    """Who admits to a role and who vetoes its calls must be governance."""
    for role in authority.members:
        name = NAMES.get(role, f"role {role}")
        for function, does in (("getRoleAdmin", "admits to"), ("getRoleGuardian", "vetoes calls of")):
            found = await reading.one(authority.address, CONTRACT, function, role)
            if found != GOVERNANCE:
                who = NAMES.get(found, f"role {found}")
                report.critical("RoleAdministered", f"{who} {does} {name}, which is for GOVERNANCE alone")


async def _stands(reading: Reading, account: Address) -> bool:
    return bool(await reading.code(account))
