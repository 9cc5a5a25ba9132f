"""Which messages share one `deliver`, and how much gas it is given.

A transaction may use 2^24 gas (EIP-7825) and a good part of a block, and its calldata must pass the 128 KiB at which
nodes refuse a transaction. Before a recipient is called the gateway demands that 64/63 of the message's gas limit is
there. The sum of all limits is therefore always enough, but far too much for a large batch, whose recipients use a
fraction of it: there the node's estimate counts, with room for the greediest message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from light_clients.types import Height
from relayer.domain.ids import Gas
from relayer.domain.message import BOUNCE, Message

TRANSACTION_GAS = 16_777_216
"""EIP-7825."""
CALLDATA_BYTES = 120_000
"""Nodes refuse transactions over 128 KiB; the rest is for the envelope and for luck."""
TAIL_LEAVES = 1_024
"""Longest tail: 32 KB of calldata, a quarter of the room."""
BATCH_MESSAGES = 400
"""More never fit: the smallest message takes 288 bytes of calldata."""

_FIXED_GAS = 300_000
"""Intrinsic gas, storage proof, accumulator, and a light client with a few signatures."""
_REWARD_GAS = 70_000
"""Noting what was earned for the first time, and being paid for what was brought home."""
_UPDATE_GAS_PER_BYTE = 60
"""A committee's signature and member take 96 bytes and about 4,500 gas."""
_GAS_PER_CALLDATA_BYTE = 16
_MESSAGE_GAS = 15_000
"""Folding, calling, and noting a failure."""
_ENDED_GAS = 32_000
"""Noting a failure or an end for the first time: a fresh slot, its log, and an account not seen before."""
_WAY_BACK_GAS = 150_000
"""Joining the reverse lane for the first time: three fresh slots, four logs."""
_WAY_BACK_GAS_PER_BYTE = 22
"""A payload that goes back is hashed, logged and twice copied into memory that nobody gives back."""
_LEAF_GAS = 900
_TYPICAL_EXECUTION = 50_000
"""What a recipient uses as a rule; only picks the size of a batch, which the estimate then confirms."""
_FIXED_BYTES = 4 + 32 + 7 * 32 + 3 * 64
_MESSAGE_BYTES = 288


@dataclass(frozen=True, slots=True)
class Room:
    """What one transaction of the destination may take."""

    gas: Gas
    calldata: int = CALLDATA_BYTES

    @classmethod
    def in_block(cls, block_gas: Gas) -> Room:
        """Nine tenths of a block, so that the chain's own traffic cannot push the transaction out for ever."""
        return cls(Gas(min(TRANSACTION_GAS, block_gas * 9 // 10)))


def message_bytes(message: Message) -> int:
    """Calldata of one more message: its offset, seven words, its payload's length and the payload in whole words."""
    return _MESSAGE_BYTES + -(-len(message.payload) // 32) * 32


def how_many(messages: Sequence[Message], room: Room, evidence: int, provable: int) -> int:
    """How many of these messages fit into one delivery, with the leaves of the other provable ones as its tail.

    At least one, whatever it takes: a message that fits alone must not wait for ever.

    Args:
        messages: The next messages of the lane.
        room: What one transaction may take.
        evidence: Bytes of header update and proof together.
        provable: How many messages the header proves; those left out of the batch go into the tail.
    """
    used_bytes = _FIXED_BYTES + evidence
    used_gas = _FIXED_GAS + evidence * _UPDATE_GAS_PER_BYTE
    for count, message in enumerate(messages):
        used_bytes += message_bytes(message)
        used_gas += max(min(message.gas_limit, _TYPICAL_EXECUTION), _way_back(message)) + _message_overhead(message)
        leaves = provable - count - 1
        fits = (
            used_bytes + leaves * 32 <= room.calldata
            and used_gas + leaves * _LEAF_GAS + _reserve(messages[: count + 1]) <= room.gas
        )
        if not fits:
            return max(count, 1)
    return len(messages)


def worst_case(messages: Sequence[Message], evidence: int, tail: int) -> Gas:
    """Enough gas whatever the recipients do, and whatever has expired when it arrives."""
    fixed = _FIXED_GAS + _REWARD_GAS + evidence * _UPDATE_GAS_PER_BYTE + tail * _LEAF_GAS
    return Gas(fixed + sum(_at_most(message) + _message_overhead(message) for message in messages))


def gas_limit(
    messages: Sequence[Message], estimate: Gas | None, worst: Gas, room: Room, setbacks: int = 0
) -> Gas | None:
    """The gas that the transaction is given; None when it would not fit, and fewer messages must do.

    Each setback of the lane widens the margin: the recipients use more than the estimate showed. A small batch gets
    all it could ever need, because its estimate may have been made behind another relayer's pending delivery.
    """
    if estimate is None:
        return worst if worst <= room.gas else None
    wanted = estimate + estimate * (1 + setbacks) // 8 + _reserve(messages) + sum(map(_way_back, messages))
    limit = min(max(wanted, room.gas // 8), max(worst, estimate + estimate // 8))
    if limit > room.gas:
        return None if len(messages) > 1 else room.gas
    return Gas(limit)


def with_headroom(estimate: Gas) -> Gas:
    """For a single call: a quarter more than estimated, as far as one transaction may have it."""
    return Gas(max(estimate, min(estimate + estimate // 4, TRANSACTION_GAS)))


def reach(first: Height, beyond: Height | None) -> Height | None:
    """The greatest height whose header proves no more messages than one delivery has room for; None: any will do.

    Args:
        first: Block of the next message.
        beyond: Block of the message `TAIL_LEAVES` after it, where there is one.
    """
    return None if beyond is None else Height(max(first, beyond - 1))


def _message_overhead(message: Message) -> int:
    return _MESSAGE_GAS + message_bytes(message) * _GAS_PER_CALLDATA_BYTE


def _at_most(message: Message) -> int:
    """Of its execution or of its end, whichever takes more."""
    return max(message.gas_limit * 64 // 63 + _ENDED_GAS, _way_back(message))


def _way_back(message: Message) -> int:
    """What it takes to send the message back at once, where that may happen while it is delivered."""
    if message.flags != BOUNCE or message.deadline == 0:
        return 0
    return _WAY_BACK_GAS + len(message.payload) * _WAY_BACK_GAS_PER_BYTE


def _reserve(messages: Sequence[Message]) -> int:
    """64/63 of the greatest gas limit must still be there when that message's turn comes."""
    return max(message.gas_limit for message in messages) * 64 // 63
