"""Histories of lanes: lane id, then leaf and accumulator of each message."""

from __future__ import annotations

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId
from relayer.domain.ids import Lane, Nonce
from relayer.domain.message import Message, fold, lane_id, returned


def an_address(name: str) -> Address:
    return Address(keccak256(name.encode())[12:])


LANES = [
    Lane(ChainId(31337), an_address("harbour gateway"), ChainId(31338), an_address("island gateway")),
    Lane(ChainId(31338), an_address("island gateway"), ChainId(31337), an_address("harbour gateway")),
    Lane(ChainId(2**64 - 1), Address(b"\xff" * 20), ChainId(1), Address(bytes(19) + b"\1")),
]

ALICE, BOB = an_address("alice"), an_address("bob")

MESSAGES = [
    Message(ALICE, BOB, fee=0, gas_limit=200_000, deadline=0, flags=0, payload=b""),
    Message(ALICE, BOB, fee=0, gas_limit=200_000, deadline=0, flags=0, payload=b""),
    Message(ALICE, BOB, fee=1, gas_limit=1, deadline=1, flags=1, payload=b"\0"),
    Message(BOB, ALICE, fee=10**15, gas_limit=10_000_000, deadline=1_900_000_000, flags=0, payload=bytes(range(32))),
    Message(ALICE, BOB, 2**128 - 1, 2**32 - 1, 2**64 - 1, 2**8 - 1, payload=keccak256(b"long") * 33),
]


def _returned(lane: Lane) -> list[Message]:
    """What comes over this lane when messages of the one in the other direction go back."""
    there = Lane(lane.destination, lane.destination_gateway, lane.source, lane.source_gateway)
    return [returned(message, message.leaf(there, Nonce(place + 1))) for place, message in enumerate(MESSAGES)]


def leaves() -> list[dict[str, str]]:
    """Every lane's history, message by message."""
    cases = []
    for lane in LANES:
        accumulator = lane_id(lane)
        for place, message in enumerate([*MESSAGES, *_returned(lane)]):
            nonce = Nonce(place + 1)
            leaf = message.leaf(lane, nonce)
            before, accumulator = accumulator, fold(accumulator, leaf)
            cases.append(
                {
                    "accumulator": str(accumulator),
                    "accumulatorBefore": str(before),
                    "deadline": hex(message.deadline),
                    "destinationChain": hex(lane.destination),
                    "destinationGateway": str(lane.destination_gateway),
                    "fee": hex(message.fee),
                    "flags": hex(message.flags),
                    "gasLimit": hex(message.gas_limit),
                    "laneId": str(lane_id(lane)),
                    "leaf": str(leaf),
                    "name": f"message {nonce} of lane {lane}",
                    "nonce": hex(nonce),
                    "payload": "0x" + message.payload.hex(),
                    "recipient": str(message.recipient),
                    "sender": str(message.sender),
                    "sourceChain": hex(lane.source),
                    "sourceGateway": str(lane.source_gateway),
                }
            )
    return cases
