"""The gateway's logs and answers, encoded by eth_abi: what our own codecs are held equal to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import encode

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32
from relayer.domain.ids import Lane, Nonce
from relayer.domain.message import Message, fold, lane_id
from tests.adapters.support.anvil import Log

GATEWAY = Address.from_hex("5fbdb2315678afecb367f032d93f642f64180aa3")
REMOTE = Address.from_hex("e7f1725e7734ce288f8367e1bb143e90bb3f0512")
HERE, THERE = ChainId(31337), ChainId(31338)
LANE = Lane(HERE, GATEWAY, THERE, REMOTE)
BACK = Lane(THERE, REMOTE, HERE, GATEWAY)


def a_message(payload: bytes = b"payload", **fields: Any) -> Message:
    values: dict[str, Any] = {
        "sender": Address(b"\x0a" * 20),
        "recipient": Address(b"\x0b" * 20),
        "fee": 7,
        "gas_limit": 200_000,
        "deadline": 0,
        "flags": 0,
    }
    return Message(**(values | fields), payload=payload)


def interoperable(chain: ChainId, account: Address) -> bytes:
    reference = chain.to_bytes((chain.bit_length() + 7) // 8, "big")
    return b"\x00\x01\x00\x00" + bytes([len(reference)]) + reference + b"\x14" + account


def topic(signature: str) -> bytes:
    return keccak256(signature.encode())


def uint(value: int) -> bytes:
    return value.to_bytes(32, "big")


def sent_logs(messages: Sequence[Message], lane: Lane = LANE, first: int = 1) -> list[Log]:
    """Two logs a message."""
    logs: list[Log] = []
    accumulator = lane_id(lane)
    for nonce, message in enumerate(messages, first):
        leaf = message.leaf(lane, Nonce(nonce))
        accumulator = fold(accumulator, leaf)
        ends = interoperable(lane.source, message.sender), interoperable(lane.destination, message.recipient)
        body = encode(["bytes", "bytes", "bytes", "uint256", "bytes[]"], [*ends, message.payload, 0, [b"\1\2\3\4"]])
        logs.append(Log([topic("MessageSent(bytes32,bytes,bytes,bytes,uint256,bytes[])"), leaf], body))
        values = [accumulator, message.fee, message.gas_limit, message.deadline, message.flags]
        logs.append(
            Log(
                [
                    topic("MessageAccumulated(uint64,uint64,bytes32,uint128,uint32,uint64,uint8)"),
                    uint(lane.destination),
                    uint(nonce),
                ],
                encode(["bytes32", "uint128", "uint32", "uint64", "uint8"], values),
            )
        )
    return logs


def accumulator_of(messages: Sequence[Message], lane: Lane = LANE) -> Hash32:
    accumulator = lane_id(lane)
    for nonce, message in enumerate(messages, 1):
        accumulator = fold(accumulator, message.leaf(lane, Nonce(nonce)))
    return accumulator


def delivered_log(first: int, last: int, accumulator: bytes, relayer: Address) -> Log:
    body = encode(["uint64", "uint64", "bytes32", "address"], [first, last, accumulator, str(relayer)])
    return Log([topic("BatchDelivered(uint64,uint64,uint64,bytes32,address)"), uint(THERE)], body)


EXTRAS = {"MessageBounced": ",bytes32", "MessageExpressed": ",address"}


def outcome_log(name: str, nonce: int, identity: bytes, extra: bytes = b"") -> Log:
    signature = f"{name}(uint64,uint64,bytes32{EXTRAS.get(name, '')})"
    return Log([topic(signature), uint(THERE), uint(nonce), identity], extra)


def payment_log(name: str, relayer: Address, amount: int, owed: bytes | None = None) -> Log:
    body = uint(amount) if owed is None else owed
    return Log([topic(f"{name}(uint64,address,uint256)"), uint(THERE), bytes(12) + relayer], body)
