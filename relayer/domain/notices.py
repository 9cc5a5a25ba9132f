"""What is told to listeners and kept by nobody: how things stand, read anew after each start."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from light_clients.types import Address, ChainId, Height
from relayer.domain.events import MessageSent
from relayer.domain.ids import Gas, Lane, Wei


@dataclass(frozen=True, slots=True)
class LaneStands:
    """What a lane still has to do, as history has it: also what was seen before this process began."""

    lane: Lane
    oldest: MessageSent | None
    """The oldest message that is not delivered."""
    failures: int
    """Messages that have failed, and were neither retried nor sent back."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a light client believes its source, and for how long."""

    height: Height
    """The newest header that it has verified."""
    timestamp: int | None
    """That header's; None where the contract does not say."""
    period: int | None
    """Seconds after the timestamp in which it takes another header; None: for ever."""
    frozen: bool


@dataclass(frozen=True, slots=True)
class ClientSeen:
    """A light client was looked at."""

    source: ChainId
    destination: ChainId
    client: Address
    trust: Trust


@dataclass(frozen=True, slots=True)
class MisbehaviourSubmitted:
    """Evidence against a source was handed to the submitter of the chain where its light client stands."""

    source: ChainId
    destination: ChainId
    client: Address


class Purpose(StrEnum):
    """What a transaction is for."""

    DELIVERY = "delivery"
    ERRAND = "errand"
    """A header, a retry, a bounce, a claim, evidence."""
    GAP = "gap"
    """Nothing but its account nonce, which later transactions wait for."""


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """What the submitter of an account has before it."""

    chain: ChainId
    account: Address
    nonce: int
    """Transactions of the account that are mined."""
    queued: int
    """Deliveries and errands that no transaction was signed for yet."""
    live: tuple[int, ...]
    """Account nonces of transactions that are not mined."""


@dataclass(frozen=True, slots=True)
class TransactionOffered:
    """Nodes have taken a transaction."""

    chain: ChainId
    account: Address
    nonce: int
    purpose: Purpose
    attempt: int
    """1 for the first; each replacement with a higher fee counts one more. Said again, it counts no more."""


@dataclass(frozen=True, slots=True)
class TransactionEnded:
    """Nothing more will come of an account nonce's transactions."""

    chain: ChainId
    account: Address
    nonce: int
    purpose: Purpose
    ending: str
    gas_used: Gas
    cost: Wei
    """What the chain has taken for it; zero where nothing was mined."""


Notice = LaneStands | ClientSeen | MisbehaviourSubmitted | AccountSeen | TransactionOffered | TransactionEnded
