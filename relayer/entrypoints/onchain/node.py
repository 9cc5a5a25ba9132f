"""One JSON-RPC endpoint, as the command line talks to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp
import orjson

from light_clients.types import Address, ChainId
from relayer.domain.errors import Misconfigured, Rejected, Reverted, Transient
from relayer.entrypoints.onchain.artifacts import explain

TIMEOUT = aiohttp.ClientTimeout(total=20)
POLL_SECONDS = 0.05


class Node:
    """Calls one endpoint. Raises `Transient` when it does not answer, `Reverted` when a call would fail."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def rpc(self, method: str, *params: Any) -> Any:
        return (await self.batch([(method, list(params))]))[0]

    async def batch(self, calls: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        """Results in the order of the calls."""
        body = [{"jsonrpc": "2.0", "id": i, "method": m, "params": p} for i, (m, p) in enumerate(calls)]
        try:
            async with self._session.post(
                self.url, data=orjson.dumps(body), headers={"content-type": "application/json"}, timeout=TIMEOUT
            ) as response:
                answers = orjson.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as trouble:
            raise Transient(f"{self.url} does not answer as a node should ({type(trouble).__name__})") from trouble
        if not isinstance(answers, list):
            raise _refusal(answers.get("error") or {})
        results = {answer["id"]: answer for answer in answers}
        for answer in answers:
            if error := answer.get("error"):
                raise _refusal(error)
        return [results[i]["result"] for i in range(len(calls))]

    async def chain_id(self) -> ChainId:
        return ChainId(int(await self.rpc("eth_chainId"), 16))

    async def check_chain(self, name: str, expected: ChainId) -> None:
        """Refuse to go on with a node of another chain."""
        if (found := await self.chain_id()) != expected:
            raise Misconfigured(
                f"chains.{name}.endpoints",
                f"{self.url} is chain {found}, not {expected}",
                "point it at a node of the right chain",
            )

    async def view(self, to: Address, data: bytes) -> bytes:
        return bytes.fromhex((await self.rpc("eth_call", {"to": str(to), "data": "0x" + data.hex()}, "latest"))[2:])

    async def has_code(self, address: Address) -> bool:
        return bool(await self.rpc("eth_getCode", str(address), "latest") != "0x")

    async def receipt(self, transaction: str, *, patience: float = 60) -> dict[str, Any]:
        """Wait until the transaction is mined; `Transient` when that takes too long."""
        try:
            async with asyncio.timeout(patience):
                while True:
                    found = await self.rpc("eth_getTransactionReceipt", transaction)
                    if isinstance(found, dict):
                        return found
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            raise Transient(f"{transaction} was not mined within {patience:.0f} s on {self.url}") from None


def _refusal(error: dict[str, Any]) -> Rejected:
    data = error.get("data")
    words = str(error.get("message", "no reason given"))
    if isinstance(data, str) and data.startswith("0x") and len(data) > 2:
        return Reverted(explain(bytes.fromhex(data[2:])), bytes.fromhex(data[2:]))
    return Reverted(words) if "revert" in words.lower() else Rejected(f"the node refuses: {words}")
