"""What a lane, a message and a history of messages are called; the twin of contracts/src/types/Message.sol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, Hash32
from relayer.domain.ids import Lane, Nonce

LANE_TYPEHASH = keccak256(
    b"LockkeeperLane(uint64 sourceChain,address sourceGateway,uint64 destinationChain,address destinationGateway)"
)
MESSAGE_TYPEHASH = keccak256(
    b"LockkeeperMessage(bytes32 lane,uint64 nonce,address sender,address recipient,uint128 fee,uint32 gasLimit,"
    b"uint64 deadline,uint8 flags,bytes payload)"
)

BOUNCE = 1
"""Flag: what cannot be executed goes back to its sender."""
RETURNED = 2
"""Flag: it has gone back. Only gateways make such messages; see `returned`."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a lane; its lane and nonce are implied by where it stands, and both are in its leaf."""

    sender: Address
    recipient: Address
    fee: int
    """Wei of the source chain that the relayer earns."""
    gas_limit: int
    deadline: int
    """Unix seconds; 0: never."""
    flags: int
    """`BOUNCE`, `RETURNED`, or neither."""
    payload: bytes

    def leaf(self, lane: Lane, nonce: Nonce) -> Hash32:
        """The message's id: what the accumulator takes in."""
        return keccak256(
            MESSAGE_TYPEHASH
            + lane_id(lane)
            + nonce.to_bytes(32, "big")
            + self.sender.rjust(32, b"\0")
            + self.recipient.rjust(32, b"\0")
            + self.fee.to_bytes(32, "big")
            + self.gas_limit.to_bytes(32, "big")
            + self.deadline.to_bytes(32, "big")
            + self.flags.to_bytes(32, "big")
            + keccak256(self.payload)
        )


@lru_cache(maxsize=1024)
def lane_id(lane: Lane) -> Hash32:
    """The lane's identity, which is also the accumulator of its empty history."""
    return keccak256(
        LANE_TYPEHASH
        + lane.source.to_bytes(32, "big")
        + lane.source_gateway.rjust(32, b"\0")
        + lane.destination.to_bytes(32, "big")
        + lane.destination_gateway.rjust(32, b"\0")
    )


def returned(message: Message, id: Hash32) -> Message:  # noqa: A002 the word is the domain's
    """What the destination sends back for a message of this id: the twin of the gateway's `_sendBack`.

    It has neither deadline nor way back, and its fee is half of what was paid at the other end.
    """
    return Message(
        sender=message.recipient,
        recipient=message.sender,
        fee=kept_back(message.fee),
        gas_limit=message.gas_limit,
        deadline=0,
        flags=RETURNED,
        payload=id + message.payload,
    )


def original_of(message: Message) -> tuple[Hash32, bytes]:
    """Id and payload of the message that has come back as this one."""
    return Hash32(message.payload[:32]), message.payload[32:]


def kept_back(fee: int) -> int:
    """What of a fee waits for whoever executes a failed message later, or carries it home."""
    return fee // 2


def fold(accumulator: Hash32, leaf: Hash32) -> Hash32:
    """`accumulator[n] = keccak256(accumulator[n-1] ‖ leaf[n])`."""
    return keccak256(accumulator + leaf)
