"""An item's life, step by step, over all its chains: a fold over what they said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from light_clients.types import ZERO_ADDRESS, Address, ChainId, Hash32, Height
from relayer.domain.market.events import (
    Contracts,
    ItemsMoved,
    ListingCancelled,
    ListingFulfilled,
    ListingValidated,
    Placed,
    PurchaseRefused,
)
from relayer.domain.market.journeys import Journey, Stage
from relayer.domain.market.views import ItemId, Price, ProvenanceStep, StepKind, TokenId

Transaction = tuple[ChainId, Hash32]


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that concerns one item."""

    item: ItemId
    said: Sequence[Placed]
    """What collections and marketplaces said of it."""
    carried: Sequence[Journey]
    """The messages that carried it."""
    buys: Mapping[Hash32, Journey] = field(default_factory=dict)
    """The messages that asked for a purchase, by the purchase."""


def provenance(life: Life, contracts: Mapping[ChainId, Contracts]) -> list[ProvenanceStep]:
    """All steps: each chain's in its own order, causes before effects, and else by time."""
    return _Telling(life, contracts).steps()


class _Telling:
    def __init__(self, life: Life, contracts: Mapping[ChainId, Contracts]) -> None:
        self._life = life
        self._contracts = contracts
        self._sent: dict[Transaction, list[Journey]] = {}
        self._arrived: dict[Transaction, list[Journey]] = {}
        for journey in sorted(life.carried, key=lambda each: (each.sent.lane.source, each.sent.nonce)):
            self._sent.setdefault((journey.sent.lane.source, journey.sent.at.hash), []).append(journey)
            if journey.arrived is not None:
                self._arrived.setdefault((journey.sent.lane.destination, journey.arrived.hash), []).append(journey)
        self._sales = [each for each in life.said if isinstance(each.event, ListingFulfilled)]

    def steps(self) -> list[ProvenanceStep]:
        said = sorted(self._life.said, key=lambda each: each.place)
        told = [step for each in said for step in self._told(each)]
        told += [step for journey in self._life.carried for step in self._come_back(journey)]
        return self._merged(told)

    def _told(self, placed: Placed) -> Iterator[ProvenanceStep]:
        match placed.event:
            case ItemsMoved() as moved:
                amount = sum(m.amount for m in moved.moves if m.identifier == self._life.item.identifier)
                yield self._moved(placed, moved, amount)
            case ListingValidated(hash=name, listing=listing):
                yield _step(StepKind.LISTED, placed, listing.offerer, None, listing.amount, listing=name)
            case ListingCancelled(hash=name, offerer=offerer):
                yield _step(StepKind.CANCELLED, placed, offerer, None, 0, listing=name)
            case PurchaseRefused(id=purchase, listing=name):
                journey = self._life.buys.get(purchase)
                yield _step(StepKind.REFUSED, placed, None, None, 0, journey, purchase=purchase, listing=name)
            case _:
                pass

    def _moved(self, placed: Placed, moved: ItemsMoved, amount: int) -> ProvenanceStep:
        giver, receiver = moved.giver, moved.receiver
        here = placed.chain, placed.at.hash
        there = self._contracts.get(placed.chain)
        custody = None if there is None else there.asset_gateway
        home = TokenId(placed.chain, moved.token) == self._life.item.collection
        if giver == ZERO_ADDRESS:
            journey = None if home else _taken(self._arrived.get(here), receiver)
            return _step(StepKind.MINTED if home else StepKind.WRAPPED, placed, None, receiver, amount, journey)
        if receiver == ZERO_ADDRESS:
            leaving = None if home else _taken(self._sent.get(here), None)
            kind = StepKind.BURNED if leaving is None else StepKind.UNWRAPPED
            return _step(kind, placed, giver, None, amount, leaving, proven=False)
        if home and receiver == custody:
            leaving = _taken(self._sent.get(here), None)
            return _step(StepKind.LOCKED, placed, giver, receiver, amount, leaving, proven=False)
        if home and giver == custody:
            journey = _taken(self._arrived.get(here), receiver)
            return _step(StepKind.RELEASED, placed, giver, receiver, amount, journey)
        if (sale := self._sale(placed, giver)) is not None:
            return self._sold(placed, sale, receiver, amount)
        return _step(StepKind.TRANSFERRED, placed, giver, receiver, amount)

    def _sale(self, placed: Placed, giver: Address) -> ListingFulfilled | None:
        """What the marketplace said next in this transaction, if it is of this giver's item."""
        here = placed.chain, placed.at.hash
        later = [each for each in self._sales if (each.chain, each.at.hash) == here and each.index > placed.index]
        event = min(later, key=lambda each: each.index).event if later else None
        return event if isinstance(event, ListingFulfilled) and event.offerer == giver else None

    def _sold(self, placed: Placed, sale: ListingFulfilled, receiver: Address, amount: int) -> ProvenanceStep:
        return _step(
            StepKind.SOLD,
            placed,
            sale.offerer,
            receiver,
            amount,
            self._life.buys.get(sale.purchase),
            price=Price(sale.payment_chain, sale.payment_token, sale.paid),
            purchase=sale.purchase,
            listing=sale.hash,
        )

    def _come_back(self, journey: Journey) -> Iterator[ProvenanceStep]:
        if journey.stage is Stage.BOUNCED and journey.ended is not None:
            yield _step(StepKind.BOUNCED, journey.ended, None, None, 0, journey)

    def _merged(self, steps: Sequence[ProvenanceStep]) -> list[ProvenanceStep]:
        """Take the earliest of the chains' next steps whose cause was taken before it."""
        queues: dict[ChainId, list[ProvenanceStep]] = {}
        for step in sorted(steps, key=lambda each: (each.at.block.number, each.log_index), reverse=True):
            queues.setdefault(step.chain, []).append(step)
        waiting: dict[Transaction, int] = {}
        for step in steps:
            here = step.chain, step.at.hash
            waiting[here] = waiting.get(here, 0) + 1
        merged: list[ProvenanceStep] = []
        while queues:
            heads = sorted((queue[-1].at.block.timestamp, chain) for chain, queue in queues.items())
            free = (chain for _, chain in heads if not self._waits(queues[chain][-1], waiting))
            chain = next(free, heads[0][1])
            step = queues[chain].pop()
            waiting[step.chain, step.at.hash] -= 1
            merged.append(step)
            if not queues[chain]:
                del queues[chain]
        return merged

    def _waits(self, step: ProvenanceStep, waiting: Mapping[Transaction, int]) -> bool:
        """Whether the transaction that sent what this step was caused by has not been told of yet."""
        cause = step.message if step.source is not None else None
        seen: set[Hash32] = set()
        by_id = {journey.sent.id: journey for journey in (*self._life.carried, *self._life.buys.values())}
        while cause is not None and cause not in seen and (journey := by_id.get(cause)) is not None:
            seen.add(cause)
            there = journey.sent.lane.source, journey.sent.at.hash
            if waiting.get(there):
                return there != (step.chain, step.at.hash)
            # It may only have passed through there.
            before = self._arrived.get(there)
            cause = before[0].sent.id if before else None
        return False


