"""The extra data of QBFT and IBFT 2.0 headers, and the hashes that leave some of it out.

            nodes serve                            validators sign                    the block hash covers
QBFT        [vanity, list, vote, round, [seals]]   [vanity, list, vote, round, []]    [vanity, list, vote, 0, []]
IBFT 2.0    [vanity, list, vote, round, [seals]]   [vanity, list, vote, round]        [vanity, list, vote]

Source: Besu `QbftExtraDataCodec`, `IbftExtraDataCodec`, `BftBlockHashing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from light_clients.bft.errors import ExtraDataMalformed
from light_clients.errors import RlpError
from light_clients.evm.header import Header
from light_clients.evm.rlp import Encodable, Rlp, decode_list, encode, integer, integer_bytes
from light_clients.types import Address, Hash32

ISTANBUL_DIGEST = Hash32.from_hex("0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365")
"""The mix hash of every header of this family: part of keccak256("Istanbul practical byzantine fault tolerance")."""

ROUND_BYTES = 4


class Dialect(Enum):
    """How the extra data is written; all other rules are the same."""

    QBFT = "qbft"
    IBFT2 = "ibft2"


class Form(Enum):
    """How much of the extra data stands in the header."""

    SEALED = "sealed"
    """All of it: what nodes serve."""
    COMMIT = "commit"
    """Without the seals: what validators sign."""
    BLOCK = "block"
    """Without the round and the seals: what the block hash covers."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A proposer's wish to add a validator or to drop one."""

    recipient: Address
    add: bool


@dataclass(frozen=True, slots=True)
class ExtraData:
    """What the extra data says."""

    vanity: bytes
    """32 bytes of the proposer's choice; some nodes leave them out."""
    validators: tuple[Address, ...]
    """Who may seal this very block; empty where a contract names them."""
    vote: Vote | None = None
    round: int = 0
    """In which attempt the validators agreed."""
    seals: tuple[bytes, ...] = ()
    """65 bytes each, r ‖ s ‖ v, as they stand: none of them is verified."""

    def encode(self, dialect: Dialect, form: Form = Form.SEALED) -> bytes:
        """The extra data of a header in this form."""
        parts: list[Encodable] = [self.vanity, self.validators, _encode_vote(self.vote, dialect)]
        if dialect is Dialect.QBFT:
            seals = self.seals if form is Form.SEALED else ()
            return encode([*parts, integer_bytes(0 if form is Form.BLOCK else self.round), seals])
        if form is not Form.BLOCK:
            parts.append(self.round.to_bytes(ROUND_BYTES, "big"))
        if form is Form.SEALED:
            parts.append(self.seals)
        return encode(parts)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A header taken apart: what the validators signed, and their signatures."""

    header: Header
    """In the form that they signed."""
    extra: ExtraData
    """In full, seals included."""
    dialect: Dialect

    @property
    def digest(self) -> Hash32:
        """What each seal signs."""
        return self.header.hash()

    @property
    def block_hash(self) -> Hash32:
        """The hash that the chain knows the block by."""
        return replace(self.header, extra_data=self.extra.encode(self.dialect, Form.BLOCK)).hash()


def decode_extra(data: bytes, dialect: Dialect) -> ExtraData:
    """What all of `data`, the extra data as nodes serve it, says; it encodes to the same bytes again."""
    try:
        items = decode_list(data)
    except RlpError as error:
        raise ExtraDataMalformed(str(error)) from error
    match items:
        case [bytes(vanity), list(validators), vote, bytes(round_), list(seals)]:
            return ExtraData(
                vanity,
                tuple(map(_address, validators)),
                _decode_vote(vote, dialect),
                _decode_round(round_, dialect),
                tuple(map(_string, seals)),
            )
        case _:
            raise ExtraDataMalformed("not [vanity, validators, vote, round, seals]")


def sealed(header: Header, dialect: Dialect) -> Sealed:
    """The header, as nodes serve it, taken apart."""
    extra = decode_extra(header.extra_data, dialect)
    return Sealed(replace(header, extra_data=extra.encode(dialect, Form.COMMIT)), extra, dialect)


def block_hash(header: Header, dialect: Dialect) -> Hash32:
    """The hash that the chain knows this header by; the genesis block is hashed as it stands."""
    return header.hash() if header.number == 0 else sealed(header, dialect).block_hash


def _encode_vote(vote: Vote | None, dialect: Dialect) -> Encodable:
    if vote is None:
        return [] if dialect is Dialect.QBFT else b""
    return [vote.recipient, b"\xff" if vote.add else DROP[dialect]]


def _decode_vote(item: Rlp, dialect: Dialect) -> Vote | None:
    if item == _encode_vote(None, dialect):
        return None
    match item:
        case [bytes(recipient), bytes(kind)] if kind in (b"\xff", DROP[dialect]):
            return Vote(_address(recipient), kind == b"\xff")
        case _:
            raise ExtraDataMalformed("the vote is neither empty nor [recipient, add or drop]")


def _decode_round(item: bytes, dialect: Dialect) -> int:
    if len(item) > ROUND_BYTES or (dialect is Dialect.IBFT2 and len(item) != ROUND_BYTES):
        raise ExtraDataMalformed("the round is not a number of 4 bytes")
    if dialect is Dialect.IBFT2:
        return int.from_bytes(item, "big")
    try:
        return integer(item)
    except RlpError as error:
        raise ExtraDataMalformed("the round has a leading zero") from error


def _address(item: Rlp) -> Address:
    if not isinstance(item, bytes) or len(item) != Address.LENGTH:
        raise ExtraDataMalformed("an address that is not 20 bytes")
    return Address(item)


def _string(item: Rlp) -> bytes:
    if not isinstance(item, bytes):
        raise ExtraDataMalformed("a seal that is a list")
    return item


DROP: Mapping[Dialect, bytes] = {Dialect.QBFT: b"", Dialect.IBFT2: b"\0"}
"""How a vote to drop is written."""
