"""Listings with what both languages must call them: struct hash, and the digest that the offerer signs."""

from __future__ import annotations

from dataclasses import replace

from eth_abi.abi import encode

from light_clients.types import Address, ChainId
from relayer.domain.market.listing import ItemType, Listing, Payee
from tests.vectors.messages import ALICE, BOB, an_address

MARKETPLACE = an_address("marketplace")
NOBODY = Address(bytes(20))

LISTING_ABI = (
    "(address,uint8,address,uint256,uint128,uint64,address,uint128,uint128,uint64,uint64,address,uint16,uint16,"
    "(address,uint16)[],uint256,uint256)"
)

ONE = Listing(
    offerer=ALICE,
    item_type=ItemType.ERC721,
    token=an_address("herons"),
    identifier=42,
    amount=1,
    payment_chain=ChainId(31338),
    payment_token=an_address("pebbles"),
    price=5 * 10**18,
    reference_price=0,
    start_time=1_700_000_000,
    end_time=1_900_000_000,
    taker=NOBODY,
    max_royalty=1_000,
    max_fee=250,
    consideration=(Payee(ALICE, 10_000),),
    salt=7,
    counter=0,
)

THREE_WAYS = (Payee(an_address("rights-holder"), 3_000), Payee(ALICE, 4_000), Payee(an_address("channel"), 3_000))

LARGEST = Listing(
    offerer=Address(b"\xff" * 20),
    item_type=ItemType.ERC1155,
    token=Address(b"\xfe" * 20),
    identifier=2**256 - 1,
    amount=2**128 - 1,
    payment_chain=ChainId(2**64 - 1),
    payment_token=Address(b"\xfd" * 20),
    price=2**128 - 1,
    reference_price=2**128 - 1,
    start_time=2**64 - 1,
    end_time=2**64 - 1,
    taker=Address(b"\xfc" * 20),
    max_royalty=2**16 - 1,
    max_fee=2**16 - 1,
    consideration=tuple(Payee(Address(bytes([n]) * 20), 2**16 - 1) for n in range(8)),
    salt=2**256 - 1,
    counter=2**256 - 1,
)

LISTINGS = {
    "one item for a token of another chain": (ONE, 31337),
    "the same on another chain": (ONE, 31339),
    "three ways": (replace(ONE, consideration=THREE_WAYS), 31337),
    "several alike, for coins, by a price in dollars": (
        replace(ONE, item_type=ItemType.ERC1155, amount=100, payment_token=NOBODY, reference_price=12_345_678_901),
        31337,
    ),
    "for one buyer": (replace(ONE, taker=BOB), 31337),
    "no payees": (replace(ONE, consideration=()), 31337),
    "the largest of everything": (LARGEST, 2**64 - 1),
}


def hashes() -> list[dict[str, str]]:
    """Each listing as the contract's ABI has it."""
    return [
        {
            "chain": hex(chain),
            "digest": str(listing.digest(ChainId(chain), MARKETPLACE)),
            "encoded": "0x" + encode([LISTING_ABI], [listing.abi()]).hex(),
            "hash": str(listing.hash()),
            "marketplace": str(MARKETPLACE),
            "name": name,
            "rejects": "",
        }
        for name, (listing, chain) in LISTINGS.items()
    ]
