"""Reading what a JSON-RPC endpoint says, strictly: a value is of its form or it is a contradiction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

from light_clients.types import Address, Hash32
from relayer.adapters.evm.faults import Contradiction

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

_Fixed = TypeVar("_Fixed", Hash32, Address)

_LONGEST_QUANTITY = 66


def quantity(value: Json) -> int:
    """A hex number, as `0x1f`."""
    if not isinstance(value, str) or not value.startswith("0x") or not 2 < len(value) <= _LONGEST_QUANTITY:
        raise Contradiction(f"not a quantity: {value!r:.80}")
    try:
        return int(value, 16)
    except ValueError:
        raise Contradiction(f"not a quantity: {value!r:.80}") from None


def octets(value: Json) -> bytes:
    """Bytes in hex, as `0x00ff`."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise Contradiction(f"not hex data: {value!r:.80}")
    try:
        return bytes.fromhex(value[2:])
    except ValueError:
        raise Contradiction(f"not hex data: {value!r:.80}") from None


def hash32(value: Json) -> Hash32:
    return _fixed(Hash32, value)


def address(value: Json) -> Address:
    return _fixed(Address, value)


def record(value: Json) -> Mapping[str, Json]:
    """A JSON object."""
    if not isinstance(value, Mapping):
        raise Contradiction(f"not an object: {value!r:.80}")
    return value


def items(value: Json) -> Sequence[Json]:
    """A JSON array."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Contradiction(f"not a list: {value!r:.80}")
    return value


def _fixed(kind: type[_Fixed], value: Json) -> _Fixed:
    raw = octets(value)
    if len(raw) != kind.LENGTH:
        raise Contradiction(f"not {kind.LENGTH} bytes: {value!r:.80}")
    return kind(raw)
