"""A purchase's two levels, folded from what both chains said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from light_clients.types import ZERO_HASH, Hash32
from relayer.domain.ids import TxRef
from relayer.domain.market.events import (
    SHARE_KINDS,
    Credited,
    Placed,
    PurchaseFulfilled,
    PurchaseOpened,
    PurchaseRefunded,
    PurchaseRefused,
    PurchaseSettled,
)
from relayer.domain.market.journeys import Journey, Stage
from relayer.domain.market.purchases import PurchaseState, PurchaseStep, PurchaseView, Receipt
from relayer.domain.market.views import ItemId, ListingId


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that concerns one purchase."""

    said: Sequence[Placed]
    """Its events on both chains."""
    asking: Journey | None
    """The message *buy*."""
    legs: Sequence[Journey]
    """The messages that bring the item to its delivery chain, as far as there are."""
    item: ItemId | None


def purchase(course: Course) -> PurchaseView | None:
    """None while its payment chain has not told of it."""
    by_kind = {type(each.event): each for each in sorted(course.said, key=lambda each: each.place, reverse=True)}
    opened = by_kind.get(PurchaseOpened)
    if opened is None:
        return None
    asked = opened.event
    assert isinstance(asked, PurchaseOpened)
    answer = by_kind.get(PurchaseFulfilled) or by_kind.get(PurchaseRefused)
    ended = by_kind.get(PurchaseSettled) or by_kind.get(PurchaseRefunded)
    state = state_of(course.said)
    return PurchaseView(
        id=asked.id,
        payment_chain=opened.chain,
        buyer=asked.buyer,
        listing=ListingId(asked.chain, asked.listing),
        item=course.item,
        payment_token=asked.payment_token,
        paid=asked.paid,
        units=asked.units,
        recipient=asked.recipient,
        delivery_chain=asked.delivery_chain,
        deadline=asked.deadline,
        state=state,
        step=_step(course, asked, state, answer),
        reason=_reason(by_kind),
        opened=opened.at,
        answered=None if answer is None else answer.at,
        ended=None if ended is None else ended.at,
        delivered=_delivered(course, asked, answer),
        messages=_messages(course, asked, answer),
        receipts=_receipts(course) if state is PurchaseState.SETTLED else (),
    )


def state_of(said: Iterable[Placed]) -> PurchaseState:
    """The first level alone."""
    kinds = {type(each.event) for each in said}
    if PurchaseSettled in kinds:
        return PurchaseState.SETTLED
    return PurchaseState.REFUNDED if PurchaseRefunded in kinds else PurchaseState.OPEN


def _step(course: Course, asked: PurchaseOpened, state: PurchaseState, answer: Placed | None) -> PurchaseStep:
    if state is PurchaseState.SETTLED:
        return PurchaseStep.DELIVERING if _travels(course, asked) else PurchaseStep.DONE
    if state is PurchaseState.REFUNDED:
        return PurchaseStep.DONE
    if answer is not None:
        return PurchaseStep.FULFILLED if isinstance(answer.event, PurchaseFulfilled) else PurchaseStep.REFUSED
    stage = Stage.TRAVELLING if course.asking is None else course.asking.stage
    if stage is Stage.FAILED:
        return PurchaseStep.FAILED
    return PurchaseStep.REFUSED if stage is Stage.BOUNCED else PurchaseStep.ASKED


def _travels(course: Course, asked: PurchaseOpened) -> bool:
    """The item has left for its delivery chain, and neither is there nor goes back."""
    if not course.legs or course.legs[-1].stage in (Stage.BOUNCED, Stage.EXPIRED):
        return False
    return _arrived(course, asked) is None


def _arrived(course: Course, asked: PurchaseOpened) -> TxRef | None:
    if not course.legs or course.legs[-1].sent.lane.destination != asked.delivery_chain:
        return None
    return course.legs[-1].arrived


def _reason(by_kind: dict[type, Placed]) -> str:
    for kind in (PurchaseRefused, PurchaseRefunded):
        event = by_kind[kind].event if kind in by_kind else None
        if isinstance(event, PurchaseRefused | PurchaseRefunded) and event.reason:
            return event.reason
    return ""


def _delivered(course: Course, asked: PurchaseOpened, answer: Placed | None) -> TxRef | None:
    if answer is None or not isinstance(answer.event, PurchaseFulfilled):
        return None
    if asked.delivery_chain == asked.chain:
        return answer.at
    return _arrived(course, asked)


def _messages(course: Course, asked: PurchaseOpened, answer: Placed | None) -> tuple[Hash32, ...]:
    found = [asked.message]
    if answer is not None and isinstance(answer.event, PurchaseFulfilled | PurchaseRefused):
        found.append(answer.event.message)
    elif course.asking is not None and course.asking.back is not None:
        found.append(course.asking.back)
    found += [leg.sent.id for leg in course.legs]
    return tuple(message for message in found if message != ZERO_HASH)


def _receipts(course: Course) -> tuple[Receipt, ...]:
    credited = [each.event for each in sorted(course.said, key=lambda each: each.place)]
    return tuple(
        Receipt(event.account, event.home_chain, event.amount, SHARE_KINDS[event.kind])
        for event in credited
        if isinstance(event, Credited)
    )
