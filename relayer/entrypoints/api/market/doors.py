"""Who is let in: nonces that are good once, and bearer tokens that end soon; both sealed, so that little is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections import OrderedDict
from dataclasses import dataclass

import orjson

from light_clients.types import Address, ChainId
from relayer.domain.market.form import Refused
from relayer.domain.market.sign_in import OLDEST, SignIn, check

TOKEN_SECONDS = 3_600
LONGEST_TOKEN = 512
MOST_USED = 100_000
"""Nonces that are remembered; each was signed in with in the last ten minutes."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who signed in, and until when."""

    chain: ChainId
    account: Address
    expires: int


class Doors:
    """Gives nonces out, takes each once, and knows its own tokens."""

    def __init__(self, secret: bytes, domains: frozenset[str]) -> None:
        self.domains = domains
        self._nonces = hmac.digest(secret, b"nonces", hashlib.sha256)
        self._tokens = hmac.digest(secret, b"tokens", hashlib.sha256)
        self._used: OrderedDict[str, int] = OrderedDict()

    def nonce(self, now: int) -> str:
        """Good for ten minutes."""
        head = f"{now:010x}{secrets.token_hex(8)}"
        return head + self._sealed_nonce(head)

    def enter(self, sign_in: SignIn, now: int) -> Bearer:
        """Call it after the signature was checked: the nonce is gone then."""
        check(sign_in, self.domains, now)
        self._take(sign_in.nonce, now)
        return Bearer(sign_in.chain, sign_in.address, now + TOKEN_SECONDS)

    def check_nonce(self, nonce: str, now: int) -> None:
        """That it is ours, fresh and not used."""
        head, seal = nonce[:26], nonce[26:]
        if not hmac.compare_digest(seal, self._sealed_nonce(head)):
            raise Refused("nonce-invalid", "this nonce was not given out here: get one at /v1/auth/nonce")
        if now >= int(head[:10], 16) + OLDEST:
            raise Refused("nonce-expired", "the nonce is too old: get another one at /v1/auth/nonce")
        if nonce in self._used:
            raise Refused("nonce-used", "somebody has signed in with this nonce already")

    def _take(self, nonce: str, now: int) -> None:
        self.check_nonce(nonce, now)
        while self._used and (len(self._used) >= MOST_USED or next(iter(self._used.values())) <= now):
            self._used.popitem(last=False)
        self._used[nonce] = now + OLDEST

    def token(self, bearer: Bearer) -> str:
        said = orjson.dumps([bearer.chain, str(bearer.account), bearer.expires])
        return urlsafe_b64encode(said + self._seal(said)).decode()

    def bearer(self, authorization: str | None, now: int) -> Bearer:
        """Whose token that is."""
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Refused("sign-in-required", "sign in first: /v1/auth/nonce, then /v1/auth/verify")
        try:
            raw = urlsafe_b64decode(token[:LONGEST_TOKEN].encode("ascii"))
        except (Error, ValueError):
            raise Refused("token-invalid", "this is none of our tokens") from None
        said, seal = raw[:-32], raw[-32:]
        if urlsafe_b64encode(raw).decode() != token or not hmac.compare_digest(seal, self._seal(said)):
            raise Refused("token-invalid", "this is none of our tokens")
        chain, account, expires = orjson.loads(said)
        if now >= expires:
            raise Refused("token-expired", "the token is not good any more: sign in again")
        return Bearer(ChainId(chain), Address.from_hex(account), expires)

    def _sealed_nonce(self, head: str) -> str:
        return hmac.digest(self._nonces, head.encode(), hashlib.sha256)[:8].hex()

    def _seal(self, said: bytes) -> bytes:
        return hmac.digest(self._tokens, said, hashlib.sha256)
