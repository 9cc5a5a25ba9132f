"""web3.py behind our endpoint rules."""

from __future__ import annotations

import pytest

from light_clients.types import ChainId
from relayer.adapters.evm.web3_access import open_web3
from relayer.domain.errors import Misconfigured, Transient
from tests.adapters.support.anvil import an_anvil
from tests.adapters.support.gateway import HERE

NOBODY = "http://127.0.0.1:1"


@pytest.mark.parametrize("transport", ["http", "ws"])
async def test_the_first_endpoint_that_answers_is_used(transport: str) -> None:
    async with an_anvil() as node, open_web3(HERE, [NOBODY, getattr(node, transport)]) as web3:
        assert await web3.eth.block_number == 0


async def test_another_chain_is_not_written_to() -> None:
    async with an_anvil() as node:
        with pytest.raises(Misconfigured, match="serves chain 31337"):
            async with open_web3(ChainId(1), [node.http]):
                raise AssertionError("opened")


@pytest.mark.parametrize("nobody", [NOBODY, NOBODY.replace("http", "ws")])
async def test_no_endpoint_at_all_is_said_so(nobody: str) -> None:
    with pytest.raises(Transient, match=f"no endpoint answers: {nobody}"):
        async with open_web3(HERE, [nobody]):
            raise AssertionError("opened")
