"""What the marketplace's API says is what the chains say."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from relayer.domain.market.documents import listing_fields
from tests.journeys.support.asking import answer
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.goods import ROYALTY, an_erc721
from tests.journeys.support.market import (
    PRICE,
    Offer,
    Purchase,
    Status,
    buy,
    credit,
    eventually_came_to,
    money,
    offer,
)
from tests.journeys.support.outcomes import bounce_days_later, eventually_failed
from tests.journeys.support.people import Person
from tests.journeys.support.purchases import delivery_of
from tests.journeys.support.recipients import a_moody_recipient
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("devnet"), pytest.mark.timeout(240)]


async def test_the_api_says_of_purchases_what_the_chains_say(  # noqa: PLR0917 - fixtures
    devnet: Devnet,
    http: aiohttp.ClientSession,
    harbour: LocalChain,
    island: LocalChain,
    lagoon: LocalChain,
    alice: Person,
    bob: Person,
    carol: Person,
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    pebbles = await money(island, bob)
    offered = await offer(alice, heron, money=pebbles)
    api = f"{devnet.api}/v1"
    await submit(http, api, offered)
    first, second = await buy(bob, offered, to=carol, on=lagoon), await buy(bob, offered, to=bob, on=harbour)
    await eventually_came_to(Status.SETTLED, first)
    await eventually_came_to(Status.REFUNDED, second)

    sold, refused = await eventually_done(http, api, first), await eventually_done(http, api, second)

    assert (sold["state"], refused["state"]) == ("settled", "refunded")
    assert refused["reason"].startswith("UnitsUnavailable")
    assert sold["transactions"]["opened"]["hash"] == first.receipt["transactionHash"]
    for told, chain, name in (
        (sold["transactions"]["answered"], harbour, "PurchaseFulfilled"),
        (sold["transactions"]["ended"], island, "PurchaseSettled"),
        (refused["transactions"]["answered"], harbour, "PurchaseRefused"),
        (refused["transactions"]["ended"], island, "PurchaseRefunded"),
    ):
        logs = await chain.logs(chain.market.settlement, "Settlement", name)
        assert told["hash"] in {log["transactionHash"] for _, log in logs}
    assert sum(int(each["amount"]) for each in sold["receipts"]) == PRICE
    assert refused["receipts"] == []
    listed = await answer(http, f"{api}/listings/eip155:{harbour.id}/{offered.listing.hash()}")
    assert (listed["state"], listed["filled"]) == ("filled", "1")
    owed = (await answer(http, f"{api}/credits/{alice.address}"))["credits"]
    mine = {(each["homeChain"], int(each["amount"])) for each in owed if each["token"] == str(pebbles.token)}
    royalties = PRICE * ROYALTY // 10_000
    assert mine == {(f"eip155:{island.id}", PRICE - royalties), (f"eip155:{harbour.id}", royalties)}
    assert await credit(pebbles, alice) + await credit(pebbles, alice, home=harbour) == PRICE
    item = await answer(http, f"{api}/items/eip155:{harbour.id}/{heron.original}/42")
    wrapped = (await lagoon.here(heron)).token
    (holding,) = item["holdings"]
    assert holding["token"] == f"eip155:{lagoon.id}:{wrapped}"
    assert holding["owner"] == f"eip155:{lagoon.id}:{carol.address}"
    assert item["inFlight"] == item["listings"] == []
    tokens = (await answer(http, f"{api}/tokens"))["tokens"]
    paid_in = [(each["chainId"], each["decimals"]) for each in tokens if each["address"] == str(pebbles.token)]
    assert paid_in == [(island.id, 18)]


async def test_the_api_tells_where_an_item_is_that_came_back(  # noqa: PLR0917 - fixtures
    devnet: Devnet,
    http: aiohttp.ClientSession,
    harbour: LocalChain,
    island: LocalChain,
    lagoon: LocalChain,
    alice: Person,
    bob: Person,
    carol: Person,
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    pebbles = await money(island, bob)
    offered = await offer(alice, heron, money=pebbles)
    api = f"{devnet.api}/v1"
    await submit(http, api, offered)
    moody = await lagoon.create(a_moody_recipient(), by=carol)
    bought = await buy(bob, offered, to=moody, on=lagoon)
    await eventually_came_to(Status.SETTLED, bought)
    box, parcel = await delivery_of(bought, harbour)
    await eventually_failed(parcel, lagoon)
    path = f"{api}/items/eip155:{harbour.id}/{heron.original}/42"

    async def on_its_way() -> Any:
        return (await answer(http, path))["inFlight"]

    (flight,) = await eventually(on_its_way, "the item is on its way")
    await bounce_days_later(parcel, harbour, lagoon, by=carol)
    await harbour.eventually_owned_by(box, heron)

    async def back() -> Any:
        holdings = (await answer(http, path))["holdings"]
        return [each["owner"] for each in holdings] == [f"eip155:{harbour.id}:{box}"]

    await eventually(back, "the API knows that it is back")
    assert flight["message"] == str(parcel.id)
    kinds = [step["kind"] for step in (await answer(http, f"{path}/provenance"))["steps"]]
    assert [kind for kind in kinds if kind in ("minted", "sold", "locked", "bounced", "released")] == [
        "minted",
        "sold",
        "locked",
        "bounced",
        "released",
    ]


async def submit(http: aiohttp.ClientSession, api: str, offered: Offer) -> None:
    """As a dApp does, once the seller has signed."""
    listing = listing_fields(offered.chain.id, offered.listing)
    body = {"listing": listing, "signature": "0x" + offered.signature.hex()}
    async with http.post(f"{api}/listings", json=body) as response:
        assert response.status == 201, await response.text()


async def eventually_done(http: aiohttp.ClientSession, api: str, purchase: Purchase) -> Any:
    """The API's word on a purchase that is over."""

    async def done() -> Any:
        async with http.get(f"{api}/purchases/{purchase.id}") as response:
            found = await response.json()
            return found if found.get("step") == "done" else None

    return await eventually(done, f"the API knows the end of {purchase.id}")
