"""What a token says of itself is believed when most endpoints tell it: its decimals decide how a price is read."""

from __future__ import annotations

from typing import Any

import pytest

from light_clients.types import Address
from relayer.adapters.evm.market.majority import Disagreement
from relayer.adapters.evm.market.tokens import EvmTokens
from tests.adapters.support.anvil import an_anvil
from tests.adapters.support.liar import a_liar
from tests.adapters.support.opened import head_at, opened

PEBBLES, MUTE = Address(b"\x11" * 20), Address(b"\x12" * 20)
ALWAYS_18 = "0x601260005260206000f3"
ALWAYS_REVERTS = "0x60006000fd"


def six(method: str, _params: list[Any], result: Any) -> Any:
    return "0x" + (6).to_bytes(32, "big").hex() if method == "eth_call" else result


async def test_one_endpoint_of_three_cannot_move_the_point_of_a_price() -> None:
    async with an_anvil() as node, a_liar(node.http, six) as liar, a_liar(node.http) as other:
        await node.rpc("anvil_setCode", str(PEBBLES), ALWAYS_18)
        await node.mine()

        async with opened(liar.url, node.http, other.url) as open_:
            await head_at(open_.chain, 1)
            found = await EvmTokens(open_.pool).decimals(PEBBLES)

    assert found == 18


async def test_two_endpoints_that_differ_leave_the_question_open() -> None:
    async with an_anvil() as node, a_liar(node.http, six) as liar:
        await node.rpc("anvil_setCode", str(PEBBLES), ALWAYS_18)
        await node.mine()

        async with opened(liar.url, node.http) as open_:
            await head_at(open_.chain, 1)
            with pytest.raises(Disagreement):
                await EvmTokens(open_.pool).decimals(PEBBLES)


async def test_a_token_that_refuses_says_nothing() -> None:
    async with an_anvil() as node:
        await node.rpc("anvil_setCode", str(MUTE), ALWAYS_REVERTS)
        await node.mine()

        async with opened(node.http) as open_:
            await head_at(open_.chain, 1)
            tokens = EvmTokens(open_.pool)

            assert (await tokens.decimals(MUTE), await tokens.name(MUTE)) == (0, "")
