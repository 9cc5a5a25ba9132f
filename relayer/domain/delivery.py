"""Everything one transaction delivers; the twin of `IGateway.Delivery`."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import Hash32, Height
from relayer.domain.ids import Lane, Nonce
from relayer.domain.message import Message


@dataclass(frozen=True, slots=True)
class Delivery:
    """Consecutive messages of a lane, with what proves them."""

    lane: Lane
    height: Height
    """The height of the header that the proof is for."""
    first_nonce: Nonce
    """The nonce of `messages[0]`."""
    header_update: bytes
    """Input of `ILightClient.update`; empty when the destination holds the header already."""
    proof: bytes
    messages: tuple[Message, ...]
    tail: tuple[Hash32, ...] = ()
    """Leaves of the proven messages that follow and are left for another transaction."""
