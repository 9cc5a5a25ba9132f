"""Address files: one JSON per chain, read by people, the command line and other tools."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from light_clients.types import Address, ChainId
from relayer.domain.errors import Misconfigured


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
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Addresses:
        return cls(
            _chain_id(found["chain"]),
            found["name"],
            Address.from_hex(found["accessManager"]),
            Address.from_hex(found["gateway"]),
            Address.from_hex(found["assetGateway"]),
            {_chain_id(source): Address.from_hex(each["address"]) for source, each in found["lightClients"].items()},
            {_chain_id(source): str(each["contract"]) for source, each in found["lightClients"].items()},
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
