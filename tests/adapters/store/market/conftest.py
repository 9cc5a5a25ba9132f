from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from relayer.adapters.store.market.store import MarketStore, open_market
from tests.market_makers import CONTRACTS


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/market.db"


@pytest.fixture
async def store(url: str) -> AsyncIterator[MarketStore]:
    async with open_market(url, CONTRACTS) as store:
        yield store
