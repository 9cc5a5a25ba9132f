"""Made-up histories of three chains: plausible ones, with sales, travels and trouble in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from light_clients.types import ZERO_ADDRESS, ZERO_HASH, Address, ChainId, Hash32
from relayer.domain.events import BatchDelivered, MessageBounced, MessageFailed, MessageRetried, MessageSent
from relayer.domain.ids import Lane, Nonce, TxRef
from relayer.domain.market import events as market
from relayer.domain.market.events import Event, Moved, Placed
from relayer.domain.market.listing import ItemType, Listing
from relayer.domain.market.views import TokenId
from relayer.domain.message import Message
from tests.market_makers import (
    ALICE,
    ASSETS,
    BOB,
    CAROL,
    CHAINS,
    HERONS,
    ISLAND,
    SETTLEMENT,
    a_listing,
    a_place,
)

PEOPLE = (ALICE, BOB, CAROL)
WRAPPED = Address(b"\x77" * 20)
HOME = CHAINS[0]


def payload(way: int, token: Address, receiver: Address, giver: Address, *ids: int) -> bytes:
    """Of an ERC-721, with ids below 256."""
    named = b"" if giver == receiver else giver
    kind = 2 | way | (0x40 if named else 0)
    return bytes([kind]) + token + receiver + named + b"".join(bytes([1, id_]) if id_ else b"\0" for id_ in ids)


DESCRIPTION = bytes([2 | 4]) + HERONS + b"\x06Herons" + b"\x03HRN" + bytes(22)


@dataclass
class World:
    """Chains that go on block by block."""

    random: Random
    history: dict[ChainId, list[Placed]] = field(default_factory=lambda: {chain: [] for chain in CHAINS})
    heights: dict[ChainId, int] = field(default_factory=lambda: dict.fromkeys(CHAINS, 0))
    fork: int = 0
    _sent: dict[Lane, list[MessageSent]] = field(default_factory=dict)
    _delivered: dict[Lane, int] = field(default_factory=dict)
    _failed: list[MessageSent] = field(default_factory=list)
    _purchases: int = 0
    _listings: list[tuple[ChainId, Listing]] = field(default_factory=list)

    def say(self, chain: ChainId, *events: Event) -> TxRef:
        """A block more, with one transaction that says this."""
        at = self.next(chain)
        self.heights[chain] += 1
        for index, event in enumerate(events):
            self.history[chain].append(Placed(chain, at, index, event))
        return at

    def next(self, chain: ChainId) -> TxRef:
        return a_place(self.heights[chain] + 1, chain, self.fork)

    def sent(self, source: ChainId, destination: ChainId, data: bytes, *, ends: Address = ASSETS) -> MessageSent:
        gateway = Address(b"\x6a" * 20)
        lane = Lane(source, gateway, destination, gateway)
        queue = self._sent.setdefault(lane, [])
        message = Message(ends, ends, 1, 100_000, 0, 1, data)
        nonce = Nonce(len(queue) + 1)
        event = MessageSent(lane, nonce, message, message.leaf(lane, nonce), ZERO_HASH, self.next(source))
        queue.append(event)
        return event

    def step(self) -> None:
        """Anything that may happen."""
        chances = (self.mint, self.move, self.travel, self.deliver, self.deliver, self.list, self.buy, self.cancel)
        self.random.choice(chances)()

    def mint(self) -> None:
        self.say(HOME, _moved(ZERO_ADDRESS, self.someone(), self.an_item()))

    def move(self) -> None:
        chain = self.random.choice(CHAINS)
        token = HERONS if chain == HOME else WRAPPED
        self.say(chain, _moved(self.someone(), self.someone(), self.an_item(), token))

    def travel(self) -> None:
        source, destination = self.random.sample(CHAINS, 2)
        item, giver, receiver = self.an_item(), self.someone(), self.someone()
        outward, way = source == HOME, 0 if source == HOME else 8 if destination == HOME else 16
        last = b"" if way != 16 else destination.to_bytes(8, "big")
        to = HOME if way == 16 else destination
        data = payload(way, HERONS, receiver, giver, item)
        if last:
            data = data[: -2 if item else -1] + last + data[-2 if item else -1 :]
        token = HERONS if outward else WRAPPED
        leaving = _moved(giver, ASSETS if outward else ZERO_ADDRESS, item, token)
        described = [self.sent(source, to, DESCRIPTION)] if outward else []
        self.say(source, leaving, *described, self.sent(source, to, data))

    def deliver(self) -> None:
        lanes = [lane for lane, queue in self._sent.items() if self._delivered.get(lane, 0) < len(queue)]
        if not lanes or self.random.random() < 0.2:
            return self.retry()
        lane = self.random.choice(sorted(lanes, key=str))
        first = self._delivered.get(lane, 0) + 1
        last = self.random.randint(first, len(self._sent[lane]))
        self._delivered[lane] = last
        there, events = lane.destination, list[Event]()
        at = self.next(there)
        for sent in self._sent[lane][first - 1 : last]:
            if self.random.random() < 0.2:
                self._failed.append(sent)
                events.append(MessageFailed(lane.source, there, sent.nonce, sent.id, at))
            elif there != HOME and sent.message.sender == ASSETS:
                events.append(market.TokenWrapped(TokenId(HOME, HERONS), WRAPPED))
                events.append(_moved(ZERO_ADDRESS, self.someone(), self.an_item(), WRAPPED))
        batch = BatchDelivered(lane.source, there, Nonce(first), Nonce(last), ZERO_HASH, ALICE, at)
        self.say(there, *events, batch)
        return None

    def retry(self) -> None:
        if not self._failed:
            return
        sent = self._failed.pop(self.random.randrange(len(self._failed)))
        source, there = sent.lane.source, sent.lane.destination
        if self.random.random() < 0.5:
            self.say(there, MessageRetried(source, there, sent.nonce, sent.id, self.next(there)))
            return
        back = self.sent(there, source, sent.id + sent.message.payload, ends=sent.message.sender)
        self.say(there, MessageBounced(source, there, sent.nonce, sent.id, back.id, self.next(there)), back)

    def list(self) -> None:
        chain = self.random.choice(CHAINS)
        token = HERONS if chain == HOME else WRAPPED
        fields = {"token": token, "identifier": self.an_item(), "offerer": self.someone()}
        listing = a_listing(**fields, salt=len(self._listings), amount=self.random.randint(1, 2))
        self._listings.append((chain, listing))
        self.say(chain, market.ListingValidated(listing.hash(), listing))

    def cancel(self) -> None:
        chain = self.random.choice(CHAINS)
        if self.random.random() < 0.3 or not self._listings:
            self.say(chain, market.CounterIncremented(self.someone(), self.random.randint(0, 2)))
            return
        chain, listing = self.random.choice(self._listings)
        self.say(chain, market.ListingCancelled(listing.hash(), self.random.choice((listing.offerer, CAROL))))

    def buy(self) -> None:
        if not self._listings:
            return
        chain, listing = self.random.choice(self._listings)
        self._purchases += 1
        name, buyer = Hash32(self._purchases.to_bytes(32, "big")), self.someone()
        pays = ISLAND if chain != ISLAND else CHAINS[2]
        asking = self.sent(pays, chain, b"buy", ends=SETTLEMENT)
        opened = market.PurchaseOpened(
            name, buyer, listing.hash(), chain, ZERO_ADDRESS, 100, 1, buyer, chain, 0, asking.id
        )
        self.say(pays, opened, asking)
        if self.random.random() < 0.7:
            self.answer(chain, pays, name, buyer, listing)

    def answer(self, chain: ChainId, pays: ChainId, name: Hash32, buyer: Address, listing: Listing) -> None:
        answer = self.sent(chain, pays, b"answer", ends=SETTLEMENT)
        if self.random.random() < 0.5:
            self.say(chain, market.PurchaseRefused(name, listing.hash(), pays, "PriceOutOfBand", answer.id), answer)
            self.say(pays, market.PurchaseRefunded(name, buyer, "PriceOutOfBand", credited=False))
            return
        sold = market.ListingFulfilled(
            listing.hash(), name, listing.offerer, listing.item_type, listing.token, listing.identifier, 1, buyer,
            chain, ZERO_ADDRESS, pays, ZERO_ADDRESS, 100,
        )  # fmt: skip
        handed = _moved(listing.offerer, buyer, listing.identifier, listing.token)
        self.say(chain, handed, sold, market.PurchaseFulfilled(name, listing.hash(), pays, answer.id), answer)
        self.say(pays, market.Credited(name, listing.offerer, ZERO_ADDRESS, pays, 100, 0), market.PurchaseSettled(name))

    def someone(self) -> Address:
        return self.random.choice(PEOPLE)

    def an_item(self) -> int:
        return self.random.randrange(4)


def a_world(seed: int, steps: int = 40) -> World:
    world = World(Random(seed))
    for _ in range(steps):
        world.step()
    return world


def _moved(giver: Address, receiver: Address, item: int, token: Address = HERONS) -> market.ItemsMoved:
    return market.ItemsMoved(token, ItemType.ERC721, giver, receiver, (Moved(item, 1),))