def _taken(journeys: list[Journey] | None, recipient: Address | None) -> Journey | None:
    """The next of the messages of a transaction; each is taken once, and those that are for the recipient first."""
    if not journeys:
        return None
    fitting = (index for index, each in enumerate(journeys) if _is_for(each, recipient))
    at = next(fitting, 0)
    # The last one stays: an item may be carried by one message in several steps.
    return journeys.pop(at) if len(journeys) > 1 else journeys[0]


def _is_for(journey: Journey, recipient: Address | None) -> bool:
    return recipient is not None and bytes(recipient) in journey.sent.message.payload


def _step(  # noqa: PLR0917 a step begins with these
    kind: StepKind,
    placed: Placed,
    giver: Address | None,
    receiver: Address | None,
    amount: int,
    journey: Journey | None = None,
    *,
    proven: bool = True,
    price: Price | None = None,
    purchase: Hash32 | None = None,
    listing: Hash32 | None = None,
) -> ProvenanceStep:
    height: Height | None = journey.proven_at if journey is not None and proven else None
    return ProvenanceStep(
        kind=kind,
        chain=placed.chain,
        at=placed.at,
        log_index=placed.index,
        giver=giver,
        receiver=receiver,
        amount=amount,
        message=None if journey is None else journey.sent.id,
        proven_at=height,
        source=journey.sent.lane.source if journey is not None and proven else None,
        price=price,
        purchase=purchase,
        listing=listing,
    )
