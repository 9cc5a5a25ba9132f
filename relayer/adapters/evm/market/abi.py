"""The marketplace's events, laid out by hand: topics and data to values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32
from relayer.adapters.evm.abi import Malformed, address_at, hash_at, number
from relayer.adapters.evm.contract_errors import error_called
from relayer.domain.market.events import (
    SHARE_KINDS,
    CounterIncremented,
    Credited,
    ListingCancelled,
    ListingFulfilled,
    ListingValidated,
    MarketEvent,
    PurchaseFulfilled,
    PurchaseOpened,
    PurchaseRefunded,
    PurchaseRefused,
    PurchaseSettled,
    TokenWrapped,
    Withdrawn,
)
from relayer.domain.market.listing import MAXIMUM_PAYEES, ItemType, Listing, Payee
from relayer.domain.market.views import TokenId

Topics = Sequence[Hash32]
Reader = Callable[[Topics, bytes], MarketEvent]

_LISTING = (
    b"(address,uint8,address,uint256,uint128,uint64,address,uint128,uint128,uint64,uint64,address,uint16,uint16,"
    b"(address,uint16)[],uint256,uint256)"
)
LISTING_VALIDATED = keccak256(b"ListingValidated(bytes32,address," + _LISTING + b")")
LISTING_CANCELLED = keccak256(b"ListingCancelled(bytes32,address)")
COUNTER_INCREMENTED = keccak256(b"CounterIncremented(address,uint256)")
LISTING_FULFILLED = keccak256(
    b"ListingFulfilled(bytes32,bytes32,address,uint8,address,uint256,uint128,address,uint64,address,uint64,address,"
    b"uint128)"
)
PURCHASE_OPENED = keccak256(
    b"PurchaseOpened(bytes32,address,bytes32,uint64,address,uint128,uint128,address,uint64,uint64,bytes32)"
)
PURCHASE_FULFILLED = keccak256(b"PurchaseFulfilled(bytes32,bytes32,uint64,bytes32)")
PURCHASE_REFUSED = keccak256(b"PurchaseRefused(bytes32,bytes32,uint64,bytes4,bytes32)")
PURCHASE_SETTLED = keccak256(b"PurchaseSettled(bytes32)")
PURCHASE_REFUNDED = keccak256(b"PurchaseRefunded(bytes32,address,bytes4,bool)")
CREDITED = keccak256(b"Credited(bytes32,address,address,uint64,uint128,uint8)")
WITHDRAWN = keccak256(b"Withdrawn(address,address,uint64,address,uint256)")
TOKEN_WRAPPED = keccak256(b"TokenWrapped(uint64,address,address)")
TRANSFER = keccak256(b"Transfer(address,address,uint256)")
TRANSFER_SINGLE = keccak256(b"TransferSingle(address,address,address,uint256,uint256)")
TRANSFER_BATCH = keccak256(b"TransferBatch(address,address,address,uint256[],uint256[])")

_WORD = 32
_LISTING_WORDS = 17
_PAYEES_AT = 14


def _account(topic: Hash32) -> Address:
    return address_at(topic, 0)


def _chain(topic: Hash32) -> ChainId:
    return ChainId(number(topic, 0, 64))


def _chain_at(data: bytes, index: int) -> ChainId:
    return ChainId(number(data, index, 64))


def _reason(data: bytes, index: int) -> str:
    """Name of the error, its selector where it has none here, nothing where there was none."""
    word = data[_WORD * index : _WORD * (index + 1)]
    if len(word) != _WORD or any(word[4:]):
        raise Malformed("not four bytes")
    return "" if not any(word) else error_called(word[:4])


def _item_type(value: int) -> ItemType:
    try:
        return ItemType(value)
    except ValueError as error:
        raise Malformed(str(error)) from error


def listing(data: bytes) -> Listing:
    """The struct that the first word of the data points to."""
    body = data[number(data, 0, 32) :]
    payees = body[number(body, _PAYEES_AT, 32) :]
    count = number(payees, 0, 32)
    if count > MAXIMUM_PAYEES or len(body) < _LISTING_WORDS * _WORD:
        raise Malformed("more payees than a listing has")
    return Listing(
        offerer=address_at(body, 0),
        item_type=_item_type(number(body, 1, 8)),
        token=address_at(body, 2),
        identifier=number(body, 3),
        amount=number(body, 4, 128),
        payment_chain=_chain_at(body, 5),
        payment_token=address_at(body, 6),
        price=number(body, 7, 128),
        reference_price=number(body, 8, 128),
        start_time=number(body, 9, 64),
        end_time=number(body, 10, 64),
        taker=address_at(body, 11),
        max_royalty=number(body, 12, 16),
        max_fee=number(body, 13, 16),
        consideration=tuple(
            Payee(address_at(payees, 1 + 2 * index), number(payees, 2 + 2 * index, 16)) for index in range(count)
        ),
        salt=number(body, 15),
        counter=number(body, 16),
    )


def _validated(topics: Topics, data: bytes) -> ListingValidated:
    found = listing(data)
    if found.hash() != topics[1] or found.offerer != _account(topics[2]):
        raise Malformed("a listing of another hash or offerer")
    return ListingValidated(topics[1], found)


def _fulfilled(topics: Topics, data: bytes) -> ListingFulfilled:
    return ListingFulfilled(
        hash=topics[1],
        purchase=topics[2],
        offerer=_account(topics[3]),
        item_type=_item_type(number(data, 0, 8)),
        token=address_at(data, 1),
        identifier=number(data, 2),
        units=number(data, 3, 128),
        recipient=address_at(data, 4),
        delivery_chain=_chain_at(data, 5),
        box=address_at(data, 6),
        payment_chain=_chain_at(data, 7),
        payment_token=address_at(data, 8),
        paid=number(data, 9, 128),
    )


def _opened(topics: Topics, data: bytes) -> PurchaseOpened:
    return PurchaseOpened(
        id=topics[1],
        buyer=_account(topics[2]),
        listing=topics[3],
        chain=_chain_at(data, 0),
        payment_token=address_at(data, 1),
        paid=number(data, 2, 128),
        units=number(data, 3, 128),
        recipient=address_at(data, 4),
        delivery_chain=_chain_at(data, 5),
        deadline=number(data, 6, 64),
        message=hash_at(data, 7),
    )


def _credited(topics: Topics, data: bytes) -> Credited:
    kind = number(data, 2, 8)
    if kind >= len(SHARE_KINDS):
        raise Malformed(f"no share is of kind {kind}")
    account, token = _account(topics[2]), _account(topics[3])
    return Credited(topics[1], account, token, _chain_at(data, 0), number(data, 1, 128), kind)


def _refunded(topics: Topics, data: bytes) -> PurchaseRefunded:
    return PurchaseRefunded(topics[1], _account(topics[2]), _reason(data, 0), bool(number(data, 1, 1)))


MARKETPLACE: dict[Hash32, Reader] = {
    LISTING_VALIDATED: _validated,
    LISTING_CANCELLED: lambda topics, _: ListingCancelled(topics[1], _account(topics[2])),
    COUNTER_INCREMENTED: lambda topics, data: CounterIncremented(_account(topics[1]), number(data, 0)),
    LISTING_FULFILLED: _fulfilled,
}
SETTLEMENT: dict[Hash32, Reader] = {
    PURCHASE_OPENED: _opened,
    PURCHASE_FULFILLED: lambda topics, data: PurchaseFulfilled(
        topics[1], topics[2], _chain(topics[3]), hash_at(data, 0)
    ),
    PURCHASE_REFUSED: lambda topics, data: PurchaseRefused(
        topics[1], topics[2], _chain(topics[3]), _reason(data, 0), hash_at(data, 1)
    ),
    PURCHASE_SETTLED: lambda topics, _: PurchaseSettled(topics[1]),
    PURCHASE_REFUNDED: _refunded,
    CREDITED: _credited,
    WITHDRAWN: lambda topics, data: Withdrawn(
        _account(topics[1]), _account(topics[2]), _chain(topics[3]), address_at(data, 0), number(data, 1)
    ),
}
ASSET_GATEWAY: dict[Hash32, Reader] = {
    TOKEN_WRAPPED: lambda topics, _: TokenWrapped(TokenId(_chain(topics[1]), _account(topics[2])), _account(topics[3])),
}
COLLECTION = (TRANSFER, TRANSFER_SINGLE, TRANSFER_BATCH)
