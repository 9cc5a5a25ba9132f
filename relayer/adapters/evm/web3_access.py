"""web3.py for the command line, under the daemon's rules: the right chain or nothing, any endpoint that serves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp

from light_clients.types import ChainId
from relayer.adapters.evm.rpc import public_name
from relayer.domain.errors import Misconfigured, Transient

if TYPE_CHECKING:
    from web3 import AsyncWeb3

TIMEOUT = 10.0


@asynccontextmanager
async def open_web3(chain: ChainId, endpoints: Sequence[str]) -> AsyncIterator[AsyncWeb3[Any]]:
    """The first endpoint that answers, after its chain id was checked: nothing is written to another chain."""
    from web3.exceptions import ProviderConnectionError  # noqa: PLC0415 as below

    refusals: list[str] = []
    for url in endpoints:
        web3 = _web3(url)
        try:
            if url.startswith("ws"):
                await web3.provider.connect()
            found = await web3.eth.chain_id
        except (aiohttp.ClientError, ProviderConnectionError, OSError, TimeoutError, ValueError) as error:
            refusals.append(f"{public_name(url)}: {type(error).__name__}")
            await web3.provider.disconnect()
            continue
        try:
            if found != chain:
                raise Misconfigured(
                    f"chains[{chain}].endpoints",
                    f"{public_name(url)} serves chain {found}",
                    f"name an endpoint of chain {chain}, or correct the chain's id",
                )
            yield web3
        finally:
            await web3.provider.disconnect()
        return
    raise Transient(f"chain {chain}: no endpoint answers: {'; '.join(refusals)}")


def _web3(url: str) -> AsyncWeb3[Any]:
    from web3 import AsyncHTTPProvider, AsyncWeb3, WebSocketProvider  # noqa: PLC0415 1.6 s to import

    if url.startswith("ws"):
        return AsyncWeb3(WebSocketProvider(url, request_timeout=TIMEOUT, max_connection_retries=1))
    return AsyncWeb3(AsyncHTTPProvider(url, request_kwargs={"timeout": aiohttp.ClientTimeout(total=TIMEOUT)}))
