"""What gateways say: their events, decoded and placed."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.ids import Lane, Nonce, TxRef, Wei
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


@dataclass(frozen=True, slots=True)
class MessageBounced:
    """A message goes back to its sender: its deadline had passed, or nobody could mend its failure in time."""

    source: ChainId
    destination: ChainId
    nonce: Nonce
    id: Hash32
    back: Hash32
    """The id of the message that goes back, on the reverse lane."""
    at: TxRef


@dataclass(frozen=True, slots=True)
class MessageExpired:
    """A message without a way back was delivered after its deadline, and had no effect."""

    source: ChainId
    destination: ChainId
    nonce: Nonce
    id: Hash32
    at: TxRef


@dataclass(frozen=True, slots=True)
class MessageExpressed:
    """A message was executed ahead of its turn."""

    source: ChainId
    destination: ChainId
    nonce: Nonce
    id: Hash32
    relayer: Address
    at: TxRef


@dataclass(frozen=True, slots=True)
class FeesClaimed:
    """A gateway paid a relayer what it has earned by deliveries to another chain."""

    source: ChainId
    """Where the fees were collected, and are paid."""
    destination: ChainId
    relayer: Address
    amount: Wei
    at: TxRef


@dataclass(frozen=True, slots=True)
class BouncesPaid:
    """A gateway paid a relayer for messages that it brought home."""

    source: ChainId
    """Where the messages were sent once, and have come back to."""
    destination: ChainId
    relayer: Address
    amount: Wei
    at: TxRef


MessageOutcome = MessageFailed | MessageRetried | MessageBounced | MessageExpired | MessageExpressed
FeePayment = FeesClaimed | BouncesPaid
GatewayEvent = MessageSent | BatchDelivered | MessageOutcome | FeePayment
