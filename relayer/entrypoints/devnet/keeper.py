"""Keeps what anvil forgets: every block's transactions as they are mined, and now and then the whole state.

Anvil writes its state only on an orderly end, or every so often and then not atomically; a killed chain would come
back some blocks behind what other chains have already seen of it.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, Never

import aiohttp

from relayer.domain.errors import Transient
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.devnet.anvil import save
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.onchain.node import Node

SNAPSHOT_BLOCKS = 30
RECONNECT_SECONDS = 0.1


async def keep(folder: Folder, chains: tuple[Chain, ...]) -> None:
    """`chains`: by the URL of whoever executes their transactions."""
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        for chain in chains:
            group.create_task(Keeper(folder, chain, session).run())


class Keeper:
    """Writes the journal of one chain."""

    def __init__(self, folder: Folder, chain: Chain, session: aiohttp.ClientSession) -> None:
        self._folder = folder
        self._chain = chain
        self._session = session
        self._node = Node(chain.url, session)
        self._written = -1
        self._since_snapshot = 0

    async def run(self) -> Never:
        while True:
            try:
                await self._follow()
            except (Transient, aiohttp.ClientError):
                await asyncio.sleep(RECONNECT_SECONDS)  # the chain is being restarted

    async def _follow(self) -> None:
        async with self._session.ws_connect(self._chain.url.replace("http", "ws", 1)) as socket:
            await socket.send_json({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]})
            await self._snapshot()
            async for _ in socket:
                if self._since_snapshot >= SNAPSHOT_BLOCKS:
                    await self._snapshot()
                await self._catch_up()
        raise Transient(f"{self._chain.name} hung up")

    async def _snapshot(self) -> None:
        port = int(self._chain.url.rsplit(":", 1)[1])
        self._written = await asyncio.to_thread(save, self._folder, self._chain.name, port)
        self._since_snapshot = 0

    async def _catch_up(self) -> None:
        head = await self._head()
        while self._written < head:
            await self._write(self._written + 1)

    async def _head(self) -> int:
        return int(await self._node.rpc("eth_blockNumber"), 16)

    async def _write(self, number: int) -> None:
        block: dict[str, Any] = await self._node.rpc("eth_getBlockByNumber", hex(number), False)
        hashes = block["transactions"]
        raw = await self._node.batch([("eth_getRawTransactionByHash", [each]) for each in hashes]) if hashes else []
        line = {"number": number, "timestamp": int(block["timestamp"], 16), "transactions": raw}
        with self._folder.journal(self._chain.name).open("a") as journal:
            journal.write(json.dumps(line) + "\n")
        self._written = number
        self._since_snapshot += 1
