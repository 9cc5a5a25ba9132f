"""What has become of a message, as far as both its chains have told: a fold over its events, in whatever order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from light_clients.types import Hash32, Height
from relayer.domain.events import (
    BatchDelivered,
    MessageBounced,
    MessageExpired,
    MessageExpressed,
    MessageFailed,
    MessageRetried,
    MessageSent,
)
from relayer.domain.ids import TxRef
from relayer.domain.market.events import Placed


class Stage(StrEnum):
    """Where a message is."""

    TRAVELLING = "travelling"
    FAILED = "failed"
    """Delivered, but its recipient refused; it may yet arrive, or come back."""
    ARRIVED = "arrived"
    BOUNCED = "bounced"
    """What it carried goes back."""
    EXPIRED = "expired"
    """It has had no effect, and never will."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One message's way."""

    sent: MessageSent
    stage: Stage
    ended: Placed | None
    """The event that made it arrive, come back or expire."""
    proven_at: Height | None
    """The source's header under which the destination saw it proven."""
    back: Hash32 | None
    """The message that carries it back."""

    @property
    def arrived(self) -> TxRef | None:
        """On the destination, the transaction that executed it."""
        return self.ended.at if self.ended is not None and self.stage is Stage.ARRIVED else None


def journey(sent: MessageSent, told: Iterable[Placed], height_of: dict[Hash32, Height]) -> Journey:
    """The fold.

    Args:
        sent: The message.
        told: What its destination said of it, and the batch that it was delivered in.
        height_of: The heights of headers under which transactions of the destination proved what they delivered.
    """
    by_kind = {type(each.event): each for each in sorted(told, key=lambda each: each.place, reverse=True)}
    batch, early = by_kind.get(BatchDelivered), by_kind.get(MessageExpressed)
    bringing = early or batch
    height = None if bringing is None else height_of.get(bringing.at.hash)
    stage, ended, back = Stage.TRAVELLING, None, None
    if (bounced := by_kind.get(MessageBounced)) is not None:
        assert isinstance(bounced.event, MessageBounced)
        stage, ended, back = Stage.BOUNCED, bounced, bounced.event.back
    elif retried := by_kind.get(MessageRetried):
        stage, ended = Stage.ARRIVED, retried
    elif expired := by_kind.get(MessageExpired):
        stage, ended = Stage.EXPIRED, expired
    elif MessageFailed in by_kind:
        stage = Stage.FAILED
    elif bringing is not None:
        stage, ended = Stage.ARRIVED, bringing
    return Journey(sent, stage, ended, height, back)
