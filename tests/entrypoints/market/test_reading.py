"""What the marketplace's API answers of what it knows, and what it refuses to be asked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from relayer.domain.market.listing import Payee
from relayer.entrypoints.api.market.gate import Limits
from relayer.entrypoints.api.market.models import Listing
from tests.entrypoints.market.place import BUYER, HERE, NO_LIMITS, SELLER, THERE, Api, Place, address, serving
from tests.entrypoints.support import needs_contracts

pytestmark = [needs_contracts, pytest.mark.xdist_group("market")]

NOBODY = "0x" + "99" * 20
NOTHING = "0x" + "99" * 32
CHAIN = f"eip155:{HERE}"


@pytest.fixture(scope="module")
def minted(place: Place) -> Place:
    for identifier in range(501, 506):
        place.mint(identifier, address(SELLER), 'data:application/json,{"name":"A heron","image":"ipfs://heron"}')
    return place


async def listed(place: Place, api: Api) -> list[str]:
    """Five, each dearer than the one before; their hashes."""
    names = []
    for number in range(5):
        listing = place.listing(501 + number, price=(number + 1) * 10**18)
        status, shown = await api.post("/v1/listings", place.signed(listing))
        assert status == 201, shown
        names.append(shown["hash"])
    await eventually(api, "/v1/listings", lambda found: len(found["listings"]) == 5)
    return names


async def eventually(api: Api, path: str, holds: Any) -> Any:
    """The answer, once the index has read so far."""
    async with asyncio.timeout(20):
        while True:
            status, found = await api.get(path)
            if status == 200 and holds(found):
                return found
            await asyncio.sleep(0.1)


async def test_listings_are_found_by_every_filter_and_paged(minted: Place, api: Api) -> None:
    names = await listed(minted, api)
    currency = f"paymentChain=eip155:{THERE}&paymentToken=0x{'00' * 20}"

    async def found(query: str) -> list[str]:
        status, answer = await api.get(f"/v1/listings?{query}")
        assert status == 200, answer
        return [each["hash"] for each in answer["listings"]]

    assert await found(f"{currency}&order=cheapest") == names
    assert await found(f"{currency}&order=dearest") == names[::-1]
    assert set(await found(f"chain={CHAIN}&token={minted.herons}")) == set(names)
    assert await found(f"collection={CHAIN}:{minted.herons}&identifier=503") == [names[2]]
    assert await found(f"{currency}&lowest={2 * 10**18}&highest={3 * 10**18}&order=cheapest") == names[1:3]
    assert set(await found(f"offerer={address(SELLER)}")) == set(names)
    assert await found(f"offerer={address(BUYER)}") == []
    assert await found("state=cancelled") == []

    _, first = await api.get(f"/v1/listings?{currency}&order=cheapest&limit=3")
    _, rest = await api.get(f"/v1/listings?{currency}&order=cheapest&limit=3&cursor={first['cursor']}")
    assert [each["hash"] for each in first["listings"] + rest["listings"]] == names
    assert rest["cursor"] is None
    assert Listing.model_validate(first["listings"][0])


async def test_a_cursor_is_good_only_as_it_was_given(minted: Place, api: Api) -> None:
    await listed(minted, api)
    cursor = (await api.get("/v1/listings?limit=2"))[1]["cursor"]
    bad = [
        cursor[:-1] + ("B" if cursor[-1] != "B" else "C"),
        ("B" if cursor[0] != "B" else "C") + cursor[1:],
        cursor + "A",
        cursor + "=",
        cursor[:10],
        "",
        "A" * 1_024,
        "%00",
        "%F0%9F%A6%A2",
        "../../etc/passwd",
    ]

    for each in bad:
        status, problem = await api.get(f"/v1/listings?limit=2&cursor={each}")
        assert (status, problem["code"]) == (400, "cursor-invalid"), each
    for path in ("/v1/listings?order=ending", "/v1/purchases", "/v1/activity", f"/v1/owners/{NOBODY}/items"):
        status, problem = await api.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")
        assert (status, problem["code"]) == (400, "cursor-invalid"), path
    status, problem = await api.get(f"/v1/listings?cursor={'A' * 1_025}")
    assert (status, problem["code"]) == (422, "request-invalid")
    assert (await api.get(f"/v1/listings?limit=3&cursor={cursor}"))[0] == 200


@pytest.mark.parametrize(
    ("status", "code", "path"),
    [
        (404, "listing-unknown", f"/v1/listings/{CHAIN}/{NOTHING}"),
        (404, "collection-unknown", f"/v1/collections/{CHAIN}/{NOBODY}"),
        (404, "collection-unknown", f"/v1/collections/{CHAIN}/{NOBODY}/items"),
        (404, "item-unknown", f"/v1/items/{CHAIN}/{NOBODY}/1"),
        (404, "item-unknown", f"/v1/items/{CHAIN}/{NOBODY}/1/metadata"),
        (404, "item-unknown", f"/v1/items/{CHAIN}/{NOBODY}/1/provenance"),
        (404, "item-unknown", f"/v1/activity?collection={CHAIN}:{NOBODY}&identifier=1"),
        (404, "purchase-unknown", f"/v1/purchases/{NOTHING}"),
        (404, "not-found", "/v1/nothing"),
        (405, "method-not-allowed", "/v1/quotes"),
        (422, "hash-malformed", "/v1/purchases/0x12"),
        (422, "hash-malformed", f"/v1/listings/{CHAIN}/{NOTHING}00"),
        (422, "chain-malformed", f"/v1/listings/1/{NOTHING}"),
        (422, "chain-malformed", "/v1/listings?chain=eip155:-1"),
        (422, "address-malformed", f"/v1/items/{CHAIN}/0x12/1"),
        (422, "address-malformed", "/v1/credits/%00"),
        (422, "number-malformed", f"/v1/items/{CHAIN}/{NOBODY}/0x1"),
        (422, "number-negative", f"/v1/items/{CHAIN}/{NOBODY}/-1"),
        (422, "number-overflow", f"/v1/items/{CHAIN}/{NOBODY}/{1 << 256}"),
        (422, "number-negative", "/v1/listings?lowest=-1"),
        (422, "number-overflow", f"/v1/listings?highest={1 << 128}"),
        (422, "currency-missing", "/v1/listings?order=cheapest"),
        (422, "currency-missing", "/v1/listings?lowest=1"),
        (422, "chain-missing", f"/v1/listings?token={NOBODY}"),
        (422, "chain-missing", f"/v1/listings?paymentToken={NOBODY}"),
        (422, "collection-missing", "/v1/listings?identifier=1"),
        (422, "account-malformed", f"/v1/listings?collection={NOBODY}"),
        (422, "request-invalid", "/v1/listings?state=sold"),
        (422, "request-invalid", "/v1/listings?limit=0"),
        (422, "request-invalid", "/v1/listings?limit=101"),
        (422, "listing-incomplete", f"/v1/purchases?listing={NOTHING}"),
        (422, "item-incomplete", "/v1/activity?identifier=1"),
        (422, "question-malformed", "/v1/search?q=heron"),
        (422, "question-malformed", "/v1/search?q=%E2%80%AE"),
        (422, "text-too-long", "/v1/search?q=" + "a" * 101),
        (422, "field-missing", "/v1/search"),
        (422, "number-negative", "/v1/events?after=-1"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
async def test_what_is_unknown_or_malformed_has_a_code_that_stays(api: Api, status: int, code: str, path: str) -> None:
    async with api.session.get(path) as answer:
        problem = await answer.json(content_type=None)

    assert (answer.status, problem["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "code"}


async def test_an_item_tells_who_has_it_what_it_is_and_where_it_came_from(minted: Place, api: Api) -> None:
    names = await listed(minted, api)
    path = f"/v1/items/{CHAIN}/{minted.herons}/503"

    item = await eventually(api, path, lambda found: found["listings"] and found["holdings"])
    _, metadata = await api.get(f"{path}/metadata")
    _, provenance = await api.get(f"{path}/provenance")

    assert [each["hash"] for each in item["listings"]] == [names[2]]
    assert item["holdings"][0]["owner"] == f"{CHAIN}:{address(SELLER)}"
    assert metadata["metadata"] == {"name": "A heron", "image": "ipfs://heron"}
    assert metadata["image"] == "ipfs://heron"
    assert provenance["steps"][0]["kind"] == "minted"
    named = await eventually(api, f"/v1/collections/{CHAIN}/{minted.herons}", lambda found: found["name"])
    assert (named["name"], named["symbol"]) == ("Herons", "HRN")
    assert named["id"] in [each["id"] for each in (await api.get("/v1/collections"))[1]["collections"]]
    _, held = await api.get(f"/v1/owners/{address(SELLER)}/items?chain={CHAIN}")
    assert {"collection": f"{CHAIN}:{minted.herons}", "identifier": "503"} in [each["item"] for each in held["items"]]


async def test_metadata_in_a_private_network_is_not_fetched(minted: Place, api: Api) -> None:
    minted.mint(599, address(SELLER), "http://169.254.169.254/latest/meta-data/iam")
    await api.post("/v1/listings", minted.signed(minted.listing(599)))
    path = f"/v1/items/{CHAIN}/{minted.herons}/599"
    await eventually(api, path, lambda found: found["holdings"])

    status, problem = await api.get(f"{path}/metadata")

    assert (status, problem["code"]) == (424, "metadata-forbidden")


async def test_what_is_searched_is_found_by_its_name(minted: Place, api: Api) -> None:
    names = await listed(minted, api)

    assert (await api.get(f"/v1/search?q={names[0]}"))[1]["listings"] == [{"chain": CHAIN, "hash": names[0]}]
    assert await eventually(api, f"/v1/search?q={minted.herons}", lambda found: found["items"])
    assert (await api.get(f"/v1/search?q={NOTHING}"))[1]["messages"] == []


async def test_what_happens_is_told_and_told_again_from_where_one_was(minted: Place, api: Api) -> None:
    async with api.session.get("/v1/events?after=0") as stream:
        assert stream.content_type == "text/event-stream"
        assert (await stream.content.readuntil(b"\n\n")).startswith(b": lockkeeper")
        payees = (Payee(address(SELLER), 10_000),)
        await api.post("/v1/listings", minted.signed(minted.listing(501, salt=99, consideration=payees)))
        first = await next_event(stream.content, "listed")

    async with api.session.get("/v1/events", headers={"Last-Event-ID": str(int(first) - 1)}) as stream:
        assert await next_event(stream.content, "listed") == first


async def next_event(content: Any, kind: str) -> str:
    """The id of the next of its kind."""
    async with asyncio.timeout(10):
        while True:
            told = (await content.readuntil(b"\n\n")).decode()
            if f"event: {kind}\n" in told:
                return str(told.partition("\nid: ")[2].partition("\n")[0])


async def test_a_client_follows_only_so_many_streams(api: Api) -> None:
    streams = [await api.session.get("/v1/events") for _ in range(8)]
    status, problem = await api.get("/v1/events")
    for stream in streams:
        stream.close()

    assert (status, problem["code"]) == (429, "streams-exhausted")
    async with asyncio.timeout(10):
        while (again := await api.session.get("/v1/events")).status != 200:  # noqa: ASYNC110 it is asked over HTTP
            await asyncio.sleep(0.1)
    again.close()


async def test_whoever_asks_too_much_is_told_when_to_come_back(place: Place, tmp_path: Any) -> None:
    few = Limits(reads_per_s=0.5, calls_per_s=0.5, fetches_per_s=0.5, largest_body=65_536)
    async with serving(place.config(tmp_path), few) as api:
        answers = [await api.get("/v1/tokens") for _ in range(9)]
        posts = [await api.post("/v1/quotes", {}) for _ in range(5)]
        async with api.session.get("/v1/tokens") as answer:
            retry = answer.headers["Retry-After"]

    assert {status for status, _ in answers} == {200, 429}
    assert answers[-1][1]["code"] == "rate-limited"
    assert [status for status, _ in posts][-1] == 429
    assert int(retry) >= 1
    assert NO_LIMITS.reads_per_s == 0
