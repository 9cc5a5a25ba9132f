"""Receipts of every transaction type, their root, and the proof of one in it; the twin of ReceiptProof.sol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from light_clients.errors import ReceiptMalformed, RlpTrailingBytes, RlpUnexpectedKind, TrieKeyAbsent
from light_clients.evm import trie
from light_clients.evm.errors import (
    LogDataTooShort,
    LogEmitterMismatch,
    LogIndexOutOfRange,
    LogTopicMismatch,
    ReceiptFailed,
    ReceiptProofMalformed,
    ReceiptWithoutStatus,
)
from light_clients.evm.rlp import Encodable, Rlp, decode, decode_list, encode, integer_bytes
from light_clients.types import ZERO_HASH, Address, Bloom, Hash32

TYPES = range(5)
"""Legacy, EIP-2930 access list, EIP-1559 dynamic fee, EIP-4844 blob, EIP-7702 set code."""


@dataclass(frozen=True, slots=True)
class Log:
    """What a contract said in a transaction."""

    address: Address
    topics: tuple[Hash32, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transaction came to."""

    type: int
    outcome: bool | Hash32
    """Whether it succeeded; before Byzantium, the state root after it."""
    cumulative_gas_used: int
    logs_bloom: Bloom
    logs: tuple[Log, ...]

    def encode(self) -> bytes:
        """The value in the receipts trie (EIP-2718)."""
        outcome = self.outcome if isinstance(self.outcome, Hash32) else integer_bytes(self.outcome)
        logs: list[Encodable] = [[log.address, list(log.topics), log.data] for log in self.logs]
        body = encode([outcome, integer_bytes(self.cumulative_gas_used), self.logs_bloom, logs])
        return bytes((self.type,)) + body if self.type else body


def decode_receipt(data: bytes) -> Receipt:
    """The receipt that all of `data` encodes."""
    if not data:
        raise ReceiptMalformed("empty")
    kind = data[0] if data[0] < 0x80 else 0
    if kind not in TYPES or data[0] == 0:
        raise ReceiptMalformed(f"unknown transaction type {data[0]:#04x}")
    body = data[1:] if kind else data
    if not body:
        raise ReceiptMalformed("nothing behind the type")
    try:
        items = decode_list(body)
    except (RlpTrailingBytes, RlpUnexpectedKind) as error:
        raise ReceiptMalformed(str(error)) from error
    match items:
        case [bytes(outcome), bytes(gas), bytes(bloom), list(logs)]:
            pass
        case _:
            raise ReceiptMalformed("not [outcome, gas, bloom, logs]")
    if len(bloom) != 256:
        raise ReceiptMalformed("bloom not of 256 bytes")
    if len(gas) > 8 or gas[:1] == b"\0":
        raise ReceiptMalformed("gas out of range, or with a leading zero")
    cumulative = int.from_bytes(gas, "big")
    return Receipt(kind, _outcome(kind, outcome), cumulative, Bloom(bloom), tuple(map(_log, logs)))


def _outcome(kind: int, outcome: bytes) -> bool | Hash32:
    if outcome in (b"", b"\x01"):
        return outcome == b"\x01"
    if len(outcome) == 32 and kind == 0:
        return Hash32(outcome)
    raise ReceiptMalformed("outcome neither a status nor a legacy root")


def _log(item: Rlp) -> Log:
    match item:
        case [bytes(address), list(topics), bytes(data)] if len(address) == 20 and len(topics) <= 4:
            return Log(Address(address), tuple(map(_topic, topics)), data)
        case _:
            raise ReceiptMalformed("a log that is not [address, up to 4 topics, data]")


def _topic(item: Rlp) -> Hash32:
    if not isinstance(item, bytes) or len(item) != 32:
        raise ReceiptMalformed("a topic not of 32 bytes")
    return Hash32(item)


