"""Items and purchases, told from what chains said of them in whatever order."""

from __future__ import annotations

from random import Random

import pytest

from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, ChainId, Hash32, Height
from relayer.domain.events import (
    BatchDelivered,
    MessageBounced,
    MessageExpired,
    MessageExpressed,
    MessageFailed,
    MessageRetried,
    MessageSent,
)
from relayer.domain.ids import Lane, Nonce
from relayer.domain.market.events import (
    Credited,
    ItemsMoved,
    ListingFulfilled,
    Moved,
    Placed,
    PurchaseFulfilled,
    PurchaseOpened,
    PurchaseRefunded,
    PurchaseRefused,
    PurchaseSettled,
)
from relayer.domain.market.journeys import Journey, Stage, journey
from relayer.domain.market.listing import ItemType
from relayer.domain.market.provenance import Life, provenance
from relayer.domain.market.purchase import Course, purchase
from relayer.domain.market.purchases import PurchaseState, PurchaseStep, PurchaseView
from relayer.domain.market.views import ItemId, StepKind, TokenId
from relayer.domain.message import Message
from tests.market_makers import ALICE, ASSETS, BOB, CAROL, CONTRACTS, HARBOUR, HERONS, ISLAND, REEF, a_place, placed

GATEWAY, BOX, WRAPPED = Address(b"\x6a" * 20), Address(b"\xb8" * 20), Address(b"\x77" * 20)
ITEM = ItemId(TokenId(HARBOUR, HERONS), 42)
NAME, LISTING = Hash32(b"\1" * 32), Hash32(b"\2" * 32)


def sent(source: ChainId, destination: ChainId, block: int, nonce: int = 1, payload: bytes = b"") -> MessageSent:
    message = Message(ASSETS, ASSETS, 0, 0, 0, 0, payload)
    lane = Lane(source, GATEWAY, destination, GATEWAY)
    return MessageSent(lane, Nonce(nonce), message, message.leaf(lane, Nonce(nonce)), ZERO_HASH, a_place(block, source))


def delivery(message: MessageSent, block: int) -> Placed:
    at, there = a_place(block, message.lane.destination), message.lane.destination
    batch = BatchDelivered(message.lane.source, there, message.nonce, message.nonce, ZERO_HASH, ALICE, at)
    return Placed(there, at, 9, batch)


def outcome(kind: type, message: MessageSent, block: int, *extra: object) -> Placed:
    at, there = a_place(block, message.lane.destination), message.lane.destination
    return Placed(there, at, 3, kind(message.lane.source, there, message.nonce, message.id, *extra, at))


def travelled(message: MessageSent, block: int, height: int) -> Journey:
    told = delivery(message, block)
    return journey(message, [told], {told.at.hash: Height(height)})


def move(giver: Address, receiver: Address, token: Address = HERONS) -> ItemsMoved:
    return ItemsMoved(token, ItemType.ERC721, giver, receiver, (Moved(42, 1),))


MESSAGE = sent(HARBOUR, ISLAND, 5)


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ([], Stage.TRAVELLING),
        ([delivery(MESSAGE, 7)], Stage.ARRIVED),
        ([delivery(MESSAGE, 7), outcome(MessageFailed, MESSAGE, 7)], Stage.FAILED),
        (
            [delivery(MESSAGE, 7), outcome(MessageFailed, MESSAGE, 7), outcome(MessageRetried, MESSAGE, 8)],
            Stage.ARRIVED,
        ),
        ([delivery(MESSAGE, 7), outcome(MessageBounced, MESSAGE, 8, NAME)], Stage.BOUNCED),
        ([delivery(MESSAGE, 7), outcome(MessageExpired, MESSAGE, 7)], Stage.EXPIRED),
        ([outcome(MessageExpressed, MESSAGE, 6, ALICE)], Stage.ARRIVED),
        ([outcome(MessageExpressed, MESSAGE, 6, ALICE), delivery(MESSAGE, 7)], Stage.ARRIVED),
        ([outcome(MessageExpressed, MESSAGE, 6, ALICE), outcome(MessageFailed, MESSAGE, 6)], Stage.FAILED),
    ],
)
def test_a_message_is_where_its_destination_says(told: list[Placed], stage: Stage) -> None:
    for order in range(3):
        shuffled = Random(order).sample(told, len(told))

        assert journey(MESSAGE, shuffled, {}).stage is stage


