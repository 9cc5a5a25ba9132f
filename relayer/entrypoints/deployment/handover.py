"""Gives every power to whom it was meant for, looks whether it has arrived, and only then gives up the deployer's."""

from __future__ import annotations

from light_clients.types import Address
from relayer.domain.errors import Rejected
from relayer.entrypoints.deployment.creation import Creation
from relayer.entrypoints.deployment.deploy import Call, Done, Nudge, govern, send_all, view
from relayer.entrypoints.deployment.governance import Governing, Kind
from relayer.entrypoints.deployment.plan import Plan
from relayer.entrypoints.deployment.roles import GOVERNANCE, GUARDIAN, UPDATER, assigned
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.onchain.wallet import Wallet

NO_ROLE = bytes(32)
"""A timelock's own administrator."""
GOVERNOR_ROLES = ("PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE")


async def hand_over(plan: Plan, wallet: Wallet, nudge: Nudge, done: Done) -> None:
    """On one chain, whose lanes are open. Doing it again does nothing."""
    powers = plan.governing(done.chain.id)
    terms = plan.governance
    calls: list[Call] = []
    if terms.kind != Kind.KEY or terms.guardians or terms.updaters:
        calls += await _assignments(plan, wallet)
    for role, accounts in ((GUARDIAN, terms.guardians), (UPDATER, terms.updaters)):
        for account in accounts:
            calls += await _grant(plan, wallet, role, account)
    if powers.holder is not None:
        calls += await _grant(plan, wallet, GOVERNANCE, powers.holder.address)
    await govern(plan, calls, wallet, nudge, done)
    if (governor := powers.named("LockkeeperGovernor")) and powers.holder is not None:
        await _seat(governor, powers.holder, wallet, nudge, done)
    if powers.holder is not None:
        await _give_up(plan, powers, wallet, nudge, done)


async def _assignments(plan: Plan, wallet: Wallet) -> list[Call]:
    """The functions whose role is another one than it should be."""
    calls = []
    authority = plan.authority.address
    standing = plan.gateway, plan.asset_gateway, plan.market.price_breaker
    where = {each.name: each.address for each in standing}
    for contract, function, role in assigned():
        selector, target = artifact(contract).selector(function), str(where[contract])
        (found,) = await view(wallet, authority, "AccessManager", "getTargetFunctionRole", target, selector)
        if found != role:
            data = artifact("AccessManager").call("setTargetFunctionRole", target, [selector], role)
            calls.append(Call(f"role of {function}", authority, data))
    return calls


async def _grant(plan: Plan, wallet: Wallet, role: int, account: Address) -> list[Call]:
    authority = plan.authority.address
    member, _ = await view(wallet, authority, "AccessManager", "hasRole", role, str(account))
    if member:
        return []
    return [Call(f"role of {account}", authority, artifact("AccessManager").call("grantRole", role, str(account), 0))]


async def _seat(governor: Creation, timelock: Creation, wallet: Wallet, nudge: Nudge, done: Done) -> None:
    """Let the governor, and nobody else, propose to the timelock, cancel and execute."""
    known, calls = artifact("TimelockController"), []
    for name in GOVERNOR_ROLES:
        (role,) = await view(wallet, timelock.address, "TimelockController", name)
        (has,) = await view(wallet, timelock.address, "TimelockController", "hasRole", role, str(governor.address))
        if not has:
            data = known.call("grantRole", role, str(governor.address))
            calls.append(Call(f"governor's {name}", timelock.address, data))
    await send_all(calls, wallet, nudge, done)


async def _give_up(plan: Plan, powers: Governing, wallet: Wallet, nudge: Nudge, done: Done) -> None:
    """Renounce what the deployer still holds, once the holder of GOVERNANCE stands and has it without delay."""
    assert powers.holder is not None
    holder, authority = powers.holder.address, plan.authority.address
    governs, delay = await view(wallet, authority, "AccessManager", "hasRole", GOVERNANCE, str(holder))
    if not governs or delay or not await wallet.node.has_code(holder):
        raise Rejected(f"{powers.holder.name} {holder} does not govern chain {wallet.chain}: nothing is given up")
    own, calls = str(wallet.address), []
    (rules,) = await view(wallet, holder, "TimelockController", "hasRole", NO_ROLE, own)
    if rules:
        data = artifact("TimelockController").call("renounceRole", NO_ROLE, own)
        calls.append(Call("timelock's administrator gives up", holder, data))
    still, _ = await view(wallet, authority, "AccessManager", "hasRole", GOVERNANCE, own)
    if still:
        data = artifact("AccessManager").call("renounceRole", GOVERNANCE, own)
        calls.append(Call("deployer gives up", authority, data))
    await send_all(calls, wallet, nudge, done)
