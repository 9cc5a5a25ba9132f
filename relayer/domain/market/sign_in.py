"""Sign-in with Ethereum (EIP-4361): reading the message strictly, line by line; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32
from relayer.domain.market.form import Refused

MESSAGE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<domain>[A-Za-z0-9.\-:\[\]]+) wants you to sign in with your Ethereum"
    r" account:\n(?P<address>0x[0-9a-fA-F]{40})\n\n(?:(?P<statement>[\x20-\x7e]+)\n)?\n"
    r"URI: (?P<uri>[\x21-\x7e]+)\nVersion: (?P<version>1)\nChain ID: (?P<chain>[1-9][0-9]{0,18})\n"
    r"Nonce: (?P<nonce>[A-Za-z0-9]{8,64})\nIssued At: (?P<issued>[0-9TtZz:.+-]+)"
    r"(?:\nExpiration Time: (?P<expires>[0-9TtZz:.+-]+))?(?:\nNot Before: (?P<begins>[0-9TtZz:.+-]+))?"
    r"(?:\nRequest ID: (?P<request>[\x21-\x7e]*))?(?:\nResources:(?P<resources>(?:\n- [\x21-\x7e]+)*))?"
)
"""The grammar of the standard; without a statement there are two empty lines."""

OLDEST = 600
"""Seconds for which a message may be signed in with after it was issued."""
CLOCK_SKEW = 60


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who wants to be let in, where, and until when."""

    scheme: str | None
    domain: str
    address: Address
    uri: str
    chain: ChainId
    nonce: str
    issued: float
    expires: float | None
    begins: float | None


def parse(message: str) -> SignIn:
    """The message's fields; refuses what is not by the standard, to the character."""
    found = MESSAGE.fullmatch(message)
    if found is None:
        raise Refused("sign-in-malformed", "the message is not by EIP-4361")
    text = found["address"]
    if text != checksummed(Address.from_hex(text)):
        raise Refused("sign-in-malformed", "the address has not the checksum of EIP-55")
    return SignIn(
        found["scheme"],
        found["domain"],
        Address.from_hex(text),
        found["uri"],
        ChainId(int(found["chain"])),
        found["nonce"],
        _time(found["issued"]),
        _time(found["expires"]) if found["expires"] else None,
        _time(found["begins"]) if found["begins"] else None,
    )


def check(sign_in: SignIn, domains: frozenset[str], now: float) -> None:
    """That it is meant for us, and for now."""
    if sign_in.domain not in domains:
        raise Refused("sign-in-domain-wrong", "the message is for another site")
    place = urlsplit(sign_in.uri)
    if place.scheme not in ("http", "https") or place.netloc != sign_in.domain:
        raise Refused("sign-in-uri-wrong", "the message's URI is not of its own site")
    if sign_in.scheme not in (None, place.scheme):
        raise Refused("sign-in-uri-wrong", "the message's schemes differ")
    if sign_in.issued > now + CLOCK_SKEW or (sign_in.begins or 0) > now:
        raise Refused("sign-in-too-early", "the message is not good yet")
    ends = min(sign_in.issued + OLDEST, sign_in.expires or sign_in.issued + OLDEST)
    if now >= ends:
        raise Refused("sign-in-expired", "the message is not good any more")


def digest(message: str) -> Hash32:
    """What wallets sign for a text (EIP-191, `personal_sign`)."""
    text = message.encode()
    return keccak256(b"\x19Ethereum Signed Message:\n%d" % len(text) + text)


def checksummed(account: Address) -> str:
    """With the checksum of EIP-55."""
    lower = account.hex()
    digits = keccak256(lower.encode()).hex()
    return "0x" + "".join(
        letter.upper() if int(digit, 16) >= 8 else letter for letter, digit in zip(lower, digits, strict=False)
    )


def _time(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused("sign-in-malformed", "a time is not by RFC 3339")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
