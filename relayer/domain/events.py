"""What gateways say: their events, decoded and placed."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.ids import Lane, Nonce, TxRef
from relayer.domain.message import Message


@dataclass(frozen=True, slots=True)
class MessageSent:
    """`MessageSent` and `MessageAccumulated` of one send, joined. The leaf was recomputed from the message."""

    lane: Lane
    nonce: Nonce
    message: Message
    id: Hash32
    accumulator: Hash32
    """The lane's accumulator after this message, as the gateway says."""
    at: TxRef


@dataclass(frozen=True, slots=True)
class BatchDelivered:
    """The destination moved its lane forward; each message was executed unless a `MessageFailed` names it."""

    source: ChainId
    destination: ChainId
    first: Nonce
    last: Nonce
    accumulator: Hash32
    relayer: Address
    at: TxRef


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """Delivered, but the recipient refused; anyone may retry."""

    source: ChainId
    destination: ChainId
    nonce: Nonce
    id: Hash32
    at: TxRef


@dataclass(frozen=True, slots=True)
class MessageRetried:
    """A failed message was executed at last."""

    source: ChainId
    destination: ChainId
    nonce: Nonce
    id: Hash32
    at: TxRef


GatewayEvent = MessageSent | BatchDelivered | MessageFailed | MessageRetried
