"""The chains of a deployment, and who attests to them."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import Address, ChainId


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain to deploy to."""

    id: ChainId
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Member:
    """An attester of a committee."""

    address: Address
    weight: int = 1

    def word(self) -> bytes:
        """As the committee client takes it: address ‖ weight."""
        return bytes(self.address) + self.weight.to_bytes(12, "big")
