"""Everything one `deliver` transaction carries; the twin of `IGateway.Delivery`."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import ChainId, Hash32, Height
from relayer.domain.ids import Nonce
from relayer.domain.message import Message


@dataclass(frozen=True, slots=True)
class Delivery:
    """Consecutive messages of one lane with the proof that they were sent."""

    source: ChainId
    height: Height
    """The height of the header the proof is for."""
    first: Nonce
    """The nonce of `messages[0]`."""
    header_update: bytes
    """Input of the light client; empty: it already holds the header."""
    proof: bytes
    messages: tuple[Message, ...]
    tail: tuple[Hash32, ...]
    """Leaves of the proven messages that follow `messages`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive messages of one lane on their way in one transaction."""

    number: int
    """Place among all batches of the lane; the first is 1. No two batches share it, whatever they carry."""
    first: Nonce
    last: Nonce
    height: Height
    """The source header they are proven under."""
    signed: int
    """How many attestations or seals stand behind that header."""
