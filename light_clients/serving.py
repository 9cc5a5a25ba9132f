"""A light client together with the headers that its contract holds, for clients that build on other clients."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from light_clients.errors import ClientFrozen
from light_clients.interface import LightClient
from light_clients.trusted_headers import TrustedHeaders
from light_clients.types import ChainId, Height, TrustedHeader


@dataclass(frozen=True, slots=True)
class Serving:
    """One light-client contract: how it verifies, and what it serves."""

    client: LightClient
    headers: TrustedHeaders = field(default_factory=TrustedHeaders)
    """Frozen when the contract's `frozen()` says so, whatever the reason."""

    @property
    def source(self) -> ChainId:
        """The chain whose headers it serves."""
        return self.client.source

    def advance(self, update: bytes, now: int) -> tuple[Self, TrustedHeader]:
        """The same after its own update, and the header proven; an update that freezes it proves nothing."""
        if self.headers.frozen:
            raise ClientFrozen
        client, header = self.client.advance(update, now)
        headers = self.headers.accept(header)
        if headers.frozen:
            raise ClientFrozen
        return type(self)(client, headers), header

    def header(self, height: Height) -> TrustedHeader:
        """The header served at this height."""
        return self.headers.header(height)
