"""A real Clique node, which is none of ours: `@ethereumjs/client`, a process with ports that the system chose."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from light_clients.clique.seal import ExtraData
from light_clients.types import Address, ChainId

BINARY = Path(__file__).parents[2] / "node_modules/.bin/ethereumjs"
CHAIN = ChainId(424_242)
FORKS = ("homestead", "eip150", "eip155", "eip158", "byzantium", "constantinople", "petersburg", "istanbul")
LONDON = (*FORKS, "berlin", "london")
"""The newest rules that it seals under; a later fork would be Ethereum's merge."""

SIGNER: LocalAccount = Account.from_key(b"\x01" * 32)
RICH = 10**24


class Ended(Exception):
    """The node stopped by itself; its log says why."""


def binary() -> Path:
    """`$ETHEREUMJS`, or what `make setup` installs."""
    found = Path(os.environ.get("ETHEREUMJS", BINARY))
    if not found.exists():
        pytest.fail(f"no {found}: run `make setup`, or name an `ethereumjs` in $ETHEREUMJS")
    return found


def a_genesis(signers: Sequence[Address], *, epoch: int = 30_000, started: int | None = None) -> dict[str, Any]:
    """A genesis file as geth and others read it; the signers seal, and {SIGNER} is rich."""
    return {
        "config": {
            "chainId": int(CHAIN),
            **{f"{fork}Block": 0 for fork in LONDON},
            "clique": {"period": 1, "epoch": epoch},
        },
        "nonce": "0x0",
        "timestamp": hex(int(time.time()) - 5 if started is None else started),
        "gasLimit": hex(30_000_000),
        "difficulty": "0x1",
        "mixHash": "0x" + "00" * 32,
        "coinbase": "0x" + "00" * 20,
        "number": "0x0",
        "gasUsed": "0x0",
        "parentHash": "0x" + "00" * 32,
        "baseFeePerGas": "0x7",
        "extraData": "0x" + ExtraData(signers=tuple(sorted(signers))).encode().hex(),
        "alloc": {SIGNER.address: {"balance": hex(RICH)}},
    }


@dataclass
class CliqueNode:
    """The node, and what tests ask of it."""

    http: str
    process: Process
    log: Path
    session: aiohttp.ClientSession
    _nonce: int = field(default=0, init=False)

    async def rpc(self, method: str, *params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        async with self.session.post(self.http, json=body) as response:
            answer = await response.json()
        assert "error" not in answer, answer
        return answer["result"]

    async def reaches(self, number: int, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while int(await self.rpc("eth_blockNumber"), 16) < number:  # noqa: ASYNC110 it tells nobody
                await asyncio.sleep(0.05)

    async def send(self, data: bytes, to: Address | None = None) -> Any:
        """The receipt of a transaction of the rich account; without a receiver it makes a contract of `data`."""
        fields: dict[str, Any] = {
            "chainId": int(CHAIN),
            "nonce": self._nonce,
            "gas": 200_000,
            "maxFeePerGas": 10**10,
            "maxPriorityFeePerGas": 10**9,
            "value": 0,
            "data": data,
        }
        if to is not None:
            fields["to"] = bytes(to)
        signed = SIGNER.sign_transaction(fields)
        transaction = await self.rpc("eth_sendRawTransaction", "0x" + bytes(signed.raw_transaction).hex())
        self._nonce += 1
        async with asyncio.timeout(30):  # the receipt is there before its block is, and is an error until then
            while int(await self.rpc("eth_getTransactionCount", SIGNER.address, "latest"), 16) < self._nonce:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        receipt = await self.rpc("eth_getTransactionReceipt", transaction)
        assert receipt["status"] == "0x1", receipt
        return receipt


@asynccontextmanager
async def a_clique_node(
    folder: Path, genesis: dict[str, Any], *options: str, sealing: bool = True
) -> AsyncIterator[CliqueNode]:
    """It seals a block a second with the key of {SIGNER}, unless told not to."""
    file, key, log = folder / "consortium.json", folder / "signer.key", folder / "node.log"
    file.write_text(json.dumps(genesis))
    key.touch(mode=0o600)
    key.write_text(bytes(SIGNER.key).hex())
    arguments = ["--gethGenesis", str(file), "--dataDir", str(folder / "data"), "--logFile=false", "--isSingleNode"]
    arguments += ["--port", "0", "--extIP", "127.0.0.1", "--discDns=false", "--discV4=false"]
    arguments += ["--rpc", "--rpcAddr", "127.0.0.1", "--rpcPort", "0"]
    arguments += ["--unlock", str(key), "--mine"] if sealing else []
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            str(binary()), *arguments, *options, stdin=DEVNULL, stdout=output, stderr=STDOUT, cwd=folder
        )
    try:
        port = await _port_of(process, log)
        async with aiohttp.ClientSession() as session:
            yield CliqueNode(f"http://127.0.0.1:{port}", process, log, session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _port_of(process: Process, log: Path) -> int:
    """Where it answers. It announces the port it was given, which is 0, so the system is asked."""
    async with asyncio.timeout(60):
        while process.returncode is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                for socket in psutil.Process(process.pid).net_connections("tcp"):
                    if socket.status == psutil.CONN_LISTEN and socket.laddr.ip == "127.0.0.1":
                        port: int = socket.laddr.port
                        return port
            await asyncio.sleep(0.05)
    raise Ended(await asyncio.to_thread(log.read_text))
