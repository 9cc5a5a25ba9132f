"""Address files: one JSON per chain, read by people, the command line and other tools."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from light_clients.types import Address, ChainId
from relayer.domain.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Governors:
    """Who was meant to govern one chain when it was deployed; `lockkeeper audit-deployment` says who does."""

    kind: str
    """`key`, `timelock` or `dao`."""
    deployer: Address
    home: ChainId | None
    """The chain of the DAO."""
    contracts: dict[str, Address]
    """By name."""
    guardians: tuple[Address, ...]
    updaters: tuple[Address, ...]
    proposers: tuple[Address, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "deployer": str(self.deployer),
            "home": None if self.home is None else f"eip155:{self.home}",
            "contracts": {name: str(address) for name, address in self.contracts.items()},
            "guardians": [str(each) for each in self.guardians],
            "updaters": [str(each) for each in self.updaters],
            "proposers": [str(each) for each in self.proposers],
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Governors:
        return cls(
            str(found["kind"]),
            Address.from_hex(found["deployer"]),
            None if found["home"] is None else _chain_id(found["home"]),
            {name: Address.from_hex(address) for name, address in found["contracts"].items()},
            tuple(map(Address.from_hex, found["guardians"])),
            tuple(map(Address.from_hex, found["updaters"])),
            tuple(map(Address.from_hex, found["proposers"])),
        )


@dataclass(frozen=True, slots=True)
class MarketAddresses:
    """What sells and settles on one chain."""

    marketplace: Address
    settlement: Address
    price_breaker: Address
    price_feeds: Address
    treasury: Address
    """Who was to get the marketplace's fees when it was deployed."""

    def contracts(self) -> dict[str, Address]:
        """By name."""
        return {
            "Marketplace": self.marketplace,
            "Settlement": self.settlement,
            "PriceBreaker": self.price_breaker,
            "PriceFeeds": self.price_feeds,
        }

    def to_json(self) -> dict[str, str]:
        return {
            "marketplace": str(self.marketplace),
            "settlement": str(self.settlement),
            "priceBreaker": str(self.price_breaker),
            "priceFeeds": str(self.price_feeds),
            "treasury": str(self.treasury),
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> MarketAddresses:
        keys = "marketplace", "settlement", "priceBreaker", "priceFeeds", "treasury"
        return cls(*(Address.from_hex(found[key]) for key in keys))


@dataclass(frozen=True, slots=True)
class Addresses:
    """What stands on one chain."""

    chain: ChainId
    name: str
    access_manager: Address
    gateway: Address
    asset_gateway: Address
    light_clients: dict[ChainId, Address]
    """By the chain whose headers they verify."""
    verified_by: dict[ChainId, str]
    """What contract each of them is."""
    governors: Governors | None = None
    """None: of a file that says nothing about it."""
    market: MarketAddresses | None = None
    """None: of a file from before there was one."""

    def to_json(self) -> dict[str, Any]:
        return {
            "chain": f"eip155:{self.chain}",
            "name": self.name,
            "accessManager": str(self.access_manager),
            "gateway": str(self.gateway),
            "assetGateway": str(self.asset_gateway),
            "lightClients": {
                f"eip155:{source}": {"address": str(client), "contract": self.verified_by[source]}
                for source, client in self.light_clients.items()
            },
            "governance": None if self.governors is None else self.governors.to_json(),
            "market": None if self.market is None else self.market.to_json(),
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Addresses:
        governors, market = found.get("governance"), found.get("market")
        return cls(
            _chain_id(found["chain"]),
            found["name"],
            Address.from_hex(found["accessManager"]),
            Address.from_hex(found["gateway"]),
            Address.from_hex(found["assetGateway"]),
            {_chain_id(source): Address.from_hex(each["address"]) for source, each in found["lightClients"].items()},
            {_chain_id(source): str(each["contract"]) for source, each in found["lightClients"].items()},
            None if governors is None else Governors.from_json(governors),
            None if market is None else MarketAddresses.from_json(market),
        )


def write_addresses(folder: Path, addresses: Addresses) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{addresses.name}.json"
    path.write_text(json.dumps(addresses.to_json(), indent=2) + "\n")
    return path


def read_addresses(path: Path) -> Addresses:
    try:
        return Addresses.from_json(json.loads(path.read_text()))
    except OSError as trouble:
        raise Misconfigured("addresses", f"{path}: {trouble.strerror}", "run `lockkeeper deploy` first") from None
    except (ValueError, KeyError, TypeError):
        raise Misconfigured("addresses", f"{path} is no address file", "delete it and deploy again") from None


def _chain_id(caip2: str) -> ChainId:
    namespace, _, reference = caip2.partition(":")
    if namespace != "eip155":
        raise ValueError(caip2)
    return ChainId(int(reference))