def receipt_from_json(receipt: Mapping[str, object]) -> Receipt:
    """The receipt that `eth_getTransactionReceipt` or `eth_getBlockReceipts` returns; unproven until its root is."""
    try:
        logs = receipt["logs"]
        if not isinstance(logs, list):
            raise ReceiptMalformed("logs not a list")
        kind = _quantity(receipt.get("type") or "0x0")
        if kind not in TYPES:
            raise ReceiptMalformed(f"unknown transaction type {kind:#04x}")
        root = receipt.get("root")
        legacy_root = Hash32.from_hex(root) if isinstance(root, str) and len(root) == 66 else None
        return Receipt(
            type=kind,
            outcome=legacy_root or _quantity(receipt["status"]) == 1,
            cumulative_gas_used=_quantity(receipt["cumulativeGasUsed"]),
            logs_bloom=Bloom(_data(receipt["logsBloom"])),
            logs=tuple(
                Log(Address(_data(log["address"])), tuple(Hash32(_data(t)) for t in log["topics"]), _data(log["data"]))
                for log in logs
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ReceiptMalformed(f"{type(error).__name__}: {error}") from error


def _quantity(value: object) -> int:
    digits = _hex(value)
    return int.from_bytes(bytes.fromhex("0" * (len(digits) % 2) + digits), "big")


def _data(value: object) -> bytes:
    return bytes.fromhex(_hex(value))


def _hex(value: object) -> str:
    if not isinstance(value, str) or not value.startswith("0x"):
        raise ReceiptMalformed(f"not 0x-prefixed hex: {value!r}")
    return value[2:]


def receipts_trie(receipts: Sequence[Receipt]) -> trie.Trie:
    """The trie of a block's receipts, in the order of its transactions; its root is in the header."""
    return trie.Trie({receipt_key(place): receipt.encode() for place, receipt in enumerate(receipts)})


def receipt_key(place: int) -> bytes:
    """Where the receipt of the block's `place`-th transaction stands."""
    return encode(integer_bytes(place))


def proven_receipt(receipts_root: Hash32, place: int, proof: bytes) -> Receipt:
    """The receipt of the block's `place`-th transaction, by its proof under the header's receipts root."""
    value = trie.verify(receipts_root, key := receipt_key(place), proof)
    if value is None:
        raise TrieKeyAbsent(key)
    return decode_receipt(value)


RECEIPT_PROOF = b"\0"
"""What a receipt proof begins with; a storage proof begins with a list, so with 0xc0 at least."""

_PREFIX = 4
"""0x00, the log's place in its receipt (2 bytes), the length of the key (1 byte)."""


def pack_receipt_proof(place: int, log: int, nodes: bytes) -> bytes:
    """The proof that {proven_log} and the contract take: of the block's `place`-th transaction, the `log`-th log."""
    key = receipt_key(place)
    return RECEIPT_PROOF + log.to_bytes(2, "big") + bytes((len(key),)) + key + nodes


def proven_log(receipts_root: Hash32, proof: bytes) -> Log:
    """The log that the proof is of, in a transaction that succeeded."""
    place, index, nodes = _opened(proof)
    receipt = proven_receipt(receipts_root, place, nodes)
    if isinstance(receipt.outcome, Hash32):
        raise ReceiptWithoutStatus
    if not receipt.outcome:
        raise ReceiptFailed
    if index >= len(receipt.logs):
        raise LogIndexOutOfRange(index, count=len(receipt.logs))
    return receipt.logs[index]


def logged_word(receipts_root: Hash32, emitter: Address, topics: tuple[Hash32, Hash32], proof: bytes) -> Hash32:
    """The first word of the data of the log proven, which `emitter` emitted with these two topics first."""
    log = proven_log(receipts_root, proof)
    if log.address != emitter:
        raise LogEmitterMismatch(log.address, expected=emitter)
    for index, expected in enumerate(topics):
        if log.topics[index : index + 1] != (expected,):
            topic = log.topics[index] if index < len(log.topics) else ZERO_HASH
            raise LogTopicMismatch(index, topic, expected=expected)
    if len(log.data) < 32:
        raise LogDataTooShort(len(log.data))
    return Hash32(log.data[:32])


def _opened(proof: bytes) -> tuple[int, int, bytes]:
    """The transaction's place, the log's place, and the nodes."""
    if len(proof) < _PREFIX or not proof.startswith(RECEIPT_PROOF):
        raise ReceiptProofMalformed("no receipt proof")
    key, nodes = proof[_PREFIX : _PREFIX + proof[3]], proof[_PREFIX + proof[3] :]
    if not key or len(key) < proof[3]:
        raise ReceiptProofMalformed("no key")
    try:
        number = decode(key)
    except RlpTrailingBytes as error:
        raise ReceiptProofMalformed("bytes behind the key") from error
    if not isinstance(number, bytes) or len(number) > 8 or number[:1] == b"\0":
        raise ReceiptProofMalformed("a key that is no canonical number")
    return int.from_bytes(number, "big"), int.from_bytes(proof[1:3], "big"), nodes
