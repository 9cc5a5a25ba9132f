"""Listings, events and places to make markets of."""

from __future__ import annotations

from typing import Any

from light_clients.types import ZERO_ADDRESS, Address, ChainId, Hash32, Height
from relayer.domain.ids import BlockRef, TxRef
from relayer.domain.market.events import Contracts, Event, ItemsMoved, Moved, Placed
from relayer.domain.market.listing import ItemType, Listing, Payee

HARBOUR, ISLAND, REEF = ChainId(31337), ChainId(31338), ChainId(31339)
CHAINS = (HARBOUR, ISLAND, REEF)
ASSETS, MARKETPLACE, SETTLEMENT = Address(b"\xa5" * 20), Address(b"\x3a" * 20), Address(b"\x5e" * 20)
CONTRACTS = {chain: Contracts(ASSETS, MARKETPLACE, SETTLEMENT) for chain in CHAINS}
HERONS = Address(b"\x4e" * 20)
ALICE, BOB, CAROL = Address(b"\xa1" * 20), Address(b"\xb0" * 20), Address(b"\xca" * 20)
EPOCH = 1_700_000_000


def a_listing(**fields: Any) -> Listing:
    values: dict[str, Any] = {
        "offerer": ALICE,
        "item_type": ItemType.ERC721,
        "token": HERONS,
        "identifier": 42,
        "amount": 1,
        "payment_chain": ISLAND,
        "payment_token": ZERO_ADDRESS,
        "price": 10**18,
        "reference_price": 0,
        "start_time": EPOCH,
        "end_time": EPOCH + 1000,
        "taker": ZERO_ADDRESS,
        "max_royalty": 1000,
        "max_fee": 250,
        "consideration": (Payee(fields.get("offerer", ALICE), 10_000),),
        "salt": 0,
        "counter": 0,
    }
    return Listing(**(values | fields))


def a_place(number: int, chain: int = HARBOUR, fork: int = 0, tx: int = 0) -> TxRef:
    """A transaction of a block of a chain's fork; a block a second."""
    block = BlockRef(Height(number), _hash(chain, fork, number), _hash(chain, fork, number - 1), EPOCH + number)
    return TxRef(_hash(chain, fork, number, tx + 1), block)


def placed(event: Event, number: int, index: int = 0, *, chain: int = HARBOUR, fork: int = 0, tx: int = 0) -> Placed:
    return Placed(ChainId(chain), a_place(number, chain, fork, tx), index, event)


def moved(
    giver: Address, receiver: Address, identifier: int = 42, amount: int = 1, token: Address = HERONS
) -> ItemsMoved:
    kind = ItemType.ERC721 if amount == 1 else ItemType.ERC1155
    return ItemsMoved(token, kind, giver, receiver, (Moved(identifier, amount),))


def _hash(*parts: int) -> Hash32:
    return Hash32(b"".join(part.to_bytes(8, "big") for part in (*parts, 0, 0, 0, 0)[:4]))
