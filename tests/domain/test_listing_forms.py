"""Which listings are refused for their form, and with which code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from light_clients.types import ZERO_ADDRESS, Address, ChainId
from relayer.domain.market.form import YEAR, Refused, check_form
from relayer.domain.market.listing import ItemType, Listing, Payee
from tests.makers import an_address

NOW = 1_800_000_000


def a_form(**changes: object) -> Listing:
    listing = Listing(
        offerer=an_address(1),
        item_type=ItemType.ERC721,
        token=an_address(2),
        identifier=42,
        amount=1,
        payment_chain=ChainId(31338),
        payment_token=ZERO_ADDRESS,
        price=10**18,
        reference_price=0,
        start_time=NOW - 60,
        end_time=NOW + 60,
        taker=ZERO_ADDRESS,
        max_royalty=1_000,
        max_fee=250,
        consideration=(Payee(an_address(1), 7_000), Payee(an_address(3), 3_000)),
        salt=1,
        counter=0,
    )
    return replace(listing, **changes)  # type: ignore[arg-type]


def test_a_sensible_listing_is_taken() -> None:
    check_form(a_form(), NOW)
    check_form(a_form(start_time=NOW + 30, item_type=ItemType.ERC1155, amount=7), NOW)
    check_form(a_form(price=0, reference_price=1), NOW)


def of(*shares: int, to: Address | None = None) -> tuple[Payee, ...]:
    return tuple(Payee(to or an_address(index), share) for index, share in enumerate(shares))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("offerer-zero", {"offerer": ZERO_ADDRESS}),
        ("token-zero", {"token": ZERO_ADDRESS}),
        ("amount-zero", {"amount": 0}),
        ("amount-not-one", {"amount": 2}),
        ("price-zero", {"price": 0}),
        ("price-overflow", {"price": 1 << 127, "amount": 2, "item_type": ItemType.ERC1155}),
        ("price-overflow", {"reference_price": 1 << 127, "amount": 2, "item_type": ItemType.ERC1155}),
        ("shares-overflow", {"max_royalty": 9_000, "max_fee": 1_001}),
        ("payees-none", {"consideration": ()}),
        ("payees-too-many", {"consideration": of(*([1_000] * 8), 1_000, 1_000)}),
        ("payee-zero", {"consideration": of(10_000, to=ZERO_ADDRESS)}),
        ("payee-unpaid", {"consideration": of(10_000, 0)}),
        ("payees-not-whole", {"consideration": of(5_000, 4_999)}),
        ("payees-not-whole", {"consideration": of(5_000, 5_001)}),
        ("times-reversed", {"start_time": NOW + 60}),
        ("listing-expired", {"start_time": NOW - 60, "end_time": NOW}),
        ("start-too-early", {"start_time": NOW - YEAR - 1}),
        ("end-too-late", {"end_time": NOW + YEAR + 1}),
    ],
)
def test_what_is_no_listing_is_refused_with_a_code_that_stays(code: str, changes: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        check_form(a_form(**changes), NOW)

    assert refusal.value.code == code
