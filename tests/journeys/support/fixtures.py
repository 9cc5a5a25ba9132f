"""Who and what every journey knows; each folder of tests adds its own devnet."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from relayer.entrypoints.devnet.accounts import ALICE, BOB, CAROL, account
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.people import Person

__all__ = ["alice", "bob", "carol", "harbour", "http", "island", "lagoon"]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def harbour(devnet: Devnet, http: aiohttp.ClientSession) -> LocalChain:
    return devnet.chain("harbour", http)


@pytest.fixture
def island(devnet: Devnet, http: aiohttp.ClientSession) -> LocalChain:
    return devnet.chain("island", http)


@pytest.fixture
def lagoon(devnet: Devnet, http: aiohttp.ClientSession) -> LocalChain:
    return devnet.chain("lagoon", http)


@pytest.fixture
def alice() -> Person:
    return Person(account(ALICE))


@pytest.fixture
def bob() -> Person:
    return Person(account(BOB))


@pytest.fixture
def carol() -> Person:
    return Person(account(CAROL))
