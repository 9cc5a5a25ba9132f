"""The headers that a contract holds, and how it stops serving them; the twin of TrustedHeaders.sol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from light_clients.errors import ClientFrozen, HeaderTooOld, HeaderUnknown
from light_clients.types import Height, TrustedHeader

RING = 256
NONE = Height(0)


@dataclass(frozen=True, slots=True)
class TrustedHeaders:
    """A ring: a header's place is its height modulo 256, and no place goes back to an older header."""

    places: Mapping[int, TrustedHeader] = field(default_factory=dict)
    latest: Height = NONE
    frozen: bool = False

    def accept(self, header: TrustedHeader) -> Self:
        """What the contract holds after an update that proved `header`; two headers of one height freeze it."""
        if self.frozen:
            return self
        place = header.height % RING
        held = self.places.get(place)
        if held is not None and held.height > header.height:
            raise HeaderTooOld(header.height, held=held.height)
        if held is not None and held.height == header.height:
            return self if held == header else self.freeze()
        return replace(self, places={**self.places, place: header}, latest=max(self.latest, header.height))

    def freeze(self) -> Self:
        """What the contract holds after evidence of misbehaviour."""
        return replace(self, frozen=True)

    def header(self, height: Height) -> TrustedHeader:
        """The header that the contract serves at this height."""
        if self.frozen:
            raise ClientFrozen
        held = self.places.get(height % RING)
        if held is None or held.height != height:
            raise HeaderUnknown(height)
        return held
