"""An asset crosses, and comes home: of every standard, and also by way of home to a third chain."""

from __future__ import annotations

import pytest

from tests.journeys.support.chain import LocalChain
from tests.journeys.support.goods import ROYALTY, an_erc20, an_erc721, an_erc1155, uri
from tests.journeys.support.people import Person

pytestmark = pytest.mark.xdist_group("journeys")


async def test_an_nft_crosses_and_comes_home(
    harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)

    await alice.send(heron, to=bob, on=island)
    wrapped = await island.eventually_owned_by(bob, heron)
    assert await harbour.owner_of(heron) == harbour.asset_gateway

    await bob.send(wrapped, to=alice, on=harbour)
    await harbour.eventually_owned_by(alice, heron)
    assert not await island.exists(wrapped)


async def test_an_nft_takes_its_name_uri_and_royalty_along(
    harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    heron = await harbour.mint(an_erc721("Herons", "HRN"), 42, to=alice)

    await alice.send(heron, to=bob, on=island)
    wrapped = await island.eventually_owned_by(bob, heron)

    assert await island.ask(wrapped.token, wrapped.kind, "name") == "Herons"
    assert await island.ask(wrapped.token, wrapped.kind, "symbol") == "HRN"
    assert await island.ask(wrapped.token, wrapped.kind, "tokenURI", 42) == uri(42)
    royalty = await island.ask(wrapped.token, wrapped.kind, "royaltyInfo", 42, 10_000)
    assert royalty == (str(alice.address), ROYALTY)


async def test_an_erc20_crosses_and_comes_home(
    harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    pebbles = await harbour.mint(an_erc20("Pebble", "PBL"), 1_000, to=alice)

    await alice.send(pebbles, to=bob, on=island)
    wrapped = await island.eventually_owned_by(bob, pebbles)
    assert await harbour.owned_by(harbour.asset_gateway, pebbles)
    assert await harbour.lent(pebbles, island) == 1_000
    assert await island.ask(wrapped.token, wrapped.kind, "symbol") == "PBL"

    await bob.send(wrapped, to=alice, on=harbour)
    await harbour.eventually_owned_by(alice, pebbles)
    assert await harbour.lent(pebbles, island) == 0
    assert not await island.exists(wrapped)


async def test_an_erc1155_batch_crosses_and_comes_home(
    harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    shells = await harbour.mint(an_erc1155(), (1, 10), (2, 20), (3, 30), to=alice)

    await alice.send(shells, to=bob, on=island)
    wrapped = await island.eventually_owned_by(bob, shells)
    assert await harbour.owned_by(harbour.asset_gateway, shells)
    assert await harbour.lent(shells, island) == 60

    await bob.send(wrapped, to=alice, on=harbour)
    await harbour.eventually_owned_by(alice, shells)
    assert await harbour.lent(shells, island) == 0
    assert not await island.exists(wrapped, bob)


async def test_a_wrapped_nft_goes_to_a_third_chain_by_way_of_home(  # noqa: PLR0917 - fixtures
    harbour: LocalChain, island: LocalChain, lagoon: LocalChain, alice: Person, bob: Person, carol: Person
) -> None:
    heron = await harbour.mint(an_erc721(), 7, to=alice)
    await alice.send(heron, to=bob, on=island)
    on_island = await island.eventually_owned_by(bob, heron)

    await bob.send(on_island, to=carol, on=lagoon)
    on_lagoon = await lagoon.eventually_owned_by(carol, heron)
    assert not await island.exists(on_island)
    assert (await harbour.lent(heron, island), await harbour.lent(heron, lagoon)) == (0, 1)

    await carol.send(on_lagoon, to=alice, on=harbour)
    await harbour.eventually_owned_by(alice, heron)


async def test_a_wrapped_erc20_goes_to_a_third_chain_by_way_of_home(  # noqa: PLR0917 - fixtures
    harbour: LocalChain, island: LocalChain, lagoon: LocalChain, alice: Person, bob: Person, carol: Person
) -> None:
    pebbles = await lagoon.mint(an_erc20(), 500, to=carol)
    await carol.send(pebbles, to=bob, on=island)
    on_island = await island.eventually_owned_by(bob, pebbles)

    await bob.send(on_island, to=alice, on=harbour)
    on_harbour = await harbour.eventually_owned_by(alice, pebbles)

    assert not await island.exists(on_island)
    assert (await lagoon.lent(pebbles, island), await lagoon.lent(pebbles, harbour)) == (0, 500)
    assert await harbour.ask(on_harbour.token, on_harbour.kind, "totalSupply") == 500
