"""What somebody sells and on which terms; the twin of contracts/src/types/Listings.sol and marketplace/Listings.sol."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32

PAYEE = b"Payee(address recipient,uint16 basisPoints)"
LISTING = (
    b"Listing(address offerer,uint8 itemType,address token,uint256 identifier,uint128 amount,uint64 paymentChain,"
    b"address paymentToken,uint128 price,uint128 referencePrice,uint64 startTime,uint64 endTime,address taker,"
    b"uint16 maxRoyalty,uint16 maxFee,Payee[] consideration,uint256 salt,uint256 counter)"
)
PAYEE_TYPEHASH = keccak256(PAYEE)
LISTING_TYPEHASH = keccak256(LISTING + PAYEE)
DOMAIN_TYPEHASH = keccak256(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
NAME, VERSION = "Lockkeeper Marketplace", "1"

WHOLE = 10_000
"""Basis points of everything."""
MAXIMUM_PAYEES = 8


class ItemType(IntEnum):
    """Seaport's numbers; only collections are sold."""

    ERC721 = 2
    ERC1155 = 3


@dataclass(frozen=True, slots=True)
class Payee:
    """Who gets a share of what is left after royalty and fee, on the payment chain."""

    recipient: Address
    basis_points: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One item, or several alike, for sale. Fields are those of the contract."""

    offerer: Address
    item_type: ItemType
    token: Address
    identifier: int
    amount: int
    payment_chain: ChainId
    payment_token: Address
    """Zero: the chain's coin."""
    price: int
    """For each unit; with a reference price the least that is accepted."""
    reference_price: int
    """For each unit, in US dollars with 8 decimals; 0: none."""
    start_time: int
    end_time: int
    taker: Address
    """Zero: anyone may buy."""
    max_royalty: int
    max_fee: int
    consideration: tuple[Payee, ...]
    salt: int
    counter: int

    def hash(self) -> Hash32:
        """The EIP-712 struct hash: what the listing is called on every chain."""
        payees = b"".join(
            keccak256(PAYEE_TYPEHASH + _word(payee.recipient) + _word(payee.basis_points))
            for payee in self.consideration
        )
        return keccak256(
            LISTING_TYPEHASH
            + b"".join(
                _word(value)
                for value in (
                    self.offerer,
                    self.item_type,
                    self.token,
                    self.identifier,
                    self.amount,
                    self.payment_chain,
                    self.payment_token,
                    self.price,
                    self.reference_price,
                    self.start_time,
                    self.end_time,
                    self.taker,
                    self.max_royalty,
                    self.max_fee,
                    keccak256(payees),
                    self.salt,
                    self.counter,
                )
            )
        )

    def digest(self, chain: ChainId, marketplace: Address) -> Hash32:
        """What the offerer signs."""
        return keccak256(b"\x19\x01" + domain_separator(chain, marketplace) + self.hash())

    def typed_data(self, chain: ChainId, marketplace: Address) -> dict[str, Any]:
        """The same for `eth_signTypedData_v4`; numbers in decimal strings, as wallets take them."""
        return {
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "Payee": _fields(PAYEE),
                "Listing": _fields(LISTING),
            },
            "primaryType": "Listing",
            "domain": {
                "name": NAME,
                "version": VERSION,
                "chainId": str(chain),
                "verifyingContract": str(marketplace),
            },
            "message": {
                "offerer": str(self.offerer),
                "itemType": str(int(self.item_type)),
                "token": str(self.token),
                "identifier": str(self.identifier),
                "amount": str(self.amount),
                "paymentChain": str(self.payment_chain),
                "paymentToken": str(self.payment_token),
                "price": str(self.price),
                "referencePrice": str(self.reference_price),
                "startTime": str(self.start_time),
                "endTime": str(self.end_time),
                "taker": str(self.taker),
                "maxRoyalty": str(self.max_royalty),
                "maxFee": str(self.max_fee),
                "consideration": [
                    {"recipient": str(payee.recipient), "basisPoints": str(payee.basis_points)}
                    for payee in self.consideration
                ],
                "salt": str(self.salt),
                "counter": str(self.counter),
            },
        }

    def abi(self) -> tuple[Any, ...]:
        """The struct as ABI encoders take it."""
        return (
            str(self.offerer),
            int(self.item_type),
            str(self.token),
            self.identifier,
            self.amount,
            self.payment_chain,
            str(self.payment_token),
            self.price,
            self.reference_price,
            self.start_time,
            self.end_time,
            str(self.taker),
            self.max_royalty,
            self.max_fee,
            [(str(payee.recipient), payee.basis_points) for payee in self.consideration],
            self.salt,
            self.counter,
        )


def domain_separator(chain: ChainId, marketplace: Address) -> Hash32:
    """EIP-712 domain of the marketplace of a chain."""
    return keccak256(
        DOMAIN_TYPEHASH + keccak256(NAME.encode()) + keccak256(VERSION.encode()) + _word(chain) + _word(marketplace)
    )


def _word(value: int | bytes) -> bytes:
    return value.to_bytes(32, "big") if isinstance(value, int) else value.rjust(32, b"\0")


def _fields(definition: bytes) -> list[dict[str, str]]:
    inner = definition.decode().partition("(")[2].removesuffix(")")
    return [{"name": name, "type": kind} for kind, name in (field.split(" ") for field in inner.split(","))]
