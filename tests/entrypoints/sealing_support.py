"""A sealed chain as real processes: anvil, validators and the node, each killed and started again at will."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from coincurve import PrivateKey

from light_clients.crypto.secp256k1 import address_of
from light_clients.evm.header import Header, header_from_json
from light_clients.types import Address, Hash32
from tests.adapters.support.anvil import Anvil, an_anvil

CHAIN = 4242
ROOT = Path(__file__).parents[2]


@dataclass
class Part:
    """One process, and how it is started again."""

    arguments: list[str]
    log: Path
    process: Process | None = None
    said: dict[str, str] = field(default_factory=dict)

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "relayer", "devnet", *self.arguments, "--json", cwd=ROOT, stdout=PIPE, stderr=log
            )
        assert self.process.stdout is not None
        text = b""
        while not text.endswith(b"}\n"):
            line = await self.process.stdout.readline()
            assert line, self.log.read_text()
            text += line
        self.said = json.loads(text)
        self.arguments = self._on_the_same_port("--listen", "url")
        if "fork" in self.said:
            self.arguments = self._on_the_same_port("--fork-listen", "fork")

    def _on_the_same_port(self, option: str, name: str) -> list[str]:
        at = self.arguments.index(option)
        address = self.said[name].removeprefix("http://")
        return [*self.arguments[: at + 1], address, *self.arguments[at + 2 :]]

    async def kill(self) -> None:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


@dataclass
class SealedChain:
    """The chain, and what tests ask of it."""

    consensus: str
    anvil: Anvil
    node: Part
    validators: dict[Address, Part]
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.node.said["url"]

    async def post(self, body: Any, url: str | None = None) -> Any:
        async with self.session.post(url or self.url, json=body) as response:
            return await response.json()

    async def rpc(self, method: str, *params: Any, url: str | None = None) -> Any:
        answer = await self.post({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}, url)
        assert "error" not in answer, answer
        return answer["result"]

    async def mine(self, blocks: int = 1) -> int:
        await self.rpc("anvil_mine", hex(blocks))
        return await self.head()

    async def head(self) -> int:
        return int(await self.rpc("eth_blockNumber"), 16)

    async def header(self, number: int, url: str | None = None) -> tuple[Header, Hash32]:
        """Together with the hash that is announced."""
        block = await self.rpc("eth_getBlockByNumber", hex(number), False, url=url)
        return header_from_json(block), Hash32.from_hex(block["hash"])

    async def headers(self, first: int, last: int) -> list[Header]:
        return [(await self.header(number))[0] for number in range(first, last + 1)]

    async def reaches(self, number: int, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while await self.head() < number:  # noqa: ASYNC110 - another process moves it
                await asyncio.sleep(0.02)

    async def vote(self, voter: Address, account: Address, *, add: bool) -> None:
        """One validator's wish, at its own door."""
        url = self.validators[voter].said["url"] + "/vote"
        async with self.session.post(url, json={"address": str(account), "add": add}) as response:
            assert response.status == 200


@asynccontextmanager
async def a_sealed_chain(
    folder: Path,
    consensus: str = "qbft",
    *,
    validators: int = 4,
    byzantine: int = 0,
    genesis: int | None = None,
    options: Sequence[str] = ("--block-seconds", "0"),
    epoch: int = 30_000,
    hardfork: str = "prague",
    chain: int = CHAIN,
) -> AsyncIterator[SealedChain]:
    """`genesis` of the validators, the lowest addresses, validate at first; the first `byzantine` seal anything."""
    shared = ["--consensus", consensus, "--epoch", str(epoch)]
    parts: dict[Address, Part] = {}
    async with an_anvil(chain, "--no-mining", "--hardfork", hardfork) as anvil, aiohttp.ClientSession() as session:
        node = Part([], folder / "node.log")
        try:
            for place, secret in enumerate(sorted(_secrets(validators), key=_address)):
                key = folder / f"validator-{place}.key"
                key.write_text(secret.hex())
                key.chmod(0o600)
                arguments = ["validate", "--key", str(key), "--memory", str(key.with_suffix(".memory"))]
                arguments += ["--listen", "127.0.0.1:0", "--chain", str(chain), *shared]
                arguments += ["--byzantine"] if place < byzantine else []
                parts[_address(secret)] = Part(arguments, folder / f"validator-{place}.log")
            await _all(part.start for part in parts.values())
            node.arguments = ["seal", "--anvil", anvil.http, "--listen", "127.0.0.1:0", *shared, *options]
            node.arguments += ["--fork-listen", "127.0.0.1:0", "--journal", str(folder / "journal")]
            node.arguments += ["--validators", ",".join(part.said["url"] for part in parts.values())]
            node.arguments += ["--genesis-validators", ",".join(map(str, list(parts)[:genesis]))]
            await node.start()
            yield SealedChain(consensus, anvil, node, parts, session)
        finally:
            await _all(part.kill for part in (*parts.values(), node) if part.process)


async def _all(works: Any) -> None:
    async with asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(work())


def _secrets(count: int) -> list[bytes]:
    return [bytes([place + 1]) * 32 for place in range(count)]


def _address(secret: bytes) -> Address:
    return address_of(PrivateKey(secret).public_key.format(compressed=False))
