"""A real anvil process, on a port that the system chose."""

from __future__ import annotations

import asyncio
import re
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from light_clients.types import Address, ChainId, Hash32

BINARY = Path(__file__).parents[3] / "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
LISTENING = re.compile(rb"Listening on 127\.0\.0\.1:(\d+)")
FIRST_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
FIRST_ACCOUNT = Address.from_hex("f39fd6e51aad88f6f4ce6ab8827279cfffb92266")


@dataclass(frozen=True)
class Log:
    topics: Sequence[bytes]
    data: bytes


def an_emitter(*logs: Log) -> bytes:
    """Code that emits these logs whenever it is called: CODECOPY the data, PUSH the topics, LOGn."""
    per_log = [5 + 5 + 2 + 33 * len(log.topics) + 5 + 1 + 1 for log in logs]
    start = sum(per_log) + 1
    code, tail = b"", b""
    for log in logs:
        length, offset = len(log.data).to_bytes(4, "big"), (start + len(tail)).to_bytes(4, "big")
        code += b"\x63" + length + b"\x63" + offset + b"\x5f\x39"
        code += b"".join(b"\x7f" + topic for topic in reversed(log.topics))
        code += b"\x63" + length + b"\x5f" + bytes([0xA0 + len(log.topics)])
        tail += log.data
    return code + b"\0" + tail


@dataclass(frozen=True)
class Anvil:
    """A node and what tests do to it."""

    id: ChainId
    port: int
    process: Process
    session: aiohttp.ClientSession

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def rpc(self, method: str, *params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        async with self.session.post(self.http, json=body) as response:
            answer = await response.json()
        assert "error" not in answer, answer
        return answer["result"]

    async def mine(self, blocks: int = 1) -> int:
        await self.rpc("anvil_mine", hex(blocks))
        return int(await self.rpc("eth_blockNumber"), 16)

    async def emit(self, at: Address, *logs: Log) -> Hash32:
        """Mine a block with a transaction in which the contract `at` emits these logs."""
        await self.rpc("anvil_setCode", str(at), "0x" + an_emitter(*logs).hex())
        return await self.send(at)

    async def send(self, to: Address, data: bytes = b"") -> Hash32:
        call = {"from": str(FIRST_ACCOUNT), "to": str(to), "data": "0x" + data.hex(), "gas": hex(5_000_000)}
        transaction = Hash32.from_hex(await self.rpc("eth_sendTransaction", call))
        while await self.rpc("eth_getTransactionReceipt", str(transaction)) is None:  # noqa: ASYNC110 it tells nobody
            await asyncio.sleep(0.005)
        return transaction


async def _listen(output: asyncio.StreamReader) -> None:
    """It says a word about each call, and would stop if nobody listened."""
    while await output.read(1 << 16):
        pass


@asynccontextmanager
async def an_anvil(chain: int = 31337, *options: str, port: int = 0) -> AsyncIterator[Anvil]:
    """Mines a block for each transaction, or when told to."""
    process = await asyncio.create_subprocess_exec(
        str(BINARY), "--port", str(port), "--chain-id", str(chain), *options, stdout=PIPE
    )
    assert process.stdout is not None
    listening = None
    try:
        found = None
        while found is None:
            found = LISTENING.search(await process.stdout.readline())
        listening = asyncio.create_task(_listen(process.stdout))
        async with aiohttp.ClientSession() as session:
            yield Anvil(ChainId(chain), int(found[1]), process, session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        if listening is not None:
            await listening
