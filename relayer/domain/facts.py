"""What the daemon learns (facts, past tense), and what a lane calls for (effects, imperative)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.delivery import Batch
from relayer.domain.events import MessageSent
from relayer.domain.ids import BlockRef, Gas, Lane, Nonce, TxRef, Wei
from relayer.domain.notices import Notice
from relayer.domain.transactions import Call


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a lane's number line, with the history that leads to it."""

    nonce: Nonce
    accumulator: Hash32
    height: Height
    """The block that moved the cursor here; on the chain that the cursor is about."""


@dataclass(frozen=True, slots=True)
class MessagesSeen:
    """The source's log holds these consecutive messages; they fold to the accumulators that it names."""

    lane: Lane
    messages: tuple[MessageSent, ...]


@dataclass(frozen=True, slots=True)
class Finalized:
    """The source will not take back messages up to this one."""

    lane: Lane
    upto: Nonce


@dataclass(frozen=True, slots=True)
class SourceReorged:
    """The source has taken back everything after this mark."""

    lane: Lane
    standing: Mark


@dataclass(frozen=True, slots=True)
class BatchPrepared:
    """A delivery is proven, encoded and ready to be submitted."""

    lane: Lane
    first: Nonce
    last: Nonce
    height: Height
    signed: int
    call: Call


@dataclass(frozen=True, slots=True)
class TxSent:
    """A transaction of a batch was handed to the destination."""

    lane: Lane
    batch: Batch
    transaction: Hash32
    attempt: int
    """1 for the first; each replacement with a higher fee counts one more."""


class Ending(StrEnum):
    """How a batch's transaction ended."""

    SETTLED = "settled"
    """Mined and final."""
    REVERTED = "reverted"
    """Mined, without effect."""
    DROPPED = "dropped"
    """It will never be mined: its account nonce went to another transaction, or the chain refuses it."""


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """Nothing more will come of this batch's transaction."""

    lane: Lane
    batch: Batch
    ending: Ending
    gas_used: Gas | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The destination moved the lane forward, by whichever relayer."""

    lane: Lane
    first: Nonce
    last: Nonce
    accumulator: Hash32
    relayer: Address
    at: TxRef


@dataclass(frozen=True, slots=True)
class Settled:
    """The destination will not take back deliveries up to this one."""

    lane: Lane
    upto: Nonce


@dataclass(frozen=True, slots=True)
class DestinationReorged:
    """The destination has taken back every delivery after this mark."""

    lane: Lane
    standing: Mark
    ancestor: Height
    """The newest block of the destination that still stands."""


class Execution(StrEnum):
    """What a message came to on its destination, where that is not plain success in its turn."""

    FAILED = "failed"
    """Its recipient refused it."""
    RETRIED = "retried"
    """It was executed after all."""
    BOUNCED = "bounced"
    """It goes back to its sender, and has had no effect."""
    EXPIRED = "expired"
    """It came after its deadline, and has had no effect."""
    EXPRESSED = "expressed"
    """It was executed ahead of its turn; or has failed, bounced or expired then, which is reported beside."""


@dataclass(frozen=True, slots=True)
class ExecutionReported:
    """What the destination says became of a message."""

    lane: Lane
    nonce: Nonce
    execution: Execution
    at: TxRef
    back: Hash32 | None = None
    """Of a message that bounced: the id of the one that goes back."""
    relayer: Address | None = None
    """Of a message that was expressed: by whom."""


class Payment(StrEnum):
    """For what a gateway pays a relayer."""

    CLAIMED = "claimed"
    """For deliveries to the lane's destination, on a claim."""
    RETURNS = "returns"
    """For what it brought home from there, at once."""


@dataclass(frozen=True, slots=True)
class FeesPaid:
    """The source of a lane paid out of what its messages were charged."""

    lane: Lane
    payment: Payment
    relayer: Address
    amount: Wei
    at: TxRef


@dataclass(frozen=True, slots=True)
class LaneContradicted:
    """A chain or provider contradicted what was proven: the lane stops until an operator resumes it."""

    lane: Lane
    reason: str


@dataclass(frozen=True, slots=True)
class LaneResumed:
    """An operator has looked into the contradiction."""

    lane: Lane


@dataclass(frozen=True, slots=True)
class HeadReached:
    """A chain has been read completely up to this block."""

    chain: ChainId
    head: BlockRef
    final: Height


@dataclass(frozen=True, slots=True)
class ChainReorged:
    """A chain has taken back every block after this one."""

    chain: ChainId
    ancestor: BlockRef


LaneFact = (
    MessagesSeen
    | Finalized
    | SourceReorged
    | BatchPrepared
    | TxSent
    | BatchEnded
    | Delivered
    | Settled
    | DestinationReorged
    | ExecutionReported
    | FeesPaid
    | LaneContradicted
    | LaneResumed
)
ChainFact = HeadReached | ChainReorged
Fact = LaneFact | ChainFact | Notice


@dataclass(frozen=True, slots=True)
class Deliver:
    """Prove and pack what is due. Level-triggered: the lane's state says what, so asking twice is asking once."""

    lane: Lane


@dataclass(frozen=True, slots=True)
class Submit:
    """Bring this call onto the destination. Kept in the outbox until a signed transaction is stored."""

    lane: Lane
    batch: Batch
    call: Call


Effect = Deliver | Submit
