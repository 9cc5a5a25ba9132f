"""Purchases over three chains: paid on the island, sold at the harbour, delivered to the lagoon."""

from __future__ import annotations

import asyncio

import pytest

from relayer.entrypoints.devnet.accounts import FIRST_ATTESTER, account
from relayer.entrypoints.onchain.artifacts import artifact
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.goods import ROYALTY, Goods, an_erc721
from tests.journeys.support.market import (
    PRICE,
    Purchase,
    Status,
    balance,
    buy,
    credit,
    events,
    eventually_came_to,
    money,
    offer,
    refusal,
    selector,
    status,
    told,
)
from tests.journeys.support.outcomes import Outcome, bounce_days_later, eventually_failed, outcome
from tests.journeys.support.people import Person
from tests.journeys.support.purchases import delivery_of
from tests.journeys.support.recipients import a_moody_recipient
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("devnet"), pytest.mark.timeout(240)]

ROYALTIES = PRICE * ROYALTY // 10_000
LEFT = PRICE - ROYALTIES
NO_REASON = bytes(4)


@pytest.fixture
def issuer() -> Person:
    return Person(account(FIRST_ATTESTER))


@pytest.fixture
def channel() -> Person:
    return Person(account(FIRST_ATTESTER + 1))


async def test_what_is_bought_here_is_delivered_there_and_everybody_is_paid(  # noqa: PLR0917 - fixtures
    harbour: LocalChain,
    island: LocalChain,
    lagoon: LocalChain,
    alice: Person,
    bob: Person,
    carol: Person,
    issuer: Person,
    channel: Person,
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    pebbles = await money(island, bob)
    payees = {alice.address: 3_000, issuer.address: 4_000, channel.address: 3_000}
    offered = await offer(alice, heron, money=pebbles, payees=payees)

    bought = await buy(bob, offered, to=carol, on=lagoon)
    await eventually_came_to(Status.SETTLED, bought)
    await lagoon.eventually_owned_by(carol, heron)

    people, shares = (alice, issuer, channel), [LEFT * 3 // 10, LEFT * 4 // 10]
    shares.append(LEFT - sum(shares))
    assert [await credit(pebbles, who) for who in people] == shares
    assert await credit(pebbles, alice, home=harbour) == ROYALTIES
    for who in people:
        await withdraw(who, pebbles)
    assert [await balance(pebbles, who) for who in people] == shares
    royalty = artifact("Settlement").call("withdrawOn", island.id, str(pebbles.token), str(alice.address))
    await alice.call(harbour, harbour.market.settlement, royalty)
    await eventually_has(alice, pebbles, shares[0] + ROYALTIES)
    assert await balance(pebbles, island.market.settlement) == 0
    assert await balance(pebbles, bob) == 9 * PRICE


async def test_what_is_sold_already_is_refunded(  # noqa: PLR0917 - fixtures
    harbour: LocalChain, island: LocalChain, lagoon: LocalChain, alice: Person, bob: Person, carol: Person
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    pebbles = await money(island, bob)
    offered = await offer(alice, heron, money=pebbles)

    first, second = await buy(bob, offered, to=carol, on=lagoon), await buy(bob, offered, to=bob, on=harbour)
    await eventually_came_to(Status.SETTLED, first)
    await eventually_came_to(Status.REFUNDED, second)

    assert await refusal(second) == selector("UnitsUnavailable(uint256,uint256)")
    assert await balance(pebbles, bob) == 9 * PRICE
    assert await balance(pebbles, island.market.settlement) == PRICE
    await lagoon.eventually_owned_by(carol, heron)


async def test_what_is_cancelled_while_the_purchase_is_on_its_way_is_refunded(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    pebbles = await money(island, bob)
    offered = await offer(alice, heron, money=pebbles)

    with devnet.frozen("relayer"):
        bought = await buy(bob, offered, to=bob, on=harbour)
        cancelling = artifact("Marketplace").call("cancel", [offered.listing.abi()])
        await alice.call(harbour, harbour.market.marketplace, cancelling)
    await eventually_came_to(Status.REFUNDED, bought)

    assert await refusal(bought) == selector("ListingIsCancelled(bytes32)")
    assert await balance(pebbles, bob) == 10 * PRICE
    assert await harbour.owned_by(alice, heron)


async def test_a_purchase_that_comes_too_late_comes_back_with_the_money(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    pebbles = await money(island, bob)
    offered = await offer(alice, heron, money=pebbles)
    deadline = await time_of(harbour) + 5

    with devnet.frozen("relayer"):
        bought = await buy(bob, offered, to=bob, on=harbour, deadline=deadline)

        async def too_late() -> bool:
            return await time_of(harbour) > deadline

        await eventually(too_late, "the deadline has passed")
    await eventually_came_to(Status.REFUNDED, bought)

    assert bought.sent is not None
    assert await outcome(bought.sent, harbour) == Outcome.BOUNCED
    assert await refusal(bought) == NO_REASON
    assert await balance(pebbles, bob) == 10 * PRICE
    assert await harbour.owned_by(alice, heron)


async def test_a_purchase_for_a_recipient_that_refuses_is_refunded(
    harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    pebbles = await money(island, bob)
    offered = await offer(alice, heron, money=pebbles)
    moody = await harbour.create(a_moody_recipient(), by=alice)

    bought = await buy(bob, offered, to=moody, on=harbour)
    await eventually_came_to(Status.REFUNDED, bought)

    assert await balance(pebbles, bob) == 10 * PRICE
    assert await harbour.owned_by(alice, heron)


async def test_what_its_delivery_chain_sends_back_is_in_the_box_of_its_buyer(  # noqa: PLR0917 - fixtures
    harbour: LocalChain, island: LocalChain, lagoon: LocalChain, alice: Person, bob: Person, carol: Person
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    pebbles = await money(island, bob)
    offered = await offer(alice, heron, money=pebbles)
    moody = await lagoon.create(a_moody_recipient(), by=carol)
    bought = await buy(bob, offered, to=moody, on=lagoon, return_to=bob.address)
    await eventually_came_to(Status.SETTLED, bought)
    box, parcel = await delivery_of(bought, harbour)
    await eventually_failed(parcel, lagoon)

    await bounce_days_later(parcel, harbour, lagoon, by=carol)
    await harbour.eventually_owned_by(box, heron)

    taken = artifact("SampleERC721").call("transferFrom", str(box), str(bob.address), 42)
    await bob.call(harbour, box, artifact("DeliveryBox").call("call", str(heron.token), taken))
    assert await harbour.owned_by(bob, heron)


async def test_invariant_a_purchase_ends_once_with_the_item_or_with_the_money(  # noqa: PLR0917 - fixtures
    devnet: Devnet,
    harbour: LocalChain,
    island: LocalChain,
    lagoon: LocalChain,
    alice: Person,
    bob: Person,
    carol: Person,
) -> None:
    """The relayer is killed at every step of three purchases: the second is of what the first has bought."""
    pebbles = await money(island, bob)
    herons = [await harbour.mint(an_erc721(), 42, to=alice) for _ in range(2)]
    offers = [await offer(alice, heron, money=pebbles) for heron in herons]

    bought = [await buy(bob, each, to=carol, on=lagoon) for each in (offers[0], offers[0], offers[1])]
    for _ in range(3):
        devnet.kill("relayer")
        await asyncio.sleep(1.7)
    ended = [await eventually_ended(each) for each in bought]
    for heron in herons:
        await lagoon.eventually_owned_by(carol, heron)

    assert ended == [Status.SETTLED, Status.REFUNDED, Status.SETTLED]
    for purchase in bought:
        happened = [len(await told(purchase, island, name)) for name in ("PurchaseSettled", "PurchaseRefunded")]
        answered = [len(await told(purchase, harbour, name)) for name in ("PurchaseFulfilled", "PurchaseRefused")]
        expected = [1, 0] if await status(purchase) == Status.SETTLED else [0, 1]
        assert happened == answered == expected
    assert await balance(pebbles, bob) == 8 * PRICE
    assert await balance(pebbles, island.market.settlement) == 2 * PRICE
    owed = await credit(pebbles, alice) + await credit(pebbles, alice, home=harbour)
    assert owed == 2 * PRICE


async def withdraw(who: Person, coins: Goods) -> None:
    settlement = coins.chain.market.settlement
    receipt = await who.call(
        coins.chain, settlement, artifact("Settlement").call("withdraw", str(coins.token), str(who.address))
    )
    (taken,) = events(receipt, coins.chain, "Withdrawn")
    assert taken["account"] == str(who.address)


async def eventually_has(who: Person, coins: Goods, amount: int) -> None:
    async def has() -> bool:
        return await balance(coins, who) == amount

    await eventually(has, f"{who.address} has {amount}")


async def eventually_ended(purchase: Purchase) -> Status:
    async def over() -> Status | None:
        found = await status(purchase)
        return None if found == Status.OPEN else found

    found = await eventually(over, f"the end of purchase {purchase.id}", within=120)
    assert found is not None
    return found


async def time_of(chain: LocalChain) -> int:
    return int((await chain.node.rpc("eth_getBlockByNumber", "latest", False))["timestamp"], 16)
