"""What a relayer does for a lane beside delivering, and when delivering is worth its gas; the operator decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from relayer.domain.backoff import Backoff
from relayer.domain.events import MessageSent
from relayer.domain.ids import Gas, Seconds, Wei
from relayer.domain.message import BOUNCE, RETURNED, Message
from relayer.domain.transactions import Fees

PATIENCE = 86_400
"""Seconds that a failed message without a deadline waits for a retry before it may go back; the gateway's own."""
PATIENTLY = Backoff(Seconds(15.0), Seconds(3600.0))
TEN_MINUTES = Seconds(600.0)


@dataclass(frozen=True, slots=True)
class Mending:
    """What is tried with messages that have failed."""

    retry: bool = True
    attempts: int = 12
    backoff: Backoff = PATIENTLY
    bounce: bool = True


@dataclass(frozen=True, slots=True)
class Profit:
    """When a batch is delivered though nobody is in need of it."""

    factor: float = 0.0
    """Wei of the source that a wei of the destination must bring; 0: everything is delivered at once."""
    patience: Seconds = TEN_MINUTES
    """Whatever it brings, a batch is delivered once its oldest message is this old."""

    def worth(self, messages: Iterable[Message], gas: Gas, fees: Fees, age: float) -> bool:
        """Whether these messages are to be delivered now, together."""
        if self.factor == 0 or age >= self.patience:
            return True
        cost = gas * (fees.base_fee + fees.priority_fee)
        return sum(map(self._brings, messages)) >= cost * self.factor

    def _brings(self, message: Message) -> float:
        """In wei of the source. Who brings a message home is paid in the coin of the home."""
        return message.fee * self.factor if message.flags == RETURNED else message.fee


@dataclass(frozen=True, slots=True)
class Rules:
    """All that may be decided about one lane."""

    mending: Mending = Mending()
    profit: Profit = Profit()
    claim_above: Wei | None = None
    """Fees are claimed once they exceed this; None: on command only."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that has failed, and has been neither retried nor sent back."""

    sent: MessageSent
    since: int
    """Unix seconds: when its destination noted the failure."""


class Remedy(StrEnum):
    """What can be done about a failure."""

    RETRY = "retry"
    BOUNCE = "bounce"


def remedy(failure: Failure, now: int, *, stands: bool = False) -> Remedy | None:
    """What the gateway would let happen at this time, by the destination's clock; None: nothing any more.

    `stands`: its recipient ran to its end, though with the wrong answer, so that it may not go back.
    """
    message = failure.sent.message
    due = message.deadline or failure.since + PATIENCE
    if message.flags == BOUNCE and now > due and not stands:
        return Remedy.BOUNCE
    if message.deadline and now > message.deadline:
        return None
    return Remedy.RETRY
