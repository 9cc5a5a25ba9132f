"""Where a contract will stand, known before it is created."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, Hash32
from relayer.entrypoints.onchain.artifacts import artifact

FACTORY = Address.from_hex("4e59b44847b379578588920cA78FbF26c0B4956C")
"""The deterministic deployment proxy that most chains have: calldata is salt ‖ creation code."""

RELEASE = "lockkeeper/1"
"""Part of every salt: another release stands at other addresses."""


@dataclass(frozen=True, slots=True)
class Creation:
    """A contract to be created through the factory."""

    name: str
    salt: Hash32
    code: bytes

    @property
    def address(self) -> Address:
        return Address(keccak256(b"\xff" + FACTORY + self.salt + keccak256(self.code))[12:])


def creation(contract: str, *arguments: object, name: str = "", libraries: Sequence[Creation] = ()) -> Creation:
    """The creation of a contract under its name (`contract` unless told otherwise)."""
    name = name or contract
    linked = artifact(contract).linked({library.name: library.address for library in libraries})
    return Creation(name, keccak256(f"{RELEASE}/{name}".encode()), linked.constructor(*arguments))


def libraries_of(contract: str) -> tuple[Creation, ...]:
    """The libraries that a contract calls, and those that they call."""
    found: dict[str, Creation] = {}
    for name in artifact(contract).links:
        inner = libraries_of(name)
        found |= {library.name: library for library in inner}
        found[name] = creation(name, libraries=inner)
    return tuple(found.values())
