"""Carries out a plan: creates what is missing, then opens what is closed. Doing it again does nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from light_clients.types import Address, ChainId
from relayer.domain.errors import Misconfigured, Rejected, Reverted
from relayer.entrypoints.deployment.addresses import Addresses
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.factory import ensure_factory
from relayer.entrypoints.deployment.plan import FACTORY, Creation, Plan
from relayer.entrypoints.onchain.artifacts import Artifact, artifact
from relayer.entrypoints.onchain.wallet import Wallet

Nudge = Callable[[], Awaitable[None]]
"""Called after transactions were sent, before waiting for them: a chain that mines on demand is told to."""


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
    """Point gateway and asset gateway at their twins on every other chain."""
    calls: list[tuple[str, Address, bytes]] = []
    for remote in plan.chains:
        if remote.id != chain.id:
            calls += await _closed(plan, remote.id, wallet)
    sent = [await wallet.send(to, data) for _, to, data in calls]
    if sent:
        await nudge()
    for (what, _, _), transaction in zip(calls, sent, strict=True):
        done.gas += int((await wallet.settled(transaction))["gasUsed"], 16)
        done.opened.append(what)


async def _closed(plan: Plan, remote: ChainId, wallet: Wallet) -> list[tuple[str, Address, bytes]]:
    """The calls that are still needed for the lanes to and from a chain."""
    gateway, assets = artifact("Gateway"), artifact("AssetGateway")
    client = plan.light_client(remote, ChainId(wallet.chain)).address
    calls = []
    _, _, known = await _view(wallet, plan.gateway.address, gateway, "outbound", remote)
    _, _, verifier = await _view(wallet, plan.gateway.address, gateway, "inbound", remote)
    if (known, verifier) != (str(plan.gateway.address), str(client)):
        data = gateway.call("configureLane", remote, str(plan.gateway.address), str(client))
        calls.append((f"lane {remote}", plan.gateway.address, data))
    (registered,) = await _view(wallet, plan.asset_gateway.address, assets, "remoteOf", remote)
    if registered != str(plan.asset_gateway.address):
        data = assets.call("registerRemote", remote, str(plan.asset_gateway.address))
        calls.append((f"assets {remote}", plan.asset_gateway.address, data))
    return calls


async def _view(
    wallet: Wallet, to: Address, contract: Artifact, function: str, *arguments: object
) -> tuple[object, ...]:
    answer = await wallet.node.view(to, contract.call(function, *arguments))
    return contract.result(function, answer, arguments=len(arguments))


async def _require_funds(wallet: Wallet) -> None:
    if int(await wallet.node.rpc("eth_getBalance", str(wallet.address), "latest"), 16) == 0:
        raise Misconfigured(
            "key", f"{wallet.address} has no funds on chain {wallet.chain}", "send it some ether and try again"
        )
