from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account.messages import encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId, Hash32
from relayer.domain.market.listing import ItemType, Listing, Payee
from tests.vectors.listings import LARGEST, LISTINGS, MARKETPLACE, ONE

addresses = st.binary(min_size=20, max_size=20).map(Address)


def numbers(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


listings = st.builds(
    Listing,
    offerer=addresses,
    item_type=st.sampled_from(ItemType),
    token=addresses,
    identifier=numbers(256),
    amount=numbers(128),
    payment_chain=numbers(64).map(ChainId),
    payment_token=addresses,
    price=numbers(128),
    reference_price=numbers(128),
    start_time=numbers(64),
    end_time=numbers(64),
    taker=addresses,
    max_royalty=numbers(16),
    max_fee=numbers(16),
    consideration=st.lists(st.builds(Payee, addresses, numbers(16)), max_size=8).map(tuple),
    salt=numbers(256),
    counter=numbers(256),
)


def by_eth_account(listing: Listing, chain: ChainId) -> Hash32:
    message = encode_typed_data(full_message=listing.typed_data(chain, MARKETPLACE))
    return keccak256(b"\x19" + message.version + message.header + message.body)


@given(listings, numbers(64).map(ChainId))
def test_wallets_sign_the_digest_that_we_verify(listing: Listing, chain: ChainId) -> None:
    assert by_eth_account(listing, chain) == listing.digest(chain, MARKETPLACE)


@pytest.mark.parametrize(("listing", "chain"), LISTINGS.values(), ids=LISTINGS)
def test_wallets_sign_the_digests_of_the_vectors(listing: Listing, chain: int) -> None:
    assert by_eth_account(listing, ChainId(chain)) == listing.digest(ChainId(chain), MARKETPLACE)


@pytest.mark.parametrize("field", Listing.__dataclass_fields__)
def test_every_field_is_part_of_the_hash(field: str) -> None:
    other = replace(ONE, **{field: getattr(LARGEST, field)})

    assert other.hash() != ONE.hash()


def test_a_signature_is_for_one_chain_and_one_marketplace() -> None:
    digests = {ONE.digest(ChainId(chain), market) for chain in (1, 2) for market in (MARKETPLACE, Address(bytes(20)))}

    assert len(digests) == 4