def test_a_message_that_came_early_was_proven_early() -> None:
    early, late = outcome(MessageExpressed, MESSAGE, 6, ALICE), delivery(MESSAGE, 7)

    found = journey(MESSAGE, [late, early], {early.at.hash: Height(50), late.at.hash: Height(60)})

    assert (found.proven_at, found.arrived) == (50, early.at)


def told_life(fast: int = 0) -> Life:
    """Minted at home, sold there for delivery to the island, and back again; the island's clock may be behind."""
    out, back = sent(HARBOUR, ISLAND, 20, payload=bytes(CAROL)), sent(ISLAND, HARBOUR, 31 - fast, payload=bytes(BOB))
    sold = ListingFulfilled(
        LISTING, NAME, ALICE, ItemType.ERC721, HERONS, 42, 1, CAROL, ISLAND, BOX, REEF, ZERO_ADDRESS, 100
    )
    said = [
        placed(move(ZERO_ADDRESS, ALICE), 10),
        placed(move(ALICE, BOX), 20, 0),
        placed(move(BOX, ASSETS), 20, 1),
        placed(sold, 20, 4),
        placed(move(ZERO_ADDRESS, CAROL, WRAPPED), 30 - fast, 0, chain=ISLAND),
        placed(move(CAROL, ZERO_ADDRESS, WRAPPED), 31 - fast, 0, chain=ISLAND),
        placed(move(ASSETS, BOB), 40, 0),
        placed(move(BOB, ZERO_ADDRESS), 41, 0),
    ]
    asking = travelled(sent(REEF, HARBOUR, 15), 20, 900)
    carried = [travelled(out, 30 - fast, 777), travelled(back, 40, 888)]
    return Life(ITEM, said, carried, {NAME: asking})


def test_an_items_life_is_told_with_the_headers_that_proved_it() -> None:
    steps = provenance(told_life(), CONTRACTS)

    assert [(step.kind, step.chain, step.proven_at, step.source) for step in steps] == [
        (StepKind.MINTED, HARBOUR, None, None),
        (StepKind.SOLD, HARBOUR, 900, REEF),
        (StepKind.LOCKED, HARBOUR, None, None),
        (StepKind.WRAPPED, ISLAND, 777, HARBOUR),
        (StepKind.UNWRAPPED, ISLAND, None, None),
        (StepKind.RELEASED, HARBOUR, 888, ISLAND),
        (StepKind.BURNED, HARBOUR, None, None),
    ]
    sale = steps[1]
    assert (sale.giver, sale.receiver, sale.purchase, sale.listing) == (ALICE, BOX, NAME, LISTING)
    assert sale.price is not None
    assert (sale.price.chain, sale.price.amount) == (REEF, 100)
    assert steps[2].message == steps[3].message
    assert steps[4].message == steps[5].message


@pytest.mark.parametrize("fast", [0, 5, 20, 25])
def test_causes_stand_before_effects_whatever_the_clocks_say(fast: int) -> None:
    expected = [step.kind for step in provenance(told_life(), CONTRACTS)]
    life = told_life(fast)

    for order in range(5):
        said, carried = Random(order).sample(life.said, len(life.said)), life.carried[:: 1 if order % 2 else -1]
        shuffled = Life(life.item, said, carried, life.buys)

        assert [step.kind for step in provenance(shuffled, CONTRACTS)] == expected


def test_an_item_that_bounced_says_so() -> None:
    out = sent(HARBOUR, ISLAND, 20)
    bounced = journey(out, [delivery(out, 30), outcome(MessageBounced, out, 31, NAME)], {})
    life = Life(ITEM, [placed(move(ALICE, ASSETS), 20)], [bounced])

    assert [step.kind for step in provenance(life, CONTRACTS)] == [StepKind.LOCKED, StepKind.BOUNCED]


