"""Values to bytes, and back: by the types of their fields, so that what is written is what is read."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import orjson

from light_clients.types import Address, FixedBytes
from relayer.domain import events as gateway
from relayer.domain.market import events as market
from relayer.domain.market.events import Event, ItemsMoved, Moved
from relayer.domain.market.listing import ItemType

T = TypeVar("T")

KINDS: tuple[type[Event], ...] = (
    market.ItemsMoved,
    market.ListingValidated,
    market.ListingCancelled,
    market.CounterIncremented,
    market.ListingFulfilled,
    market.PurchaseOpened,
    market.PurchaseFulfilled,
    market.PurchaseRefused,
    market.PurchaseSettled,
    market.PurchaseRefunded,
    market.Credited,
    market.Withdrawn,
    market.TokenWrapped,
    gateway.MessageSent,
    gateway.BatchDelivered,
    gateway.MessageFailed,
    gateway.MessageRetried,
    gateway.MessageBounced,
    gateway.MessageExpired,
    gateway.MessageExpressed,
)
"""An event's number is its place here; new ones go to the end."""
NUMBERS = {kind: number for number, kind in enumerate(KINDS)}

_MOVES = 61
_MOVE = 64


def encode(value: Any) -> bytes:
    """A frozen value, without any `TxRef` in it: that is kept beside."""
    if type(value) is ItemsMoved:  # nearly all that there is
        head = bytes([value.item_type]) + value.token + value.giver + value.receiver
        return head + b"".join(
            [move.identifier.to_bytes(32, "big") + move.amount.to_bytes(32, "big") for move in value.moves]
        )
    return orjson.dumps(_plan(type(value)).write(value))


def decode(kind: type[T], data: bytes, **given: Any) -> T:
    """The value again; `given` are the fields that were kept beside."""
    if kind is ItemsMoved:
        return _moved(data)  # type: ignore[return-value]
    value: T = _plan(kind).read(orjson.loads(data), given)
    return value


def _moved(data: bytes) -> ItemsMoved:
    moves = tuple(
        Moved(int.from_bytes(data[at : at + 32], "big"), int.from_bytes(data[at + 32 : at + _MOVE], "big"))
        for at in range(_MOVES, len(data), _MOVE)
    )
    return ItemsMoved(Address(data[1:21]), ItemType(data[0]), Address(data[21:41]), Address(data[41:61]), moves)


BESIDE = frozenset({"at"})
"""Fields that are never written."""


class _Plan:
    """How the fields of one class are written and read."""

    def __init__(self, kind: type) -> None:
        hints = get_type_hints(kind)
        self._kind = kind
        self._fields = [(field.name, *_codec(hints[field.name])) for field in fields(kind) if field.name not in BESIDE]

    def write(self, value: Any) -> list[Any]:
        return [write(getattr(value, name)) for name, write, _ in self._fields]

    def read(self, written: list[Any], given: dict[str, Any]) -> Any:
        pairs = zip(self._fields, written, strict=True)
        return self._kind(**{name: read(item) for (name, _, read), item in pairs}, **given)


_PLANS: dict[type, _Plan] = {}


def _plan(kind: type) -> _Plan:
    plan = _PLANS.get(kind)
    if plan is None:
        plan = _PLANS[kind] = _Plan(kind)
    return plan


def _codec(hint: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    hint = getattr(hint, "__supertype__", hint)
    if isinstance(hint, types.UnionType):
        inner = next(each for each in get_args(hint) if each is not type(None))
        write, read = _codec(inner)
        return lambda v: None if v is None else write(v), lambda v: None if v is None else read(v)
    if get_origin(hint) is tuple:
        write, read = _codec(get_args(hint)[0])
        return lambda v: [write(each) for each in v], lambda v: tuple(read(each) for each in v)
    if isinstance(hint, type) and is_dataclass(hint):
        plan = _plan(hint)
        return plan.write, lambda v: plan.read(v, {})
    return _simple(hint)


def _simple(hint: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    if issubclass(hint, FixedBytes):
        return lambda v: v.hex(), lambda v: hint(bytes.fromhex(v))
    if hint is bytes:
        return bytes.hex, bytes.fromhex
    if issubclass(hint, Enum):
        return lambda v: v.value, hint
    if hint is bool:
        return bool, bool
    if hint is int:
        return _write_int, int
    return str, str


def _write_int(value: int) -> int | str:
    return int(value) if -(1 << 63) <= value < 1 << 63 else str(value)
