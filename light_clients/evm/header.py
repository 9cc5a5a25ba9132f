"""Execution headers of every fork from Frontier to Osaka: which fields a header has is a table, and so data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from light_clients.crypto.keccak import keccak256
from light_clients.errors import HeaderHashMismatch, HeaderMalformed, RlpError
from light_clients.evm.rlp import Rlp, decode_list, encode_strings, integer_bytes
from light_clients.types import Address, Bloom, ChainId, Hash32, Height, TrustedHeader


@dataclass(frozen=True, slots=True)
class Header:
    """A block header; fields that its fork does not have yet are None."""

    parent_hash: Hash32
    ommers_hash: Hash32
    beneficiary: Address
    state_root: Hash32
    transactions_root: Hash32
    receipts_root: Hash32
    logs_bloom: Bloom
    difficulty: int
    number: Height
    gas_limit: int
    gas_used: int
    timestamp: int
    extra_data: bytes
    mix_hash: Hash32
    nonce: bytes
    """8 bytes."""
    base_fee_per_gas: int | None = None
    withdrawals_root: Hash32 | None = None
    blob_gas_used: int | None = None
    excess_blob_gas: int | None = None
    parent_beacon_block_root: Hash32 | None = None
    requests_hash: Hash32 | None = None

    def encode(self) -> bytes:
        """The RLP that its hash is the keccak-256 of."""
        values = [getattr(self, field.name) for field in FIELDS]
        while values[-1] is None:
            values.pop()
        if len(values) not in FORKS or None in values:
            raise HeaderMalformed("header", f"{len(values)} fields, or a gap among them, are of no fork")
        return encode_strings([integer_bytes(value) if isinstance(value, int) else value for value in values])

    def hash(self) -> Hash32:
        """The block hash, of chains that hash the header as it stands (all but the BFT family)."""
        return keccak256(self.encode())

    def trusted(self, chain: ChainId, block_hash: Hash32) -> TrustedHeader:
        """The part that light clients vouch for."""
        return TrustedHeader(chain, self.number, block_hash, self.state_root, self.receipts_root, self.timestamp)


def decode_header(data: bytes) -> Header:
    """The header that all of `data` encodes, whichever fork it is of."""
    try:
        items = decode_list(data)
    except RlpError as error:
        raise HeaderMalformed("header", str(error)) from error
    if len(items) not in FORKS:
        raise HeaderMalformed("header", f"{len(items)} fields are of no fork")
    return Header(*[field.parse(field.name, item) for field, item in zip(FIELDS, items, strict=False)])


def header_from_json(block: Mapping[str, object]) -> Header:
    """The header in a JSON-RPC block; whether it is the announced one is for {check_announced} or the consensus."""
    values: list[Any] = []
    for field in FIELDS:
        text = block.get(field.json)
        if text is None:
            break
        if not isinstance(text, str):
            raise HeaderMalformed(field.name, f"not a string: {text!r}")
        values.append(field.parse(field.name, _bytes_of_hex(field, text)))
    if len(values) not in FORKS:
        raise HeaderMalformed(FIELDS[len(values)].name, "missing")
    stray = [field.name for field in FIELDS[len(values) :] if block.get(field.json) is not None]
    if stray:
        raise HeaderMalformed(stray[0], "without the fields that came before it")
    return Header(*values)


def check_announced(
    block: Mapping[str, object], hash_of: Callable[[Header], Hash32] = Header.hash
) -> tuple[Header, Hash32]:
    """The header in a JSON-RPC block together with its hash; refused unless that is the hash the block announces.

    `hash_of` is the chain's own rule where it does not hash the header as it stands.
    """
    header = header_from_json(block)
    announced = block.get("hash")
    if not isinstance(announced, str):
        raise HeaderMalformed("hash", "missing")
    try:
        expected = Hash32.from_hex(announced)
    except ValueError as error:
        raise HeaderMalformed("hash", str(error)) from error
    if (computed := hash_of(header)) != expected:
        raise HeaderHashMismatch(computed, expected)
    return header, computed


def _bytes_of_hex(field: Field, text: str) -> bytes:
    """The bytes behind 0x; of an integer, without the zeros that some nodes put in front."""
    digits = text.removeprefix("0x")
    is_integer = field.parse in (_integer64, _integer256)
    if digits == text or (is_integer and not digits):
        raise HeaderMalformed(field.name, f"not 0x-prefixed hex: {text!r}")
    try:
        if is_integer:
            return bytes.fromhex("0" * (len(digits) % 2) + digits).lstrip(b"\0")
        return bytes.fromhex(digits)
    except ValueError as error:
        raise HeaderMalformed(field.name, str(error)) from error


def _hash(name: str, item: Rlp) -> Hash32:
    return Hash32(_exactly(32, name, item))


def _address(name: str, item: Rlp) -> Address:
    return Address(_exactly(20, name, item))


def _bloom(name: str, item: Rlp) -> Bloom:
    return Bloom(_exactly(256, name, item))


def _eight(name: str, item: Rlp) -> bytes:
    return _exactly(8, name, item)


def _data(name: str, item: Rlp) -> bytes:
    if not isinstance(item, bytes):
        raise HeaderMalformed(name, "a list")
    return item


def _exactly(length: int, name: str, item: Rlp) -> bytes:
    if not isinstance(item, bytes) or len(item) != length:
        raise HeaderMalformed(name, f"not {length} bytes")
    return item


def _integer64(name: str, item: Rlp) -> int:
    return _integer(8, name, item)


def _integer256(name: str, item: Rlp) -> int:
    return _integer(32, name, item)


def _integer(size: int, name: str, item: Rlp) -> int:
    if not isinstance(item, bytes) or len(item) > size:
        raise HeaderMalformed(name, f"not an integer of {size} bytes")
    if item[:1] == b"\0":
        raise HeaderMalformed(name, "a leading zero")
    return int.from_bytes(item, "big")


class Field(NamedTuple):
    """One field of a header."""

    name: str
    json: str
    parse: Callable[[str, Rlp], Any]


FRONTIER = (
    Field("parent_hash", "parentHash", _hash),
    Field("ommers_hash", "sha3Uncles", _hash),
    Field("beneficiary", "miner", _address),
    Field("state_root", "stateRoot", _hash),
    Field("transactions_root", "transactionsRoot", _hash),
    Field("receipts_root", "receiptsRoot", _hash),
    Field("logs_bloom", "logsBloom", _bloom),
    Field("difficulty", "difficulty", _integer256),
    Field("number", "number", _integer64),
    Field("gas_limit", "gasLimit", _integer64),
    Field("gas_used", "gasUsed", _integer64),
    Field("timestamp", "timestamp", _integer64),
    Field("extra_data", "extraData", _data),
    Field("mix_hash", "mixHash", _hash),
    Field("nonce", "nonce", _eight),
)
LONDON = (*FRONTIER, Field("base_fee_per_gas", "baseFeePerGas", _integer256))
SHANGHAI = (*LONDON, Field("withdrawals_root", "withdrawalsRoot", _hash))
TYCHO = (
    *SHANGHAI,
    Field("blob_gas_used", "blobGasUsed", _integer64),
    Field("excess_blob_gas", "excessBlobGas", _integer64),
)
"""BNB Smart Chain had blobs before it had the beacon root."""

CANCUN = (*TYCHO, Field("parent_beacon_block_root", "parentBeaconBlockRoot", _hash))
PRAGUE = (*CANCUN, Field("requests_hash", "requestsHash", _hash))
"""Osaka adds none."""

FIELDS = PRAGUE
"""Every field there is, in the order of the RLP; a later fork only ever appended some."""

FORKS = frozenset(map(len, (FRONTIER, LONDON, SHANGHAI, TYCHO, CANCUN, PRAGUE)))
"""How many fields a header can have."""
