"""Values to rows, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.delivery import Batch
from relayer.domain.events import MessageSent
from relayer.domain.facts import Delivered, Mark
from relayer.domain.ids import BlockRef, Lane, Nonce, TxRef
from relayer.domain.lane import LaneState
from relayer.domain.message import Message

Row = sa.Row[Any]
Values = Mapping[str, object]


def block_values(block: BlockRef) -> dict[str, object]:
    return {
        "block_number": block.number,
        "block_hash": block.hash,
        "block_parent": block.parent_hash,
        "block_timestamp": block.timestamp,
    }


def block_of(row: Row) -> BlockRef:
    return BlockRef(Height(row.block_number), Hash32(row.block_hash), Hash32(row.block_parent), row.block_timestamp)


def lane_values(lane: Lane) -> dict[str, object]:
    return {
        "source": lane.source,
        "source_gateway": lane.source_gateway,
        "destination": lane.destination,
        "destination_gateway": lane.destination_gateway,
    }


def lane_of(row: Row) -> Lane:
    return Lane(
        ChainId(row.source), Address(row.source_gateway), ChainId(row.destination), Address(row.destination_gateway)
    )


def state_values(state: LaneState) -> dict[str, object]:
    return {
        "seen": state.seen.nonce,
        "seen_accumulator": state.seen.accumulator,
        "seen_height": state.seen.height,
        "final": state.final,
        "included": state.included.nonce,
        "included_accumulator": state.included.accumulator,
        "included_height": state.included.height,
        "settled": state.settled,
        "batches": state.batches,
        "announced": state.announced,
        "setbacks": state.setbacks,
        "halted": state.halted,
    }


def state_of(row: Row, in_flight: tuple[Batch, ...]) -> LaneState:
    return LaneState(
        lane_of(row),
        seen=Mark(Nonce(row.seen), Hash32(row.seen_accumulator), Height(row.seen_height)),
        final=Nonce(row.final),
        included=Mark(Nonce(row.included), Hash32(row.included_accumulator), Height(row.included_height)),
        settled=Nonce(row.settled),
        in_flight=in_flight,
        batches=row.batches,
        announced=row.announced,
        setbacks=row.setbacks,
        halted=row.halted,
    )


def batch_of(row: Row) -> Batch:
    return Batch(row.number, Nonce(row.first), Nonce(row.last), Height(row.height), row.signed)


def message_values(key: int, sent: MessageSent) -> dict[str, object]:
    message = sent.message
    return {
        "lane": key,
        "nonce": sent.nonce,
        "id": sent.id,
        "sender": message.sender,
        "recipient": message.recipient,
        "fee": message.fee.to_bytes(16, "big"),
        "gas_limit": message.gas_limit,
        "deadline": message.deadline.to_bytes(8, "big"),
        "flags": message.flags,
        "payload": message.payload,
        "accumulator": sent.accumulator,
        "tx": sent.at.hash,
        **block_values(sent.at.block),
    }


def message_of(row: Row, lane: Lane) -> MessageSent:
    message = Message(
        Address(row.sender),
        Address(row.recipient),
        int.from_bytes(row.fee, "big"),
        row.gas_limit,
        int.from_bytes(row.deadline, "big"),
        row.flags,
        row.payload,
    )
    at = TxRef(Hash32(row.tx), block_of(row))
    return MessageSent(lane, Nonce(row.nonce), message, Hash32(row.id), Hash32(row.accumulator), at)


def delivery_values(key: int, fact: Delivered) -> dict[str, object]:
    return {
        "lane": key,
        "last": fact.last,
        "first": fact.first,
        "accumulator": fact.accumulator,
        "relayer": fact.relayer,
        "tx": fact.at.hash,
        **block_values(fact.at.block),
    }
