"""The payloads of asset gateways: every message has one encoding, and everything else is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from light_clients.types import ZERO_ADDRESS, Address, ChainId
from relayer.domain.market.asset_messages import (
    AssetMessage,
    Description,
    Item,
    PayloadMalformed,
    Royalty,
    Standard,
    Way,
    read,
)

accounts = st.binary(min_size=20, max_size=20).filter(any).map(Address)
words = st.integers(0, 2**256 - 1)
royalties = st.one_of(st.just(Royalty(ZERO_ADDRESS, 0)), st.builds(Royalty, accounts, st.integers(1, 10_000)))


def written(message: AssetMessage) -> bytes:
    """As AssetMessages.sol lays it out."""
    if message.way is Way.DESCRIBE:
        assert message.description is not None
        return bytes([message.standard | message.way]) + message.token + described(message)
    if message.way is Way.REFRESH:
        return bytes([message.standard | message.way]) + message.token + carried(message)
    named = message.refund != message.recipient
    head = bytes([message.standard | message.way | (0x40 if named else 0)]) + message.token + message.recipient
    head += message.refund if named else b""
    head += message.final_chain.to_bytes(8, "big") if message.way is Way.FORWARD else b""
    return head + (digits(message.amount) if message.standard is Standard.ERC20 else carried(message))


def digits(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def carried(message: AssetMessage) -> bytes:
    encoded = b""
    for item in message.items:
        id_, amount = digits(item.identifier), digits(item.amount)
        bits = (0x40 if item.uri else 0) | (0x80 if item.royalty else 0)
        encoded += bytes([len(id_) | bits]) + id_
        encoded += bytes([len(amount)]) + amount if message.standard is Standard.ERC1155 else b""
        uri = (item.uri or "").encode()
        encoded += len(uri).to_bytes(2, "big") + uri if item.uri else b""
        encoded += royalty(item.royalty)
    return encoded


def described(message: AssetMessage) -> bytes:
    said = message.description
    assert said is not None
    name, symbol = said.name.encode(), said.symbol.encode()
    texts = bytes([len(name)]) + name + bytes([len(symbol)]) + symbol
    return bytes([said.decimals]) + texts if message.standard is Standard.ERC20 else texts + royalty(said.royalty)


def royalty(value: Royalty | None) -> bytes:
    return b"" if value is None else value.receiver + value.basis_points.to_bytes(2, "big")


@st.composite
def messages(draw: Any) -> AssetMessage:
    standard, way = draw(st.sampled_from(Standard)), draw(st.sampled_from(Way))
    token = draw(accounts)
    if way is Way.DESCRIBE:
        coin = standard is Standard.ERC20
        name, symbol = (draw(st.text(alphabet="abcé ", max_size=limit)) for limit in (32, 16))
        said = Description(name, symbol, draw(st.integers(0, 255)) if coin else 0, None if coin else draw(royalties))
        return AssetMessage(standard, way, token, description=said)
    if way is Way.REFRESH:
        standard = Standard.ERC721
        return AssetMessage(standard, way, token, items=draw(items(standard, bringing=True)))
    recipient = draw(accounts)
    refund = draw(st.one_of(st.just(recipient), accounts))
    final = ChainId(draw(st.integers(0, 2**64 - 1))) if way is Way.FORWARD else ChainId(0)
    if standard is Standard.ERC20:
        return AssetMessage(standard, way, token, recipient, refund, final, amount=draw(st.integers(1, 2**256 - 1)))
    found = draw(items(standard, bringing=way is Way.WRAP))
    return AssetMessage(standard, way, token, recipient, refund, final, items=found)


@st.composite
def items(draw: Any, standard: Standard, *, bringing: bool) -> tuple[Item, ...]:
    ids = sorted(draw(st.sets(st.one_of(st.integers(0, 300), words), min_size=1, max_size=4)))
    amounts = st.integers(1, 2**256 - 1) if standard is Standard.ERC1155 else st.just(1)
    uris = st.one_of(st.none(), st.text(alphabet="ipfs:/é", min_size=1, max_size=40)) if bringing else st.none()
    own = st.one_of(st.none(), royalties) if bringing else st.none()
    return tuple(Item(id_, draw(amounts), draw(uris), draw(own)) for id_ in ids)


@given(messages())
def test_a_message_is_read_as_it_was_written(message: AssetMessage) -> None:
    assert read(written(message)) == message


@given(messages(), st.data())
def test_what_is_read_has_no_other_encoding(message: AssetMessage, data: st.DataObject) -> None:
    payload = bytearray(written(message))
    at = data.draw(st.integers(0, len(payload) - 1))
    payload[at] = data.draw(st.integers(0, 255))
    payload += data.draw(st.binary(max_size=3))
    changed = bytes(payload[: data.draw(st.integers(0, len(payload)))])

    try:
        found = read(changed)
    except PayloadMalformed:
        return

    if "\ufffd" not in repr(found):  # a text that is no UTF-8 is shown as far as it is
        assert written(found) == changed


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "announced"),
        (b"\x00" + bytes(60), "unknown"),
        (b"\x04" + b"\x01" * 60, "unknown"),
        (b"\x46" + b"\x01" * 60, "unknown"),
        (b"\x21" + b"\x01" * 60, "no items"),
        (b"\x01" + bytes(20) + b"\x01" * 21, "zero address"),
        (b"\x01" + b"\x01" * 20 + bytes(20) + b"\x01", "zero address"),
        (b"\x41" + b"\x01" * 20 + b"\x02" * 40 + b"\x01", "twice"),
        (b"\x01" + b"\x01" * 40, "0 bytes"),
        (b"\x01" + b"\x01" * 40 + b"\x00\x01", "leading"),
        (b"\x01" + b"\x01" * 40 + b"\x01" * 33, "33 bytes"),
        (b"\x02" + b"\x01" * 40 + b"\x01\x02\x01\x02", "ascend"),
        (b"\x0a" + b"\x01" * 40 + b"\x41\x02\x00\x01a", "home"),
        (b"\x02" + b"\x01" * 40 + b"\x41\x02\x00\x00", "empty URI"),
        (b"\x03" + b"\x01" * 40 + b"\x01\x02\x00", "0 bytes"),
    ],
)
def test_what_no_gateway_says_is_refused(payload: bytes, reason: str) -> None:
    with pytest.raises(PayloadMalformed, match=reason):
        read(payload)
