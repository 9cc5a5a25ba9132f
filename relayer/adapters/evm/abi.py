"""The gateway's ABI, laid out by hand: logs to events, deliveries to calldata.

A general codec spends most of a message's CPU budget on layouts that never change; these are held equal to eth_abi
by the tests.
"""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.delivery import Delivery
from relayer.domain.ids import Nonce
from relayer.domain.message import Message

MESSAGE_SENT = keccak256(b"MessageSent(bytes32,bytes,bytes,bytes,uint256,bytes[])")
BATCH_DELIVERED = keccak256(b"BatchDelivered(uint64,uint64,uint64,bytes32,address)")
MESSAGE_FAILED = keccak256(b"MessageFailed(uint64,uint64,bytes32)")
MESSAGE_RETRIED = keccak256(b"MessageRetried(uint64,uint64,bytes32)")
MESSAGE_BOUNCED = keccak256(b"MessageBounced(uint64,uint64,bytes32,bytes32)")
MESSAGE_EXPIRED = keccak256(b"MessageExpired(uint64,uint64,bytes32)")
MESSAGE_EXPRESSED = keccak256(b"MessageExpressed(uint64,uint64,bytes32,address)")
FEES_CLAIMED = keccak256(b"FeesClaimed(uint64,address,uint256)")
BOUNCES_PAID = keccak256(b"BouncesPaid(uint64,address,uint256)")

DELIVER = keccak256(
    b"deliver((uint64,uint64,uint64,bytes,bytes,(address,address,uint128,uint32,uint64,uint8,bytes)[],bytes32[]))"
)[:4]
_MESSAGE = b"(address,address,uint128,uint32,uint64,uint8,bytes)"
EXPRESS = keccak256(b"express((uint64,uint64,uint64,bytes,bytes," + _MESSAGE + b"[],bytes32[]),bytes32[])")[:4]
RETRY = keccak256(b"retry(uint64,uint64," + _MESSAGE + b")")[:4]
BOUNCE = keccak256(b"bounce(uint64,uint64," + _MESSAGE + b")")[:4]
CLAIM = keccak256(b"claim(uint64,address,uint64,bytes)")[:4]
INBOUND = keccak256(b"inbound(uint64)")[:4]
OUTBOUND = keccak256(b"outbound(uint64)")[:4]
UPDATE = keccak256(b"update(bytes)")[:4]
SUBMIT_MISBEHAVIOUR = keccak256(b"submitMisbehaviour(bytes)")[:4]

"""ERC-7201: `keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.Gateway")) - 1)) & ~0xff`, recomputed by a
test; `lanes` is the struct's first member."""

_WORD = 32
_MESSAGE_HEAD = 7 * _WORD
_DELIVERY_HEAD = 7 * _WORD
_EVM_ADDRESS_PREFIX = b"\x00\x01\x00\x00"
"""ERC-7930: version 1, chain type eip155."""


class Malformed(ValueError):
    """The bytes are not of the layout they must be of."""


def word(value: int) -> bytes:
    return value.to_bytes(_WORD, "big")


def number(data: bytes, index: int, bits: int = 256) -> int:
    """The unsigned integer in the word at this index."""
    raw = data[_WORD * index : _WORD * (index + 1)]
    if len(raw) != _WORD:
        raise Malformed("the data is too short")
    value = int.from_bytes(raw, "big")
    if value >> bits:
        raise Malformed(f"more than {bits} bits")
    return value


def octets_at(data: bytes, index: int) -> bytes:
    """The dynamic bytes whose offset stands in the word at this index."""
    offset = number(data, index, 64)
    length = int.from_bytes(data[offset : offset + _WORD], "big")
    end = offset + _WORD + length
    if end > len(data):
        raise Malformed("the data is too short")
    return data[offset + _WORD : end]


def address_at(data: bytes, index: int) -> Address:
    return Address(word(number(data, index, 160))[12:])


def hash_at(data: bytes, index: int) -> Hash32:
    return Hash32(data[_WORD * index : _WORD * (index + 1)])


