"""Messages of EIP-4361: which are read, and which are refused."""

from __future__ import annotations

import pytest
from eth_account.messages import _hash_eip191_message, encode_defunct

from light_clients.types import Address, ChainId
from relayer.domain.market.form import Refused
from relayer.domain.market.sign_in import check, checksummed, digest, parse

NOW = 1_800_000_000.0
ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
DOMAINS = frozenset({"market.example:8080"})


def a_message(**changes: str) -> str:
    said = {
        "head": "market.example:8080",
        "account": ACCOUNT,
        "statement": "\nShow me my listings.\n",
        "uri": "http://market.example:8080/login",
        "version": "1",
        "chain": "31337",
        "nonce": "0123456789abcdef",
        "issued": "2027-01-15T08:00:00Z",
        "more": "",
    } | changes
    return (
        f"{said['head']} wants you to sign in with your Ethereum account:\n{said['account']}\n{said['statement']}\n"
        f"URI: {said['uri']}\nVersion: {said['version']}\nChain ID: {said['chain']}\nNonce: {said['nonce']}\n"
        f"Issued At: {said['issued']}{said['more']}"
    )


def test_a_message_says_who_where_and_when() -> None:
    found = parse(a_message(more="\nExpiration Time: 2027-01-15T08:05:00+00:00\nResources:\n- https://a.example/x"))

    assert found.address == Address.from_hex(ACCOUNT)
    assert (found.domain, found.chain, found.nonce) == ("market.example:8080", ChainId(31337), "0123456789abcdef")
    assert (found.issued, found.expires) == (NOW, NOW + 300)
    check(found, DOMAINS, NOW)


def test_a_statement_may_be_left_out() -> None:
    assert parse(a_message(statement="\n")).chain == 31337


@pytest.mark.parametrize(
    "message",
    [
        "",
        a_message() + "\n",
        a_message(version="2"),
        a_message(account=ACCOUNT.lower()),
        a_message(account=ACCOUNT[:-1]),
        a_message(nonce="short"),
        a_message(nonce="ünïcode-nonce"),
        a_message(chain="0x1"),
        a_message(chain="-1"),
        a_message(chain="٣"),
        a_message(issued="yesterday"),
        a_message(issued="2027-01-15T08:00:00"),
        a_message(issued="2027-13-45T99:00:00Z"),
        a_message(statement="\ntwo\nlines\n"),
        a_message(statement="\nright\u202eleft\n"),
        a_message().replace("\n", "\r\n"),
        a_message(more="\nRequest ID: 1\nExpiration Time: 2027-01-15T08:05:00Z"),
        a_message(uri="http://a b"),
    ],
)
def test_what_is_not_by_the_standard_is_refused(message: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(message)

    assert refusal.value.code == "sign-in-malformed"


@pytest.mark.parametrize(
    ("code", "changes", "now"),
    [
        ("sign-in-domain-wrong", {"head": "evil.example", "uri": "http://evil.example/"}, NOW),
        ("sign-in-uri-wrong", {"uri": "http://evil.example/"}, NOW),
        ("sign-in-uri-wrong", {"uri": "javascript://market.example:8080/"}, NOW),
        ("sign-in-uri-wrong", {"head": "https://market.example:8080"}, NOW),
        ("sign-in-too-early", {}, NOW - 61),
        ("sign-in-too-early", {"more": "\nNot Before: 2027-01-15T08:00:01Z"}, NOW),
        ("sign-in-expired", {}, NOW + 600),
        ("sign-in-expired", {"more": "\nExpiration Time: 2027-01-15T08:00:00Z"}, NOW),
    ],
)
def test_a_message_for_others_or_another_time_is_refused(code: str, changes: dict[str, str], now: float) -> None:
    with pytest.raises(Refused) as refusal:
        check(parse(a_message(**changes)), DOMAINS, now)

    assert refusal.value.code == code


def test_the_digest_is_that_of_personal_sign() -> None:
    assert digest(a_message()) == _hash_eip191_message(encode_defunct(text=a_message()))


def test_checksums_are_those_of_the_standard() -> None:
    for account in ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"):
        assert checksummed(Address.from_hex(account.lower())) == account
