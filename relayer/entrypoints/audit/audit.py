"""Audits a live deployment: reads all its chains, and tells every power that any key holds."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.types import Address, ChainId
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.audit.authority import check_members, check_roles, read_authority
from relayer.entrypoints.audit.clients import read_client
from relayer.entrypoints.audit.code import check_code, check_parts, recognised
from relayer.entrypoints.audit.findings import ChainReport, Power
from relayer.entrypoints.audit.functions import check_functions, powers_over, read_functions
from relayer.entrypoints.audit.holders import Holders
from relayer.entrypoints.audit.market import check_market, check_settlement
from relayer.entrypoints.audit.reading import Reading
from relayer.entrypoints.deployment.addresses import Addresses
from relayer.entrypoints.deployment.roles import GOVERNANCE


async def audit(chains: Sequence[tuple[Reading, Addresses]]) -> list[ChainReport]:
    """One report a chain."""
    everywhere: dict[ChainId, Holders] = {}
    reports = []
    for reading, addresses in chains:
        if addresses.governors is None:
            wrong = f"{addresses.name}.json does not say who was meant to govern"
            raise Misconfigured("addresses", wrong, "write it again with `lockkeeper deploy`")
        await reading.start()
        report = ChainReport(addresses.name, f"eip155:{addresses.chain}", reading.block)
        everywhere[addresses.chain] = Holders(reading, addresses, report, everywhere)
        reports.append(report)
    files = {addresses.chain: (reading, addresses) for reading, addresses in chains}
    for (reading, addresses), report in zip(chains, reports, strict=True):
        await _one(reading, addresses, files, everywhere[addresses.chain], report)
    return reports


async def _one(
    reading: Reading,
    addresses: Addresses,
    files: dict[ChainId, tuple[Reading, Addresses]],
    holders: Holders,
    report: ChainReport,
) -> None:
    assert addresses.governors is not None
    standing = {
        "AccessManager": addresses.access_manager,
        "Gateway": addresses.gateway,
        "AssetGateway": addresses.asset_gateway,
        **_selling(addresses),
        **addresses.governors.contracts,
    }
    for name, where in standing.items():
        await check_code(reading, name, where, report)
    if any(finding.name == "CodeMissing" for finding in report.findings):
        return
    await check_parts(reading, addresses.asset_gateway, report)
    await _check_wiring(reading, addresses, report)
    await check_market(reading, addresses, report)
    authority = await read_authority(reading, addresses, holders.accounts())
    await check_members(reading, authority, addresses.governors, report)
    await check_roles(reading, authority, report)
    for member in authority.members[GOVERNANCE]:
        holder = await holders.describe(member.account)
        report.powers.append(Power("AccessManager", "everything", "GOVERNANCE", holder, member.delay))
    for contract in ("Gateway", "AssetGateway", *_selling(addresses)):
        where = standing[contract]
        found = await read_functions(reading, where, contract, authority.address)
        check_functions(contract, found, report)
        report.powers += await powers_over(reading, (contract, where), found, authority, holders)
    for source, where in addresses.light_clients.items():
        there = files[source][0] if source in files else Reading(f"eip155:{source}", source, [])
        _, remote = files.get(source, (None, None))
        client = await _check_lane(reading, addresses, there, remote, report)
        name = addresses.verified_by[source] if client == where else await recognised(reading, client)
        await read_client(reading, there, name, client, report)


async def _check_wiring(reading: Reading, addresses: Addresses, report: ChainReport) -> None:
    """That the contracts of this chain ask the AccessManager that was read, and each other."""
    obeying = {"Gateway": addresses.gateway, "AssetGateway": addresses.asset_gateway, **_selling(addresses)}
    for contract, where in obeying.items():
        found = await reading.address(where, contract, "authority")
        if found != addresses.access_manager:
            report.critical("AuthorityDiffers", f"{contract} {where} obeys {found}")
        if await reading.one(addresses.access_manager, "AccessManager", "isTargetClosed", str(where)):
            report.warning("TargetClosed", f"nobody can call the restricted functions of {contract} {where}")
    found = await reading.address(addresses.asset_gateway, "AssetGateway", "gateway")
    if found != addresses.gateway:
        report.critical("GatewayDiffers", f"the asset gateway works with {found}")


async def _check_lane(
    reading: Reading, addresses: Addresses, there: Reading, remote: Addresses | None, report: ChainReport
) -> Address:
    """The light client that the lane has now."""
    gateway, source, name = addresses.gateway, there.chain, there.name
    _, _, found = await reading.view(gateway, "Gateway", "inbound", source)
    client = Address.from_hex(found)
    if client != addresses.light_clients[source]:
        report.critical("ClientDiffers", f"messages from {name} are verified by {client}, not by the deployed client")
    if await reading.one(gateway, "Gateway", "paused", source):
        report.warning("LanePaused", f"the lane with {name} is paused")
    if await reading.one(addresses.asset_gateway, "AssetGateway", "remotePaused", source):
        report.warning("RemotePaused", f"assets neither go to {name} nor come from it")
    if remote is None:
        report.warning("RemoteUnread", f"there is a lane with {name}, which is not among the chains that were read")
        return client
    _, _, known = await reading.view(gateway, "Gateway", "outbound", source)
    if known != str(remote.gateway):
        report.critical("LaneMisdirected", f"the gateway of {name} is {known} here, and {remote.gateway} there")
    assets = await reading.one(addresses.asset_gateway, "AssetGateway", "remoteOf", source)
    if assets != str(remote.asset_gateway):
        report.critical("RemoteMisdirected", f"the asset gateway of {name} is {assets} here")
    await check_settlement(reading, addresses, remote, report)
    return client


def _selling(addresses: Addresses) -> dict[str, Address]:
    """The contracts of the marketplace, by name; a deployment from before it has none."""
    return {} if addresses.market is None else addresses.market.contracts()
