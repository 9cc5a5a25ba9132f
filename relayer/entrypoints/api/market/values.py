"""The kinds of values that a request is made of; each refuses what it is not, with a code that stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.market.sign_in import checksummed
from relayer.domain.market.views import TokenId

CHAIN = r"^eip155:[1-9][0-9]{0,18}$"
ADDRESS = r"^0x[0-9a-fA-F]{40}$"
TOKEN = r"^eip155:[1-9][0-9]{0,18}:0x[0-9a-fA-F]{40}$"  # noqa: S105 the pattern of a contract's name
HASH = r"^0x[0-9a-fA-F]{64}$"
DECIMAL = r"^(0|[1-9][0-9]{0,77})$"
OCTETS = r"^0x([0-9a-fA-F]{2})*$"
TIME = r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.0+)?([Zz]|[+-]\d{2}:\d{2})$"
LONGEST_OCTETS = 16_384
LARGEST_CHAIN = (1 << 63) - 1


def refusal(code: str, words: str) -> PydanticCustomError:
    """Why a value is refused; the words never repeat it, because it may be anything."""
    return PydanticCustomError(code, words)


def _matched(pattern: str, value: object, code: str, words: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern.strip("^$"), value, re.ASCII):
        raise refusal(code, words)
    return value


def chain(value: object) -> ChainId:
    """A CAIP-2 chain of the EVM."""
    text = _matched(CHAIN, value, "chain-malformed", "is not a chain by CAIP-2, as eip155:1")
    number = int(text.removeprefix("eip155:"))
    if number > LARGEST_CHAIN:
        raise refusal("chain-malformed", "is a chain beyond what any has as its id")
    return ChainId(number)


def address(value: object) -> Address:
    """Twenty bytes in hex; in mixed case with the checksum of EIP-55."""
    text = _matched(ADDRESS, value, "address-malformed", "is not an address: 0x and 40 hex digits")[2:]
    lower = text.lower()
    if text not in (lower, text.upper()) and text != checksummed(Address.from_hex(lower))[2:]:
        raise refusal("address-malformed", "has the wrong checksum (EIP-55)")
    return Address.from_hex(lower)


def token(value: object) -> TokenId:
    """A contract by CAIP-10."""
    text = _matched(TOKEN, value, "account-malformed", "is not an account by CAIP-10, as eip155:1:0x…")
    named, _, contract = text.rpartition(":")
    return TokenId(chain(named), address(contract))


def hash32(value: object) -> Hash32:
    text = _matched(HASH, value, "hash-malformed", "is not a hash: 0x and 64 hex digits")
    return Hash32.from_hex(text.lower())


def octets(value: object) -> bytes:
    """Bytes of a bounded length."""
    if isinstance(value, str) and len(value) > 2 + 2 * LONGEST_OCTETS:
        raise refusal("bytes-too-long", f"has more than {LONGEST_OCTETS} bytes")
    return bytes.fromhex(_matched(OCTETS, value, "bytes-malformed", "is not bytes in hex")[2:])


def _unsigned(bits: int) -> PlainValidator:
    def parse(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"-[0-9]{1,100}", value, re.ASCII):
            raise refusal("number-negative", "is negative")
        if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{78,1000}", value, re.ASCII):
            raise refusal("number-overflow", f"is more than {bits} bits hold")
        number = int(_matched(DECIMAL, value, "number-malformed", "is not a decimal number in a string"))
        if number >> bits:
            raise refusal("number-overflow", f"is more than {bits} bits hold")
        return number

    return PlainValidator(parse)


def _basis_points(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise refusal("number-malformed", "is not a whole number")
    if value < 0:
        raise refusal("number-negative", "is negative")
    if value > 10_000:
        raise refusal("basis-points-overflow", "is more than 10000, which is everything")
    return value


def seconds(value: object) -> int:
    """Unix seconds of an RFC 3339 time, which has no fraction."""
    text = _matched(TIME, value, "time-malformed", "is not a time by RFC 3339 in whole seconds")
    try:
        moment = datetime.fromisoformat(text.upper())
        found = int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    except (ValueError, OverflowError):
        raise refusal("time-malformed", "is no moment of the calendar") from None
    if found < 0:
        raise refusal("time-malformed", "is before 1970")
    return found


def _text(longest: int) -> PlainValidator:
    def parse(value: object) -> str:
        if not isinstance(value, str):
            raise refusal("text-malformed", "is not text")
        if len(value) > longest:
            raise refusal("text-too-long", f"has more than {longest} characters")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise refusal("text-malformed", "has half a character (a lone surrogate)") from None
        return value

    return PlainValidator(parse)


def _schema(pattern: str, example: str, description: str = "") -> WithJsonSchema:
    said: dict[str, Any] = {"type": "string", "pattern": pattern, "examples": [example]}
    return WithJsonSchema(said | ({"description": description} if description else {}))


def _numbers(example: str) -> WithJsonSchema:
    return _schema(DECIMAL, example, "Decimal.")


Chain: TypeAlias = Annotated[ChainId, PlainValidator(chain), _schema(CHAIN, "eip155:31337", "CAIP-2.")]
Account: TypeAlias = Annotated[Address, PlainValidator(address), _schema(ADDRESS, "0x" + "11" * 20)]
Contract: TypeAlias = Annotated[
    Any,  # a `TokenId`, which FastAPI would look for in a body
    PlainValidator(token),
    _schema(TOKEN, "eip155:31337:0x" + "11" * 20, "CAIP-10."),
]
Hash: TypeAlias = Annotated[Hash32, PlainValidator(hash32), _schema(HASH, "0x" + "22" * 32)]
Octets: TypeAlias = Annotated[bytes, PlainValidator(octets), _schema(OCTETS, "0x00")]
Word: TypeAlias = Annotated[int, _unsigned(256), _numbers("42")]
Half: TypeAlias = Annotated[int, _unsigned(128), _numbers("1000000000000000000")]
Sequence: TypeAlias = Annotated[int, _unsigned(63), _numbers("7")]
BasisPoints: TypeAlias = Annotated[
    int, PlainValidator(_basis_points), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 10_000})
]
Moment: TypeAlias = Annotated[
    int, PlainValidator(seconds), WithJsonSchema({"type": "string", "format": "date-time", "pattern": TIME})
]
Message: TypeAlias = Annotated[str, _text(4_096), WithJsonSchema({"type": "string", "maxLength": 4_096})]
Question: TypeAlias = Annotated[
    str, _text(100), WithJsonSchema({"type": "string", "maxLength": 100, "examples": ["0x" + "22" * 32]})
]
