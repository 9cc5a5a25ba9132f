"""The node underneath: anvil executes and mines, and knows nothing of seals."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count
from typing import Any

import aiohttp
import orjson

from relayer.domain.errors import Transient
from relayer.entrypoints.devnet.sealing.blocks import Object

JSON = {"Content-Type": "application/json"}


class MinedChain:
    """JSON-RPC to anvil over one keep-alive session; blocks are asked for by number alone."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = url
        self._session = session
        self._ids = count(1)

    async def post(self, body: bytes) -> bytes:
        """A request as it stands, and the answer as it stands; raises `Transient`."""
        try:
            async with self._session.post(self._url, data=body, headers=JSON) as response:
                return await response.read()
        except (aiohttp.ClientError, TimeoutError) as trouble:
            raise Transient(f"anvil does not answer: {type(trouble).__name__}: {trouble}") from trouble

    async def call(self, method: str, *params: Any) -> Any:
        request = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
        said = orjson.loads(await self.post(orjson.dumps(request)))
        if "error" in said:
            raise Transient(f"{method}: {said['error'].get('message')}")
        return said["result"]

    async def head(self) -> int:
        return int(await self.call("eth_blockNumber"), 16)

    async def block(self, number: int) -> Object:
        """With whole transactions."""
        found: Object | None = await self.call("eth_getBlockByNumber", hex(number), True)
        if found is None:
            raise Transient(f"anvil has no block {number}")
        return found

    async def raw_transactions(self, block: Object) -> Sequence[str]:
        """The block's transactions as they were sent."""
        calls = [
            {"jsonrpc": "2.0", "id": at, "method": "eth_getRawTransactionByHash", "params": [transaction["hash"]]}
            for at, transaction in enumerate(block["transactions"])
        ]
        if not calls:
            return ()
        said = orjson.loads(await self.post(orjson.dumps(calls)))
        by_id = {each["id"]: each.get("result") for each in said}
        return [by_id[at] or "0x" for at in range(len(calls))]

    async def wait(self) -> None:
        """Until it answers."""
        while True:
            try:
                await self.head()
            except Transient:
                await asyncio.sleep(0.05)
            else:
                return
