"""Logs of a gateway to events, strictly: emitter, topics, place and leaf are all checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.evm import abi
from relayer.adapters.evm.faults import Contradiction
from relayer.adapters.evm.wire import Json, address, hash32, items, octets, quantity, record
from relayer.domain.events import (
    BatchDelivered,
    BouncesPaid,
    FeesClaimed,
    GatewayEvent,
    MessageBounced,
    MessageExpired,
    MessageExpressed,
    MessageFailed,
    MessageRetried,
    MessageSent,
)
from relayer.domain.ids import BlockRef, Lane, Nonce, TxRef, Wei
from relayer.domain.message import Message
from relayer.domain.slots import MESSAGE_ACCUMULATED

TOPICS = (
    abi.MESSAGE_SENT,
    MESSAGE_ACCUMULATED,
    abi.BATCH_DELIVERED,
    abi.MESSAGE_FAILED,
    abi.MESSAGE_RETRIED,
    abi.MESSAGE_BOUNCED,
    abi.MESSAGE_EXPIRED,
    abi.MESSAGE_EXPRESSED,
    abi.FEES_CLAIMED,
    abi.BOUNCES_PAID,
)


@dataclass(frozen=True, slots=True)
class Log:
    """One log of the gateway, placed."""

    topics: tuple[Hash32, ...]
    data: bytes
    height: Height
    block: Hash32
    transaction: Hash32
    index: int


def read_logs(answer: Json, emitter: Address, first: Height, last: Height) -> list[Log]:
    """The logs of an `eth_getLogs` answer; raises `Contradiction` on one that was not asked for."""
    logs = [_log(entry, emitter, first, last) for entry in items(answer)]
    for before, after in pairwise(logs):
        if (before.height, before.index) >= (after.height, after.index):
            raise Contradiction("logs out of order")
    return logs


def _log(entry: Json, emitter: Address, first: Height, last: Height) -> Log:
    fields = record(entry)
    if address(fields.get("address")) != emitter:
        raise Contradiction(f"a log of {fields.get('address')!r:.60}, not of the gateway")
    if fields.get("removed"):
        raise Contradiction("a log that was taken back")
    height = Height(quantity(fields.get("blockNumber")))
    if not first <= height <= last:
        raise Contradiction(f"a log of block {height}, outside of {first} … {last}")
    topics = tuple(hash32(topic) for topic in items(fields.get("topics")))
    if not topics or topics[0] not in TOPICS:
        raise Contradiction("a log of another event")
    return Log(
        topics,
        octets(fields.get("data")),
        height,
        hash32(fields.get("blockHash")),
        hash32(fields.get("transactionHash")),
        quantity(fields.get("logIndex")),
    )


class LogDecoder:
    """Makes events of the logs of one chain's gateway."""

    def __init__(self, chain: ChainId, gateway: Address, remotes: Mapping[ChainId, Address]) -> None:
        self._chain = chain
        self._gateway = gateway
        self._remotes = remotes
        self._readers: dict[Hash32, Callable[[Log, TxRef], GatewayEvent]] = {
            MESSAGE_ACCUMULATED: _unpaired,
            abi.BATCH_DELIVERED: self._batch_delivered,
            abi.MESSAGE_FAILED: lambda log, at: MessageFailed(*self._outcome(log), at),
            abi.MESSAGE_RETRIED: lambda log, at: MessageRetried(*self._outcome(log), at),
            abi.MESSAGE_BOUNCED: lambda log, at: MessageBounced(*self._outcome(log), _hash_in(log), at),
            abi.MESSAGE_EXPIRED: lambda log, at: MessageExpired(*self._outcome(log), at),
            abi.MESSAGE_EXPRESSED: lambda log, at: MessageExpressed(
                *self._outcome(log), abi.address_at(log.data, 0), at
            ),
            abi.FEES_CLAIMED: lambda log, at: FeesClaimed(*self._payment(log), at),
            abi.BOUNCES_PAID: lambda log, at: BouncesPaid(*self._payment(log), at),
        }

    def decode(self, logs: Sequence[Log], blocks: Mapping[Hash32, BlockRef]) -> list[GatewayEvent]:
        """The events, in order; messages to chains that are not configured are left out."""
        events: list[GatewayEvent] = []
        rest = iter(logs)
        try:
            for log in rest:
                at = TxRef(log.transaction, blocks[log.block])
                if log.topics[0] == abi.MESSAGE_SENT:
                    event: GatewayEvent | None = self._message_sent(log, next(rest, None), at)
                else:
                    event = self._readers[log.topics[0]](log, at)
                if event is not None:
                    events.append(event)
        except (abi.Malformed, IndexError) as error:
            raise Contradiction(f"a malformed log: {error}") from error
        return events

    def _message_sent(self, sent: Log, accumulated: Log | None, at: TxRef) -> MessageSent | None:
        if accumulated is None or accumulated.topics[0] != MESSAGE_ACCUMULATED:
            raise Contradiction("MessageSent without its MessageAccumulated")
        if (sent.transaction, sent.index + 1) != (accumulated.transaction, accumulated.index):
            raise Contradiction("MessageSent without its MessageAccumulated")
        destination = ChainId(_topic_number(accumulated, 1))
        nonce = Nonce(_topic_number(accumulated, 2))
        message = self._message(sent.data, accumulated.data, destination)
        remote = self._remotes.get(destination)
        if remote is None:
            return None
        lane = Lane(self._chain, self._gateway, destination, remote)
        leaf = message.leaf(lane, nonce)
        if leaf != sent.topics[1]:
            raise Contradiction(f"message {lane}/{nonce} does not hash to its id {sent.topics[1]} on lane {lane!r}")
        return MessageSent(lane, nonce, message, leaf, abi.hash_at(accumulated.data, 0), at)

    def _message(self, sent: bytes, accumulated: bytes, destination: ChainId) -> Message:
        source, sender = abi.interoperable(abi.octets_at(sent, 0))
        target, recipient = abi.interoperable(abi.octets_at(sent, 1))
        if (source, target) != (self._chain, destination):
            raise Contradiction("sender and recipient are of other chains than the lane")
        return Message(
            sender=sender,
            recipient=recipient,
            fee=abi.number(accumulated, 1, 128),
            gas_limit=abi.number(accumulated, 2, 32),
            deadline=abi.number(accumulated, 3, 64),
            flags=abi.number(accumulated, 4, 8),
            payload=abi.octets_at(sent, 2),
        )

    def _batch_delivered(self, log: Log, at: TxRef) -> BatchDelivered:
        return BatchDelivered(
            source=ChainId(_topic_number(log, 1)),
            destination=self._chain,
            first=Nonce(abi.number(log.data, 0, 64)),
            last=Nonce(abi.number(log.data, 1, 64)),
            accumulator=abi.hash_at(log.data, 2),
            relayer=abi.address_at(log.data, 3),
            at=at,
        )

    def _outcome(self, log: Log) -> tuple[ChainId, ChainId, Nonce, Hash32]:
        """Source, destination, nonce and id: what every event about one message begins with."""
        return ChainId(_topic_number(log, 1)), self._chain, Nonce(_topic_number(log, 2)), log.topics[3]

    def _payment(self, log: Log) -> tuple[ChainId, ChainId, Address, Wei]:
        """Source and destination of the lane that pays, whom, and how much."""
        relayer = abi.address_at(log.topics[2], 0)
        return self._chain, ChainId(_topic_number(log, 1)), relayer, Wei(abi.number(log.data, 0))


def _hash_in(log: Log) -> Hash32:
    if len(log.data) != Hash32.LENGTH:
        raise abi.Malformed("not one word")
    return abi.hash_at(log.data, 0)


def _unpaired(log: Log, _: TxRef) -> GatewayEvent:
    raise Contradiction(f"MessageAccumulated {log.index} of block {log.height} without its MessageSent")


def _topic_number(log: Log, index: int) -> int:
    return abi.number(log.topics[index], 0, 64)
