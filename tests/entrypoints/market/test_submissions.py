"""Listings that are submitted, against real contracts: what is kept, and what is refused with which code."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from light_clients.crypto.secp256k1 import ORDER
from light_clients.types import Address, ChainId
from relayer.domain.market.listing import ItemType
from tests.entrypoints.market.place import BUYER, HERE, OTHER, SELLER, THERE, Api, Place, address, signature
from tests.entrypoints.support import needs_contracts
from tests.makers import an_address

pytestmark = [needs_contracts, pytest.mark.xdist_group("market")]

IDENTIFIERS = count(1)
AGREES = "631626ba7e60e01b60005260206000f3"
"""Runtime code of a wallet that stands by every signature (EIP-1271)."""
DISAGREES = "60006000f3"
LOOPS = "5b600056"
INVALID = "fe"
REVERTS_HUGELY = "62ffffff6000fd"
ANSWERS_DIRTILY = "631626ba7e60e01b60010160005260206000f3"
"""The magic value with something behind it."""


def a_heron(place: Place, to: Address | None = None, **mint: Any) -> int:
    identifier = next(IDENTIFIERS)
    place.mint(identifier, to or address(SELLER), **mint)
    return identifier


async def test_a_signed_listing_of_an_approved_item_is_kept_and_shown(place: Place, api: Api) -> None:
    listing = place.listing(a_heron(place))

    status, shown = await api.post("/v1/listings", place.signed(listing))

    assert status == 201
    assert shown["hash"] == str(listing.hash())
    assert shown["listedAt"].endswith("Z")
    assert (await api.get(f"/v1/listings/eip155:{HERE}/{listing.hash()}"))[1] == shown
    assert (await api.get("/v1/listings?state=any"))[1] == {"listings": [shown], "cursor": None}


async def test_a_listing_that_is_known_is_no_news(place: Place, api: Api) -> None:
    body = place.signed(place.listing(a_heron(place)))

    first, again = await api.post("/v1/listings", body), await api.post("/v1/listings", body)

    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]


async def test_shells_are_listed_with_approval_for_all(place: Place, api: Api) -> None:
    place.send("one", address(SELLER), place.shells, "SampleERC1155", "mintBatch", str(address(SELLER)), [7], [50])
    listing = place.listing(7, token=place.shells, item_type=ItemType.ERC1155, amount=20)
    assert await api.refusal("/v1/listings", place.signed(listing)) == "not-approved"
    approve = (str(place.marketplace), True)
    place.send("one", address(SELLER), place.shells, "SampleERC1155", "setApprovalForAll", *approve)

    assert await api.refusal("/v1/listings", place.signed(replace(listing, amount=51))) == "not-owner"
    status, _ = await api.post("/v1/listings", place.signed(listing))

    assert status == 201


async def test_a_listing_that_begins_later_is_kept(place: Place, api: Api) -> None:
    now = place.listing().start_time + 60

    status, shown = await api.post("/v1/listings", place.signed(place.listing(a_heron(place), start_time=now + 600)))

    assert (status, shown["state"]) == (201, "upcoming")


@pytest.mark.parametrize(("code", "kept"), [(AGREES, True), (DISAGREES, False), (ANSWERS_DIRTILY, False)])
async def test_a_contract_says_itself_whether_it_signed(place: Place, api: Api, code: str, kept: bool) -> None:
    wallet = an_address(next(IDENTIFIERS) + 1_000)
    listing = place.listing(a_heron(place, wallet), offerer=wallet)
    place.put_code("one", wallet, code)
    body = place.signed(listing) | {"signature": "0x" + "ab" * 300}

    if kept:
        assert (await api.post("/v1/listings", body))[0] == 201
    else:
        assert await api.refusal("/v1/listings", body) == "signature-invalid"


@pytest.mark.parametrize("code", [LOOPS, INVALID, REVERTS_HUGELY])
async def test_a_hostile_wallet_is_refused_and_costs_nobody_his_endpoint(place: Place, api: Api, code: str) -> None:
    wallet = an_address(next(IDENTIFIERS) + 1_000)
    listing = place.listing(a_heron(place, wallet), offerer=wallet)
    place.put_code("one", wallet, code)

    assert await api.refusal("/v1/listings", place.signed(listing)) == "signature-invalid"
    assert (await api.post("/v1/listings", place.signed(place.listing(a_heron(place)))))[0] == 201


@pytest.mark.parametrize("code", ["", AGREES, LOOPS, INVALID, REVERTS_HUGELY])
async def test_a_token_that_is_no_collection_is_refused(place: Place, api: Api, code: str) -> None:
    token = an_address(next(IDENTIFIERS) + 2_000)
    place.put_code("one", token, code)

    assert await api.refusal("/v1/listings", place.signed(place.listing(1, token=token))) == "item-type-wrong"


async def test_a_forged_signature_is_refused(place: Place, api: Api) -> None:
    listing = place.listing(a_heron(place))

    assert await api.refusal("/v1/listings", place.signed(listing, by=OTHER)) == "signature-invalid"


async def test_a_signature_for_another_listing_or_chain_is_refused(place: Place, api: Api) -> None:
    listing = place.listing(a_heron(place))
    cheaper = place.signed(replace(listing, price=1)) | {"signature": place.signed(listing)["signature"]}

    assert await api.refusal("/v1/listings", cheaper) == "signature-invalid"
    assert await api.refusal("/v1/listings", place.signed(listing, chain=THERE)) == "signature-invalid"


async def test_the_other_form_of_a_signature_is_refused(place: Place, api: Api) -> None:
    listing = place.listing(a_heron(place))
    low = signature(listing.digest(HERE, place.marketplace))
    high_s = ORDER - int.from_bytes(low[32:64], "big")
    high = low[:32] + high_s.to_bytes(32, "big") + bytes([27 + 28 - low[64]])
    body = place.signed(listing) | {"signature": "0x" + high.hex()}

    assert await api.refusal("/v1/listings", body) == "signature-malformed"


@pytest.mark.parametrize("octets", ["", "00", "00" * 65, "ff" * 65, "00" * 64, "ab" * 66])
async def test_what_is_no_signature_is_refused(place: Place, api: Api, octets: str) -> None:
    body = place.signed(place.listing(a_heron(place))) | {"signature": "0x" + octets}

    assert await api.refusal("/v1/listings", body) == "signature-malformed"


async def test_what_is_not_held_or_not_approved_is_refused(place: Place, api: Api) -> None:
    others, unapproved = a_heron(place, address(BUYER)), a_heron(place, approved=False)

    assert await api.refusal("/v1/listings", place.signed(place.listing(others))) == "not-owner"
    assert await api.refusal("/v1/listings", place.signed(place.listing(unapproved))) == "not-approved"
    assert await api.refusal("/v1/listings", place.signed(place.listing(10**30))) == "not-owner"
    shells = place.listing(others, item_type=ItemType.ERC1155)
    assert await api.refusal("/v1/listings", place.signed(shells)) == "item-type-wrong"


async def test_what_was_cancelled_or_counted_away_is_refused(place: Place, api: Api) -> None:
    seller = address(OTHER)
    listing = place.listing(a_heron(place, seller), offerer=seller)
    place.send("one", seller, place.marketplace, "Marketplace", "cancel", [listing.abi()])
    assert await api.refusal("/v1/listings", place.signed(listing, by=OTHER)) == "listing-is-cancelled"

    place.send("one", seller, place.marketplace, "Marketplace", "incrementCounter")

    later = replace(listing, salt=1)
    assert await api.refusal("/v1/listings", place.signed(later, by=OTHER)) == "counter-differs"
    assert (await api.post("/v1/listings", place.signed(replace(later, counter=1), by=OTHER)))[0] == 201


MALFORMED: list[tuple[str, dict[str, Any]]] = [
    ("chain-unknown", {"chain": "eip155:999"}),
    ("chain-unknown", {"paymentChain": "eip155:999"}),
    ("chain-malformed", {"chain": 31337}),
    ("chain-malformed", {"chain": "eip155:"}),
    ("chain-malformed", {"chain": "eip155:-1"}),
    ("chain-malformed", {"chain": "eip155:\u0663\u0661"}),
    ("chain-malformed", {"chain": "eip155:" + "9" * 19}),
    ("chain-malformed", {"chain": "eip155:" + "9" * 5_000}),
    ("chain-malformed", {"chain": "solana:mainnet"}),
    ("address-malformed", {"offerer": "0x12"}),
    ("address-malformed", {"offerer": None}),
    ("address-malformed", {"offerer": "0x" + "\u0661" * 40}),
    ("address-malformed", {"offerer": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"}),
    ("address-malformed", {"token": "vitalik.eth"}),
    ("number-negative", {"price": "-1"}),
    ("number-negative", {"identifier": "-" + "1" * 78}),
    ("number-negative", {"maxFee": -1}),
    ("number-overflow", {"price": str(1 << 128)}),
    ("number-overflow", {"amount": str(1 << 128)}),
    ("number-overflow", {"identifier": str(1 << 256)}),
    ("number-overflow", {"salt": "9" * 500}),
    ("number-malformed", {"price": "1e18"}),
    ("number-malformed", {"price": "0x10"}),
    ("number-malformed", {"price": "\uff11"}),
    ("number-malformed", {"price": "01"}),
    ("number-malformed", {"price": " 1"}),
    ("number-malformed", {"price": ""}),
    ("number-malformed", {"price": 1}),
    ("number-malformed", {"price": None}),
    ("number-malformed", {"maxRoyalty": "10"}),
    ("number-malformed", {"maxRoyalty": True}),
    ("number-malformed", {"maxRoyalty": 1.5}),
    ("basis-points-overflow", {"maxRoyalty": 10_001}),
    ("time-malformed", {"endTime": "tomorrow"}),
    ("time-malformed", {"endTime": 1_900_000_000}),
    ("time-malformed", {"endTime": "2027-02-30T00:00:00Z"}),
    ("time-malformed", {"endTime": "2027-01-01T00:00:00"}),
    ("time-malformed", {"endTime": "2027-01-01T00:00:00.5Z"}),
    ("time-malformed", {"startTime": "1969-12-31T23:59:59Z"}),
    ("listing-expired", {"startTime": "2020-01-01T00:00:00Z", "endTime": "2020-01-02T00:00:00Z"}),
    ("end-too-late", {"endTime": "9999-12-31T23:59:59Z"}),
    ("start-too-early", {"startTime": "1970-01-01T00:00:00Z"}),
    ("payees-none", {"consideration": []}),
    ("payees-not-whole", {"consideration": [{"recipient": "0x" + "11" * 20, "basisPoints": 9_999}]}),
    ("payee-zero", {"consideration": [{"recipient": "0x" + "00" * 20, "basisPoints": 10_000}]}),
    ("payees-too-many", {"consideration": [{"recipient": "0x" + "11" * 20, "basisPoints": 1_000}] * 10}),
    ("amount-not-one", {"amount": "2"}),
    ("price-zero", {"price": "0"}),
    ("request-invalid", {"itemType": "erc20"}),
    ("request-invalid", {"consideration": [{"recipient": "0x" + "11" * 20, "basisPoints": 1}] * 65}),
    ("field-unknown", {"note": "\ud800"}),
    ("request-invalid", {"\ud800" * 5_000: 1}),
]


async def test_malformed_fields_are_refused(place: Place, api: Api) -> None:
    for code, said in MALFORMED:
        body = place.signed(place.listing(1))
        body["listing"] |= said

        assert (await api.refusal("/v1/listings", body), said) == (code, said)


async def test_a_signed_listing_says_everything(place: Place, api: Api) -> None:
    for field in ("offerer", "salt", "counter", "consideration", "endTime"):
        body = place.signed(place.listing(1))
        del body["listing"][field]

        assert await api.refusal("/v1/listings", body) == "field-missing"


@pytest.mark.parametrize(
    ("status", "code", "raw"),
    [
        (422, "json-malformed", b"{"),
        (422, "json-malformed", b"\xff\xfe"),
        (422, "request-invalid", b"[]"),
        (422, "request-invalid", b"null"),
        (422, "field-missing", b"{}"),
        (413, "body-too-large", b" " * 65_537),
    ],
    ids=("open", "no-unicode", "list", "null", "empty", "large"),
)
async def test_malformed_bodies_are_refused(api: Api, status: int, code: str, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with api.session.post("/v1/listings", data=raw, headers=headers) as answer:
        problem = await answer.json(content_type=None)

    assert (answer.status, problem["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert await api.count() == 0


@pytest.mark.parametrize("raw", [b"[" * 60_000, b'{"listing":' * 5_000], ids=("list", "object"))
async def test_a_body_that_never_stops_nesting_is_refused(api: Api, raw: bytes) -> None:
    """As too deep, or as unfinished: whichever the parser meets first; others of this process may move its limit."""
    async with api.session.post("/v1/listings", data=raw, headers={"Content-Type": "application/json"}) as answer:
        assert (answer.status, (await answer.json(content_type=None))["code"]) in (
            (400, "request-malformed"),
            (422, "json-malformed"),
        )


async def test_a_body_that_announces_no_length_is_bounded_too(api: Api) -> None:
    async def endless() -> Any:
        for _ in range(10):
            yield b" " * 10_000

    async with api.session.post("/v1/listings", data=endless()) as answer:
        assert answer.status == 413


async def test_a_listing_of_a_chain_is_not_one_of_another(place: Place, api: Api) -> None:
    body = place.signed(place.listing(a_heron(place)))
    body["listing"]["chain"] = f"eip155:{THERE}"

    assert await api.refusal("/v1/listings", body) in {"signature-invalid", "item-type-wrong"}
    assert ChainId(THERE) != HERE
