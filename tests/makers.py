"""Values with defaults, so that a test shows only the numbers that matter."""

from __future__ import annotations

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.delivery import Batch
from relayer.domain.events import MessageSent
from relayer.domain.facts import Delivered, MessagesSeen
from relayer.domain.ids import BlockRef, Gas, Lane, Nonce, TxRef
from relayer.domain.message import Message, fold, lane_id
from relayer.domain.transactions import Call


def an_address(seed: int = 1) -> Address:
    return Address(keccak256(b"address %d" % seed)[12:])


def a_hash(seed: object = 1) -> Hash32:
    return keccak256(repr(seed).encode())


def a_lane(source: int = 31337, destination: int = 31338) -> Lane:
    return Lane(ChainId(source), an_address(source), ChainId(destination), an_address(destination))


def a_block(number: int = 1, fork: str = "") -> BlockRef:
    parent = a_hash((number - 1, fork))
    return BlockRef(Height(number), a_hash((number, fork)), parent, 1_700_000_000 + number)


def a_tx(block: BlockRef | None = None, seed: object = 1) -> TxRef:
    return TxRef(a_hash(("tx", seed)), block or a_block())


def a_message(seed: int = 1, gas_limit: int = 200_000, payload: bytes = b"x" * 32) -> Message:
    return Message(an_address(seed), an_address(seed + 1), 0, gas_limit, 0, 0, payload)


def sent_messages(lane: Lane, count: int, first: int = 1, block: BlockRef | None = None) -> tuple[MessageSent, ...]:
    """The messages `first … first + count - 1` of a lane whose n-th message is `a_message(n)`."""
    accumulator = lane_id(lane)
    sent = []
    for nonce in range(1, first + count):
        message = a_message(nonce)
        leaf = message.leaf(lane, Nonce(nonce))
        accumulator = fold(accumulator, leaf)
        at = a_tx(block or a_block(nonce), ("send", nonce))
        sent.append(MessageSent(lane, Nonce(nonce), message, leaf, accumulator, at))
    return tuple(sent[first - 1 :])


def messages_seen(lane: Lane, count: int, first: int = 1) -> MessagesSeen:
    return MessagesSeen(lane, sent_messages(lane, count, first))


def delivered(lane: Lane, first: int, last: int, block: BlockRef | None = None) -> Delivered:
    accumulator = sent_messages(lane, last)[-1].accumulator
    at = a_tx(block or a_block(last), ("deliver", last))
    return Delivered(lane, Nonce(first), Nonce(last), accumulator, an_address(99), at)


def a_batch(number: int = 1, first: int = 1, last: int = 1) -> Batch:
    return Batch(number, Nonce(first), Nonce(last), Height(9), 3)


def a_call(data: bytes = b"deliver") -> Call:
    return Call(an_address(31338), data, Gas(1_000_000))
