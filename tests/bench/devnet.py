"""A devnet of one's own, and a sender whose transactions leave all at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from light_clients.types import Address, ChainId
from relayer.entrypoints.deployment.plan import FACTORY, Creation
from relayer.entrypoints.devnet.accounts import ALICE, account
from relayer.entrypoints.devnet.folder import CHAINS, Folder
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.sending.travel import Place
from tests.bench.machine import ROOT

GWEI = 10**9
PRIORITY, CEILING = GWEI, 500 * GWEI
CREATION_GAS = 4_000_000
AT_ONCE = 100
"""Raw transactions in one JSON-RPC batch."""


def environment() -> dict[str, str]:
    """That of an installed package: bytecode is kept."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def lockkeeper(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "relayer", *arguments],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


@contextmanager
def devnet(*without: str, consensus: str = "committee") -> Iterator[Folder]:
    """Three chains with one-second blocks, whoever vouches for them, broker, API and relayer, each its own process."""
    with TemporaryDirectory(prefix="lockkeeper-bench-") as root:
        left_out = [word for part in without for word in ("--without", part)]
        try:
            lockkeeper("devnet", "up", "--folder", root, "--consensus", consensus, "--json", *left_out)
            yield Folder(Path(root))
        finally:
            lockkeeper("devnet", "down", "--folder", root, "--json")


def places(folder: Folder, session: aiohttp.ClientSession) -> Mapping[str, Place]:
    chains = {chain.name: chain for chain in folder.read().chains}
    return {name: Place(Node(chains[name].url, session), folder.deployed(name)) for name in CHAINS}


@dataclass(frozen=True, slots=True)
class Payload:
    """A transaction that is still to be signed."""

    to: Address
    data: bytes
    gas: int


class Crowd:
    """One account that signs as many transactions as asked and hands them to the chain together."""

    def __init__(self, place: Place) -> None:
        self._node = place.node
        self._chain: ChainId = place.addresses.chain
        self.account = account(ALICE)

    async def send(self, payloads: Sequence[Payload]) -> list[str]:
        """Their hashes, as soon as the chain has taken them."""
        nonce = int(await self._node.rpc("eth_getTransactionCount", str(self.account.address), "pending"), 16)
        raw = [
            self.account.sign((self._chain, nonce + i, PRIORITY, CEILING, each.gas), each.to, 0, each.data)
            for i, each in enumerate(payloads)
        ]
        hashes: list[str] = []
        for start in range(0, len(raw), AT_ONCE):
            batch = raw[start : start + AT_ONCE]
            hashes += await self._node.batch([("eth_sendRawTransaction", ["0x" + each.hex()]) for each in batch])
        return hashes

    async def settle(self, payloads: Sequence[Payload]) -> None:
        """Send, and wait until every one has been mined and has succeeded."""
        hashes = await self.send(payloads)
        for transaction in hashes:
            receipt = await self._node.receipt(transaction)
            if receipt["status"] != "0x1":
                raise RuntimeError(f"transaction {transaction} failed")


def created(creation: Creation) -> Payload:
    return Payload(FACTORY, creation.salt + creation.code, CREATION_GAS)


async def nonce_at(place: Place, view: str, other: ChainId) -> int:
    """How many messages the gateway has sent (`outbound`) to a chain, or was brought (`inbound`) from it."""
    gateway = artifact("Gateway")
    answer = await place.node.view(place.addresses.gateway, gateway.call(view, other))
    nonce: int = gateway.result(view, answer, arguments=1)[1]
    return nonce
