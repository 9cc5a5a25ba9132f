"""Cursors: the sort key of a page's last row, for the next page to begin behind it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson

from relayer.domain.market.views import Page

T = TypeVar("T")


def cursor_of(*values: int | bytes) -> str:
    written = [value if isinstance(value, int) else value.hex() for value in values]
    return urlsafe_b64encode(orjson.dumps(written)).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> list[Any]:
    """The values of a cursor; raises `ValueError` for what is none."""
    try:
        written = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [bytes.fromhex(value) if isinstance(value, str) else value for value in written]
    except (ValueError, TypeError) as error:
        raise ValueError("not a cursor") from error
    if [type(value) for value in values] != list(kinds):
        raise ValueError("not a cursor")
    if any(isinstance(value, int) and abs(value) >> 63 for value in values):
        raise ValueError("not a cursor")
    return values


def page(rows: Sequence[Any], limit: int, entry: Callable[[Any], T], cursor: Callable[[Any], str]) -> Page[T]:
    """Of `limit + 1` rows that were asked for."""
    shown = rows[:limit]
    return Page([entry(row) for row in shown], cursor(shown[-1]) if len(rows) > limit and shown else None)
