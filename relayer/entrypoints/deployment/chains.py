"""The chains of a deployment."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import ChainId


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain to deploy to."""

    id: ChainId
    name: str
    url: str
