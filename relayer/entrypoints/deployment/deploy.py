"""Carries out a plan: creates what is missing, then opens what is closed. Doing it again does nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from light_clients.types import Address, ChainId
from relayer.domain.errors import Misconfigured, Rejected, Reverted
from relayer.entrypoints.deployment.addresses import Addresses
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.factory import ensure_factory
from relayer.entrypoints.deployment.plan import FACTORY, Creation, Plan
from relayer.entrypoints.deployment.roles import GOVERNANCE
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.onchain.wallet import Wallet

Nudge = Callable[[], Awaitable[None]]
"""Called after transactions were sent, before waiting for them: a chain that mines on demand is told to."""


@dataclass(frozen=True, slots=True)
class Call:
    """Something governance must do."""

    what: str
    to: Address
    data: bytes


@dataclass(slots=True)
class Done:
    """What a deployment changed on one chain."""

    chain: Chain
    addresses: Addresses
    created: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    gas: int = 0


async def deploy(plan: Plan, chain: Chain, wallet: Wallet, nudge: Nudge) -> Done:
    """Bring one chain to what the plan says."""
    done = Done(chain, plan.addresses(chain))
    await ensure_factory(wallet, nudge)
    for wave in plan.on(chain.id):
        await create(wave, wallet, nudge, done)
    await _open_lanes(plan, chain, wallet, nudge, done)
    return done


async def create(creations: Sequence[Creation], wallet: Wallet, nudge: Nudge, done: Done) -> None:
    """Create those that do not stand yet."""
    codes = await wallet.node.batch([("eth_getCode", [str(creation.address), "latest"]) for creation in creations])
    missing = [creation for creation, code in zip(creations, codes, strict=True) if code == "0x"]
    if not missing:
        return
    await _require_funds(wallet)
    sent = [await _create(creation, wallet) for creation in missing]
    await nudge()
    for creation, transaction in zip(missing, sent, strict=True):
        done.gas += int((await wallet.settled(transaction))["gasUsed"], 16)
        done.created.append(creation.name)


async def _create(creation: Creation, wallet: Wallet) -> str:
    try:
        return await wallet.send(FACTORY, creation.salt + creation.code)
    except Reverted as refusal:
        raise Rejected(f"{creation.name} cannot be created on chain {wallet.chain}: {refusal}") from refusal


async def _open_lanes(plan: Plan, chain: Chain, wallet: Wallet, nudge: Nudge, done: Done) -> None:
    """Point gateway, asset gateway and settlement at their twins on every other chain."""
    calls = await _unappointed(plan, wallet)
    for remote in plan.chains:
        if remote.id != chain.id:
            calls += await _closed(plan, remote.id, wallet)
    await govern(plan, calls, wallet, nudge, done)


async def govern(plan: Plan, calls: Sequence[Call], wallet: Wallet, nudge: Nudge, done: Done) -> None:
    """Make these calls as whoever deploys; where that is not for the key any more, say what is to be decided."""
    if not calls:
        return
    authority = plan.authority.address
    governs, _ = await view(wallet, authority, "AccessManager", "hasRole", GOVERNANCE, str(wallet.address))
    if not governs:
        wanted = "; ".join(f"{call.what}: call {call.to} with 0x{call.data.hex()}" for call in calls)
        raise Rejected(f"chain {wallet.chain} is not governed by {wallet.address}; propose there: {wanted}")
    await send_all(calls, wallet, nudge, done)


async def send_all(calls: Sequence[Call], wallet: Wallet, nudge: Nudge, done: Done) -> None:
    """Make these calls, and remember what they did."""
    if not calls:
        return
    sent = [await wallet.send(call.to, call.data) for call in calls]
    await nudge()
    for call, transaction in zip(calls, sent, strict=True):
        done.gas += int((await wallet.settled(transaction))["gasUsed"], 16)
        done.opened.append(call.what)


async def _closed(plan: Plan, remote: ChainId, wallet: Wallet) -> list[Call]:
    """The calls that are still needed for the lanes to and from a chain."""
    gateway, assets = artifact("Gateway"), artifact("AssetGateway")
    client = plan.light_client(remote, ChainId(wallet.chain)).address
    calls = []
    _, _, known = await view(wallet, plan.gateway.address, "Gateway", "outbound", remote)
    _, _, verifier = await view(wallet, plan.gateway.address, "Gateway", "inbound", remote)
    if (known, verifier) != (str(plan.gateway.address), str(client)):
        data = gateway.call("configureLane", remote, str(plan.gateway.address), str(client))
        calls.append(Call(f"lane {remote}", plan.gateway.address, data))
    (registered,) = await view(wallet, plan.asset_gateway.address, "AssetGateway", "remoteOf", remote)
    if registered != str(plan.asset_gateway.address):
        data = assets.call("registerRemote", remote, str(plan.asset_gateway.address))
        calls.append(Call(f"assets {remote}", plan.asset_gateway.address, data))
    settlement = plan.market.settlement.address
    (settles,) = await view(wallet, settlement, "Settlement", "remoteOf", remote)
    if settles != str(settlement):
        data = artifact("Settlement").call("registerRemote", remote, str(settlement))
        calls.append(Call(f"settlement {remote}", settlement, data))
    return calls


async def _unappointed(plan: Plan, wallet: Wallet) -> list[Call]:
    """The call that tells the marketplace who settles and what guards prices, if it does not know."""
    where = plan.market.marketplace.address
    meant = str(plan.market.settlement.address), str(plan.market.price_breaker.address)
    if await view(wallet, where, "Marketplace", "appointed") == meant:
        return []
    return [Call("market", where, artifact("Marketplace").call("appoint", *meant))]


async def view(wallet: Wallet, to: Address, contract: str, function: str, *arguments: object) -> tuple[Any, ...]:
    """What a view of a contract answers now."""
    known = artifact(contract)
    answer = await wallet.node.view(to, known.call(function, *arguments))
    return known.result(function, answer, arguments=len(arguments))


async def _require_funds(wallet: Wallet) -> None:
    if int(await wallet.node.rpc("eth_getBalance", str(wallet.address), "latest"), 16) == 0:
        raise Misconfigured(
            "key", f"{wallet.address} has no funds on chain {wallet.chain}", "send it some ether and try again"
        )
