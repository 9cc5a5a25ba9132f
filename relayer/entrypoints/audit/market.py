"""Whether the marketplace of a chain works with the contracts that were deployed with it, and pays whom it should."""

from __future__ import annotations

from light_clients.types import ZERO_ADDRESS, Address
from relayer.entrypoints.audit.code import check_code, created, filled_in
from relayer.entrypoints.audit.findings import ChainReport
from relayer.entrypoints.audit.reading import Reading
from relayer.entrypoints.deployment.addresses import Addresses, MarketAddresses
from relayer.entrypoints.deployment.creation import libraries_of


async def check_market(reading: Reading, addresses: Addresses, report: ChainReport) -> None:
    """Its wiring on one chain."""
    if (market := addresses.market) is None:
        return
    await _check_parts(reading, addresses.asset_gateway, market, report)
    await _check_appointed(reading, market, report)
    for view, expected in (("gateway", addresses.gateway), ("marketplace", market.marketplace)):
        found = await reading.address(market.settlement, "Settlement", view)
        if found != expected:
            report.critical("SettlementMisled", f"the {view} of Settlement {market.settlement} is {found}")
    treasury = await reading.address(market.settlement, "Settlement", "treasury")
    if treasury != market.treasury:
        report.warning("TreasuryDiffers", f"the marketplace's fees go to {treasury}, not to {market.treasury}")


async def check_settlement(reading: Reading, addresses: Addresses, remote: Addresses, report: ChainReport) -> None:
    """That this chain believes the other's settlement about purchases there, and nobody else."""
    if addresses.market is None:
        return
    known = await reading.address(addresses.market.settlement, "Settlement", "remoteOf", remote.chain)
    if known != (ZERO_ADDRESS if remote.market is None else remote.market.settlement):
        report.critical("SettlementMisdirected", f"the settlement of {remote.name} is {known} here")


async def _check_parts(reading: Reading, asset_gateway: Address, market: MarketAddresses, report: ChainReport) -> None:
    """That each was created to work with the others, and what they call is what was shipped."""
    box = created(market.marketplace, 1)
    meant = {
        "Marketplace": {asset_gateway, box, *_libraries("Marketplace")},
        "Settlement": {market.marketplace, market.price_feeds, *_libraries("Settlement")},
        "PriceBreaker": {market.marketplace},
    }
    for name, expected in meant.items():
        used = await filled_in(reading, name, market.contracts()[name])
        for missing in sorted(expected - used):
            report.critical("CodeDiffers", f"{name} {market.contracts()[name]} does not work with {missing}")
    called = _libraries("Marketplace") | _libraries("Settlement")
    for where, name in {**called, box: "DeliveryBox"}.items():
        await check_code(reading, name, where, report)


def _libraries(contract: str) -> dict[Address, str]:
    return {library.address: library.name for library in libraries_of(contract)}


async def _check_appointed(reading: Reading, market: MarketAddresses, report: ChainReport) -> None:
    settlement, breaker = map(Address.from_hex, await reading.view(market.marketplace, "Marketplace", "appointed"))
    if settlement != market.settlement:
        report.critical("SettlementDiffers", f"the marketplace sells what {settlement} says is paid")
    if breaker != market.price_breaker:
        report.critical("BreakerDiffers", f"the marketplace asks {breaker} about prices")
