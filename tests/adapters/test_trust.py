"""What light clients of every kind say of themselves."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from light_clients.types import Address, Height
from relayer.adapters.evm.consensus import trust_of
from relayer.domain.errors import Reverted
from relayer.domain.notices import Trust
from tests.makers import an_address

HEADER = "header(uint64)"


class Contract:
    """Answers its views with numbers, and reverts where it has none."""

    def __init__(self, **views: int) -> None:
        self._views = {f"{name}()": value for name, value in views.items()}
        self.timestamp: int | None = None
        """Of the header that it serves."""

    @property
    def address(self) -> Address:
        return an_address()

    async def view(self, function: str, *arguments: int) -> bytes:
        if function == HEADER and self.timestamp is not None:
            return bytes(64) + self.timestamp.to_bytes(32, "big")
        if function not in self._views:
            raise Reverted("no such view")
        return self._views[function].to_bytes(32, "big")

    async def views(self, *functions: str) -> Sequence[bytes]:
        return [await self.view(function) for function in functions]


@pytest.mark.parametrize(
    ("views", "trust"),
    [
        ({"latestTimestamp": 70}, Trust(Height(9), 70, 600, frozen=False)),
        ({"latestTimestamp": 0, "startTimestamp": 50}, Trust(Height(9), 50, 600, frozen=False)),
        ({"latestTimestamp": 70, "frozen": 1}, Trust(Height(9), 70, 600, frozen=True)),
    ],
)
async def test_trust_that_runs_out_counts_from_the_newest_header_or_the_first(
    views: dict[str, int], trust: Trust
) -> None:
    contract = Contract(**{"frozen": 0, "latestHeight": 9, "trustingPeriod": 600} | views)

    assert await trust_of(contract, expires=True) == trust


@pytest.mark.parametrize(("height", "timestamp"), [(9, 70), (9, None), (0, None)])
async def test_trust_for_ever_is_as_old_as_the_header_that_is_served(height: int, timestamp: int | None) -> None:
    contract = Contract(frozen=0, latestHeight=height)
    contract.timestamp = timestamp

    assert await trust_of(contract, expires=False) == Trust(Height(height), timestamp, None, frozen=False)
