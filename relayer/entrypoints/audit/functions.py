"""Which functions of a contract are not for everybody, by asking as a stranger, and whose role they have."""

from __future__ import annotations

from collections.abc import Mapping

from light_clients.types import Address
from relayer.entrypoints.audit.authority import Authority
from relayer.entrypoints.audit.findings import ChainReport, Power
from relayer.entrypoints.audit.holders import Holders
from relayer.entrypoints.audit.reading import Reading
from relayer.entrypoints.deployment.roles import ASSIGNED, GOVERNANCE, NAMES, PUBLIC
from relayer.entrypoints.onchain.artifacts import artifact

MANAGER = "AccessManager"


async def read_functions(reading: Reading, where: Address, contract: str, authority: Address) -> dict[str, int]:
    """The role of each function that a stranger is refused, or that has any role but that of governance."""
    found: dict[str, int] = {}
    for name, data in artifact(contract).calls_that_write():
        role = await reading.one(authority, MANAGER, "getTargetFunctionRole", str(where), data[:4])
        if role != GOVERNANCE or await reading.refuses_strangers(where, data):
            found[name] = role
    return found


def check_functions(contract: str, found: Mapping[str, int], report: ChainReport) -> None:
    """Hold the role of each function against the one that it should have."""
    meant = ASSIGNED.get(contract, {})
    for function in sorted(found.keys() | meant.keys()):
        role, expected = found.get(function), meant.get(function, GOVERNANCE)
        if role == expected:
            continue
        what = f"{contract}.{function}"
        if role == PUBLIC:
            report.critical("OpenToEverybody", f"{what} can be called by everybody")
        elif role is None:
            report.critical("Unrestricted", f"{what} asks nobody for leave")
        elif role == GOVERNANCE:
            report.warning("RoleMissing", f"{what} should be for {NAMES[expected]}, and is for GOVERNANCE alone")
        else:
            given = NAMES.get(role, f"role {role}")
            report.critical("RoleUnexpected", f"{what} is for {given}, not for {NAMES[expected]}")


async def powers_over(
    reading: Reading, target: tuple[str, Address], functions: Mapping[str, int], authority: Authority, holders: Holders
) -> list[Power]:
    """Who can call each function now. Each answer is the AccessManager's own."""
    contract, where = target
    found = []
    for function, role in functions.items():
        name = NAMES.get(role, f"role {role}")
        if role == PUBLIC:
            found.append(Power(contract, function, name, None))
            continue
        members = authority.members.get(role, ())
        if not members:
            found.append(Power(contract, function, name, None))
        for member in members:
            selector = artifact(contract).selector(function)
            asked = str(member.account), str(where), selector
            now, delay = await reading.view(authority.address, MANAGER, "canCall", *asked)
            if now or delay:
                holder = await holders.describe(member.account)
                found.append(Power(contract, function, name, holder, delay))
    return found
