"""Cursors that nobody else can make: each is good for the question whose page gave it, and for no other."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from relayer.domain.market.form import Refused

SEAL = 12
LONGEST = 1_024
"""Characters."""


class Cursors:
    """Seals the store's cursors with a secret."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"cursors", hashlib.sha256)

    def given(self, question: str, cursor: str | None) -> str | None:
        """As it is handed out."""
        if cursor is None:
            return None
        place = cursor.encode()
        return urlsafe_b64encode(self._seal(question, place) + place).decode().rstrip("=")

    def taken(self, question: str, cursor: str | None) -> str | None:
        """As the store gave it; refuses any that was not handed out for this question."""
        if cursor is None:
            return None
        try:
            said = urlsafe_b64decode(cursor[:LONGEST].encode("ascii") + b"=" * (-len(cursor) % 4))
        except (Error, ValueError):
            raise _invalid() from None
        seal, place = said[:SEAL], said[SEAL:]
        canonical = urlsafe_b64encode(said).decode().rstrip("=") == cursor
        if not canonical or not hmac.compare_digest(seal, self._seal(question, place)):
            raise _invalid()
        return place.decode()

    def _seal(self, question: str, place: bytes) -> bytes:
        return hmac.digest(self._key, question.encode() + b"\0" + place, hashlib.sha256)[:SEAL]


def _invalid() -> Refused:
    return Refused("cursor-invalid", "this cursor was not handed out for this question: begin without one")
