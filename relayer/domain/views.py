"""What the daemon tells people who ask: read models of messages, lanes and chains."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.ids import BlockRef, Gas, Lane, Nonce, Wei


class Stage(StrEnum):
    """Where a message stands, in the order of its life; those from `failed` on are alternatives to `executed`."""

    SEEN = "seen"
    FINAL = "final"
    SUBMITTED = "submitted"
    EXECUTED = "executed"
    """Delivered; not final on the destination yet."""
    SETTLED = "settled"
    """Delivered and executed in a final block of the destination."""
    FAILED = "failed"
    """Delivered, but its recipient refused it; anyone may retry."""
    RETRIED = "retried"
    """Refused once, executed since."""
    BOUNCED = "bounced"
    """Gone back to its sender, without effect."""
    EXPIRED = "expired"
    """Delivered after its deadline, without effect; it has no way back."""
    EXPRESSED = "expressed"
    """Executed ahead of its turn."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message: where it is, how it came there, and what it took."""

    id: Hash32
    lane: Lane
    nonce: Nonce
    stage: Stage
    sender: Address
    recipient: Address
    fee: Wei
    gas_limit: int
    deadline: int
    """Unix seconds; 0: never."""
    flags: int
    payload_length: int
    source_transaction: Hash32
    source_block: BlockRef
    destination_transaction: Hash32 | None
    """The transaction that delivered or expressed it, whoever sent it; ours while it is on its way."""
    destination_block: BlockRef | None
    relayer: Address | None
    header_height: Height | None
    """The source header it was proven under; None when another relayer delivered it."""
    attestations: int | None
    batch: tuple[Nonce, Nonce] | None
    """First and last message of the transaction that delivered it."""
    gas_used: Gas | None
    """Of the whole transaction, where it was ours and is final."""
    returns: Hash32 | None = None
    """The message that has come back as this one."""
    returned_as: Hash32 | None = None
    """The message that this one has gone back as."""


@dataclass(frozen=True, slots=True)
class LaneView:
    """A lane's cursors, and how long its oldest message has been waiting."""

    lane: Lane
    seen: Nonce
    final: Nonce
    submitted: Nonce
    included: Nonce
    settled: Nonce
    oldest_pending: Nonce | None
    oldest_pending_since: int | None
    """Unix seconds: the timestamp of the source block that holds it."""
    setbacks: int
    halted: str
    """Why it has stopped; empty while it runs."""


@dataclass(frozen=True, slots=True)
class ChainView:
    """How far a chain has been read."""

    chain: ChainId
    head: BlockRef
    final: Height
