"""What one asset gateway tells another; the twin of contracts/src/assets/AssetMessages.sol and AssetReading.sol."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from light_clients.types import ZERO_ADDRESS, Address, ChainId


class Standard(IntEnum):
    """Of the token that is told about."""

    ERC20 = 1
    ERC721 = 2
    ERC1155 = 3


class Way(IntEnum):
    """What is to be done with it."""

    WRAP = 0
    """The token's home is the source."""
    DESCRIBE = 0x04
    """The same; it travels this lane for the first time."""
    RETURN = 0x08
    """Its home is the destination: release it."""
    FORWARD = 0x10
    """Its home is the destination, from where it goes on."""
    REFRESH = 0x20
    """Its home is the source: take over what its items say of themselves."""


REFUND = 0x40
WITH_URI, WITH_ROYALTY, ID_LENGTH = 0x40, 0x80, 0x3F
LONGEST_NAME, LONGEST_SYMBOL, LONGEST_URI = 64, 32, 2048
FULL_PRICE = 10_000

NOWHERE = ChainId(0)

_STANDARD = 0x03
_PARTIES = 21
_WORD = 32


class PayloadMalformed(ValueError):
    """No asset gateway says so."""


@dataclass(frozen=True, slots=True)
class Royalty:
    """Both zero, or neither."""

    receiver: Address
    basis_points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item on its way; URI and royalty only where it brings them."""

    identifier: int
    amount: int
    uri: str | None = None
    royalty: Royalty | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What a token says of itself at home. Decimals of an ERC-20 only, a royalty of a collection only."""

    name: str
    symbol: str
    decimals: int
    royalty: Royalty | None


@dataclass(frozen=True, slots=True)
class AssetMessage:
    """One message; what its kind does not have is empty."""

    standard: Standard
    way: Way
    token: Address
    """At home."""
    recipient: Address = ZERO_ADDRESS
    refund: Address = ZERO_ADDRESS
    """On the source, who gets back what cannot arrive."""
    final_chain: ChainId = NOWHERE
    amount: int = 0
    items: tuple[Item, ...] = ()
    description: Description | None = None

    def home(self, source: ChainId, destination: ChainId) -> ChainId:
        """The chain of the token's home, by the lane that the message travels."""
        return destination if self.way in (Way.RETURN, Way.FORWARD) else source


def read(payload: bytes) -> AssetMessage:
    """The one message that has this encoding; raises `PayloadMalformed` when there is none."""
    reading = _Reading(payload)
    kind = reading.number(1)
    standard, rest = kind & _STANDARD, kind & ~_STANDARD
    way = rest & ~REFUND
    telling = way in (Way.DESCRIBE, Way.REFRESH)
    if standard == 0 or way not in tuple(Way) or (telling and rest & REFUND):
        raise PayloadMalformed(f"kind {kind:#x} is unknown")
    if (standard, way) == (Standard.ERC20, Way.REFRESH):
        raise PayloadMalformed("an ERC-20 has no items")
    token = reading.account()
    head = Standard(standard), Way(way), token
    if way == Way.DESCRIBE:
        return AssetMessage(*head, description=reading.description(Standard(standard)))
    if way == Way.REFRESH:
        return AssetMessage(*head, items=reading.items(Standard(standard), wrapping=True))
    recipient = reading.account()
    refund = reading.account() if rest & REFUND else recipient
    if rest & REFUND and refund == recipient:
        raise PayloadMalformed("the recipient is named twice")
    final = ChainId(reading.number(8)) if way == Way.FORWARD else NOWHERE
    if standard == Standard.ERC20:
        return AssetMessage(*head, recipient, refund, final, amount=reading.quantity(reading.left))
    items = reading.items(Standard(standard), wrapping=way == Way.WRAP)
    return AssetMessage(*head, recipient, refund, final, items=items)


class _Reading:
    """A payload, and how far it was read."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._payload) - self._at

    def octets(self, length: int) -> bytes:
        if self.left < length:
            raise PayloadMalformed(f"{len(self._payload)} bytes, but {self._at + length} are announced")
        self._at += length
        return self._payload[self._at - length : self._at]

    def number(self, length: int) -> int:
        return int.from_bytes(self.octets(length), "big")

    def quantity(self, length: int) -> int:
        """A number without leading zeros, and never zero."""
        if not 0 < length <= _WORD:
            raise PayloadMalformed(f"a number of {length} bytes")
        digits = self.octets(length)
        if digits[0] == 0:
            raise PayloadMalformed("a number with leading zeros")
        return int.from_bytes(digits, "big")

    def account(self) -> Address:
        found = Address(self.octets(Address.LENGTH))
        if found == ZERO_ADDRESS:
            raise PayloadMalformed("nobody is the zero address")
        return found

    def text(self, length: int, longest: int) -> str:
        """What is no UTF-8 is shown as far as it is: contracts compare bytes and do not mind."""
        if length > longest:
            raise PayloadMalformed(f"a text of {length} bytes, more than {longest}")
        return self.octets(length).decode("utf-8", "replace")

    def royalty(self) -> Royalty:
        receiver, basis_points = Address(self.octets(Address.LENGTH)), self.number(2)
        if (receiver == ZERO_ADDRESS) != (basis_points == 0) or basis_points > FULL_PRICE:
            raise PayloadMalformed(f"a royalty of {basis_points} for {receiver}")
        return Royalty(receiver, basis_points)

    def items(self, standard: Standard, *, wrapping: bool) -> tuple[Item, ...]:
        """To the end, at least one, their ids ascending."""
        items = [self._item(standard, wrapping=wrapping)]
        while self.left:
            items.append(self._item(standard, wrapping=wrapping))
            if items[-1].identifier <= items[-2].identifier:
                raise PayloadMalformed("ids do not ascend")
        return tuple(items)

    def _item(self, standard: Standard, *, wrapping: bool) -> Item:
        head = self.number(1)
        if head > ID_LENGTH and not wrapping:
            raise PayloadMalformed("an item brings something to its home")
        length = head & ID_LENGTH
        identifier = self.quantity(length) if length else 0
        amount = self.quantity(self.number(1)) if standard == Standard.ERC1155 else 1
        uri = None
        if head & WITH_URI:
            length = self.number(2)
            if length == 0:
                raise PayloadMalformed("an empty URI is announced")
            uri = self.text(length, LONGEST_URI)
        return Item(identifier, amount, uri, self.royalty() if head & WITH_ROYALTY else None)

    def description(self, standard: Standard) -> Description:
        decimals = self.number(1) if standard == Standard.ERC20 else 0
        name = self.text(self.number(1), LONGEST_NAME)
        symbol = self.text(self.number(1), LONGEST_SYMBOL)
        royalty = None if standard == Standard.ERC20 else self.royalty()
        if self.left:
            raise PayloadMalformed(f"{self.left} bytes follow its end")
        return Description(name, symbol, decimals, royalty)
