"""The marketplace's logs, encoded by eth_abi: what our own decoder is held equal to."""

from __future__ import annotations

from typing import Any

from eth_abi.abi import encode

from light_clients.types import Address
from relayer.domain.market import events as market
from relayer.domain.market.events import MarketEvent
from relayer.domain.market.listing import ItemType
from tests.adapters.support.anvil import Log
from tests.adapters.support.gateway import topic, uint

LISTING = (
    "(address,uint8,address,uint256,uint128,uint64,address,uint128,uint128,uint64,uint64,address,uint16,uint16,"
    "(address,uint16)[],uint256,uint256)"
)
REASON = b"\xde\xad\xbe\xef"
"""No error that anybody knows."""


def account(value: Address) -> bytes:
    return bytes(12) + value


def log_of(event: MarketEvent) -> Log:  # noqa: PLR0911 one for each event
    match event:
        case market.ListingValidated(name, listing):
            body = encode([LISTING], [listing.abi()])
            return _log(f"ListingValidated(bytes32,address,{LISTING})", [name, account(listing.offerer)], body)
        case market.ListingCancelled(name, offerer):
            return _log("ListingCancelled(bytes32,address)", [name, account(offerer)])
        case market.CounterIncremented(offerer, counter):
            return _log("CounterIncremented(address,uint256)", [account(offerer)], uint(counter))
        case market.ListingFulfilled() as sold:
            return _fulfilled(sold)
        case market.TokenWrapped(home, wrapped):
            topics = [uint(home.chain), account(home.address), account(wrapped)]
            return _log("TokenWrapped(uint64,address,address)", topics)
        case market.ItemsMoved() as moved:
            return _moved(moved)
        case _:
            return _of_settlement(event)


def _of_settlement(event: MarketEvent) -> Log:  # noqa: PLR0911
    match event:
        case market.PurchaseOpened() as asked:
            return _opened(asked)
        case market.PurchaseFulfilled(name, listing, chain, message):
            return _log("PurchaseFulfilled(bytes32,bytes32,uint64,bytes32)", [name, listing, uint(chain)], message)
        case market.PurchaseRefused(name, listing, chain, _, message):
            signature = "PurchaseRefused(bytes32,bytes32,uint64,bytes4,bytes32)"
            return _log(signature, [name, listing, uint(chain)], encode(["bytes4", "bytes32"], [REASON, message]))
        case market.PurchaseSettled(name):
            return _log("PurchaseSettled(bytes32)", [name])
        case market.PurchaseRefunded(name, buyer, reason, credited):
            body = encode(["bytes4", "bool"], [REASON if reason else bytes(4), credited])
            return _log("PurchaseRefunded(bytes32,address,bytes4,bool)", [name, account(buyer)], body)
        case market.Credited() as paid:
            body = encode(["uint64", "uint128", "uint8"], [paid.home_chain, paid.amount, paid.kind])
            topics = [paid.id, account(paid.account), account(paid.token)]
            return _log("Credited(bytes32,address,address,uint64,uint128,uint8)", topics, body)
        case market.Withdrawn() as taken:
            body = encode(["address", "uint256"], [str(taken.to), taken.amount])
            topics = [account(taken.account), account(taken.token), uint(taken.home_chain)]
            return _log("Withdrawn(address,address,uint64,address,uint256)", topics, body)
        case _:
            raise AssertionError(event)


def _fulfilled(sold: market.ListingFulfilled) -> Log:
    kinds = ["uint8", "address", "uint256", "uint128", "address", "uint64", "address", "uint64", "address", "uint128"]
    values: list[Any] = [
        int(sold.item_type), str(sold.token), sold.identifier, sold.units, str(sold.recipient), sold.delivery_chain,
        str(sold.box), sold.payment_chain, str(sold.payment_token), sold.paid,
    ]  # fmt: skip
    signature = f"ListingFulfilled(bytes32,bytes32,address,{','.join(kinds)})"
    return _log(signature, [sold.hash, sold.purchase, account(sold.offerer)], encode(kinds, values))


def _opened(asked: market.PurchaseOpened) -> Log:
    kinds = ["uint64", "address", "uint128", "uint128", "address", "uint64", "uint64", "bytes32"]
    values: list[Any] = [
        asked.chain, str(asked.payment_token), asked.paid, asked.units, str(asked.recipient), asked.delivery_chain,
        asked.deadline, asked.message,
    ]  # fmt: skip
    signature = f"PurchaseOpened(bytes32,address,bytes32,{','.join(kinds)})"
    return _log(signature, [asked.id, account(asked.buyer), asked.listing], encode(kinds, values))


def _moved(moved: market.ItemsMoved) -> Log:
    ends = [account(moved.giver), account(moved.receiver)]
    if moved.item_type is ItemType.ERC721:
        return _log("Transfer(address,address,uint256)", [*ends, uint(moved.moves[0].identifier)])
    operator = account(moved.giver)
    if len(moved.moves) == 1:
        body = encode(["uint256", "uint256"], [moved.moves[0].identifier, moved.moves[0].amount])
        return _log("TransferSingle(address,address,address,uint256,uint256)", [operator, *ends], body)
    body = encode(["uint256[]", "uint256[]"], [[m.identifier for m in moved.moves], [m.amount for m in moved.moves]])
    return _log("TransferBatch(address,address,address,uint256[],uint256[])", [operator, *ends], body)


def _log(signature: str, topics: list[bytes], data: bytes = b"") -> Log:
    return Log([topic(signature), *map(bytes, topics)], data)