def interoperable(data: bytes) -> tuple[ChainId, Address]:
    """An ERC-7930 address of an EVM chain: `0001 0000 | length | chain | 14 | address`."""
    if data[:4] != _EVM_ADDRESS_PREFIX or len(data) < 6:
        raise Malformed("no ERC-7930 address of an EVM chain")
    length = data[4]
    if len(data) != 6 + length + Address.LENGTH or data[5 + length] != Address.LENGTH or length > 8:
        raise Malformed("no ERC-7930 address of an EVM chain")
    return ChainId(int.from_bytes(data[5 : 5 + length], "big")), Address(data[6 + length :])


def inbound_call(source: ChainId) -> bytes:
    """`inbound(source)`, which returns accumulator, nonce and light client."""
    return INBOUND + word(source)


def outbound_call(destination: ChainId) -> bytes:
    """`outbound(destination)`, which returns accumulator, nonce and remote gateway."""
    return OUTBOUND + word(destination)


def lane_end(data: bytes) -> tuple[Hash32, Nonce]:
    """Accumulator and nonce, of an answer of `inbound` or `outbound`."""
    if len(data) != 3 * _WORD:
        raise Malformed("neither `inbound` nor `outbound` answers so")
    return hash_at(data, 0), Nonce(number(data, 1, 64))


def encode_delivery(delivery: Delivery) -> bytes:
    """Calldata of `deliver(delivery)`."""
    return DELIVER + word(_WORD) + _delivery(delivery)


def encode_express(delivery: Delivery, preceding: Sequence[Hash32]) -> bytes:
    """Calldata of `express(delivery, preceding)`."""
    body = _delivery(delivery)
    return b"".join((EXPRESS, word(2 * _WORD), word(2 * _WORD + len(body)), body, word(len(preceding)), *preceding))


def encode_retry(source: ChainId, nonce: Nonce, message: Message) -> bytes:
    """Calldata of `retry(source, nonce, message)`."""
    return RETRY + word(source) + word(nonce) + word(3 * _WORD) + _message(message)


def encode_bounce(source: ChainId, nonce: Nonce, message: Message) -> bytes:
    """Calldata of `bounce(source, nonce, message)`."""
    return BOUNCE + word(source) + word(nonce) + word(3 * _WORD) + _message(message)


def encode_claim(destination: ChainId, relayer: Address, height: Height, proof: bytes) -> bytes:
    """Calldata of `claim(destination, relayer, height, proof)`."""
    head = word(destination) + relayer.rjust(_WORD, b"\0") + word(height) + word(4 * _WORD)
    return CLAIM + head + _dynamic(proof)


def _delivery(delivery: Delivery) -> bytes:
    update, proof = _dynamic(delivery.header_update), _dynamic(delivery.proof)
    messages = _messages(delivery.messages)
    proof_at = _DELIVERY_HEAD + len(update)
    messages_at = proof_at + len(proof)
    return b"".join(
        (
            word(delivery.source),
            word(delivery.height),
            word(delivery.first),
            word(_DELIVERY_HEAD),
            word(proof_at),
            word(messages_at),
            word(messages_at + len(messages)),
            update,
            proof,
            messages,
            word(len(delivery.tail)),
            *delivery.tail,
        )
    )


def encode_update(update: bytes) -> bytes:
    """Calldata of `ILightClient.update`."""
    return UPDATE + word(_WORD) + _dynamic(update)


def encode_misbehaviour(evidence: bytes) -> bytes:
    """Calldata of `ILightClient.submitMisbehaviour`."""
    return SUBMIT_MISBEHAVIOUR + word(_WORD) + _dynamic(evidence)


def _messages(messages: Sequence[Message]) -> bytes:
    offset = _WORD * len(messages)
    heads: list[bytes] = [word(len(messages))]
    bodies: list[bytes] = []
    for message in messages:
        body = _message(message)
        heads.append(word(offset))
        bodies.append(body)
        offset += len(body)
    return b"".join(heads) + b"".join(bodies)


def _message(message: Message) -> bytes:
    return b"".join(
        (
            message.sender.rjust(_WORD, b"\0"),
            message.recipient.rjust(_WORD, b"\0"),
            word(message.fee),
            word(message.gas_limit),
            word(message.deadline),
            word(message.flags),
            word(_MESSAGE_HEAD),
            _dynamic(message.payload),
        )
    )


def _dynamic(data: bytes) -> bytes:
    return word(len(data)) + data + bytes(-len(data) % _WORD)
