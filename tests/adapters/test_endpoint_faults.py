"""What an endpoint fails to say is counted, whoever asked for it."""

from __future__ import annotations

import asyncio

from light_clients.types import ChainId
from relayer.adapters.clock import SystemClock
from relayer.adapters.evm.chain import FinalityRule
from relayer.adapters.evm.connect import ChainSettings, Unobserved, open_chain
from relayer.domain.ids import Seconds
from relayer.ports import Finality
from tests.adapters.support.gateway import GATEWAY
from tests.adapters.support.liar import a_liar, silence


class Heard(Unobserved):
    def __init__(self) -> None:
        self.missed: asyncio.Queue[tuple[ChainId, str]] = asyncio.Queue()

    def missed_head(self, chain: ChainId, endpoint: str, fault: str) -> None:
        self.missed.put_nowait((chain, fault))


async def test_an_endpoint_that_does_not_say_how_far_the_chain_is_is_counted() -> None:
    heard = Heard()
    async with a_liar("http://127.0.0.1:1") as endpoint, asyncio.timeout(10):
        endpoint.answer = silence
        short = Seconds(0.05)
        finality = FinalityRule(Finality.LATEST, 0)
        settings = ChainSettings(ChainId(31337), (endpoint.url,), GATEWAY, {}, finality, Seconds(1.0), short)

        async with open_chain(settings, SystemClock(), heard):
            missed = await heard.missed.get()

    assert missed == (31337, "DeadlinePassed")