ASKING = sent(ISLAND, HARBOUR, 5)
OPENED = placed(
    PurchaseOpened(NAME, BOB, LISTING, HARBOUR, ZERO_ADDRESS, 100, 1, CAROL, REEF, 99, ASKING.id), 5, chain=ISLAND
)
FULFILLED = placed(PurchaseFulfilled(NAME, LISTING, ISLAND, Hash32(b"\3" * 32)), 8)
REFUSED = placed(PurchaseRefused(NAME, LISTING, ISLAND, "PriceOutOfBand", Hash32(b"\3" * 32)), 8)
CREDITED = placed(Credited(NAME, ALICE, ZERO_ADDRESS, ISLAND, 100, 0), 12, 0, chain=ISLAND)
SETTLED = placed(PurchaseSettled(NAME), 12, 1, chain=ISLAND)
REFUNDED = placed(PurchaseRefunded(NAME, BOB, "", credited=False), 12, chain=ISLAND)
LEG = sent(HARBOUR, REEF, 8)


def seen(*said: Placed, asking: Journey | None = None, legs: tuple[Journey, ...] = ()) -> PurchaseView:
    found = purchase(Course(Random(len(said)).sample(said, len(said)), asking, legs, ITEM))
    assert found is not None
    return found


def test_a_purchase_is_seen_on_both_its_levels() -> None:
    waiting = journey(ASKING, [], {})
    failed = journey(ASKING, [delivery(ASKING, 7), outcome(MessageFailed, ASKING, 7)], {})
    bounced = journey(ASKING, [delivery(ASKING, 7), outcome(MessageBounced, ASKING, 9, NAME)], {})
    done, leg, there = travelled(ASKING, 8, 5), journey(LEG, [], {}), travelled(LEG, 20, 8)
    lost = journey(LEG, [delivery(LEG, 20), outcome(MessageBounced, LEG, 20, NAME)], {})

    for found, state, step in (
        (seen(OPENED, asking=waiting), PurchaseState.OPEN, PurchaseStep.ASKED),
        (seen(OPENED), PurchaseState.OPEN, PurchaseStep.ASKED),
        (seen(OPENED, asking=failed), PurchaseState.OPEN, PurchaseStep.FAILED),
        (seen(OPENED, asking=bounced), PurchaseState.OPEN, PurchaseStep.REFUSED),
        (seen(OPENED, FULFILLED, asking=done, legs=(leg,)), PurchaseState.OPEN, PurchaseStep.FULFILLED),
        (seen(OPENED, REFUSED, asking=done), PurchaseState.OPEN, PurchaseStep.REFUSED),
        (seen(OPENED, FULFILLED, SETTLED, legs=(leg,)), PurchaseState.SETTLED, PurchaseStep.DELIVERING),
        (seen(OPENED, FULFILLED, SETTLED, legs=(there,)), PurchaseState.SETTLED, PurchaseStep.DONE),
        (seen(OPENED, FULFILLED, SETTLED, legs=(lost,)), PurchaseState.SETTLED, PurchaseStep.DONE),
        (seen(OPENED, REFUSED, REFUNDED), PurchaseState.REFUNDED, PurchaseStep.DONE),
    ):
        assert (found.state, found.step) == (state, step)


def test_a_purchase_names_its_transactions_messages_and_receipts() -> None:
    there = travelled(LEG, 20, 8)

    found = seen(OPENED, FULFILLED, CREDITED, SETTLED, asking=travelled(ASKING, 8, 5), legs=(there,))

    assert (found.opened, found.answered, found.ended) == (OPENED.at, FULFILLED.at, SETTLED.at)
    assert found.delivered == there.arrived
    assert found.messages == (ASKING.id, Hash32(b"\3" * 32), LEG.id)
    assert [(each.account, each.amount, each.kind) for each in found.receipts] == [(ALICE, 100, "proceeds")]
    assert seen(OPENED, REFUSED).reason == "PriceOutOfBand"


def test_an_item_that_passes_through_its_home_is_delivered_where_it_ends() -> None:
    first = travelled(sent(HARBOUR, ISLAND, 8), 10, 8)

    assert seen(OPENED, FULFILLED, SETTLED, legs=(first,)).step is PurchaseStep.DELIVERING
    last = travelled(sent(ISLAND, REEF, 10), 20, 10)
    found = seen(OPENED, FULFILLED, SETTLED, legs=(first, last))
    assert (found.step, found.delivered) == (PurchaseStep.DONE, last.arrived)


def test_a_purchase_that_only_the_items_chain_has_told_of_is_not_known_yet() -> None:
    assert purchase(Course([FULFILLED], None, (), ITEM)) is None
