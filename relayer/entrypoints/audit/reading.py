"""Reads a chain at one block through all its endpoints: they must agree on what is, and none can hide a log alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId
from relayer.domain.errors import Misbehaviour, Rejected, Reverted, Transient
from relayer.entrypoints.onchain.artifacts import Artifact, artifact
from relayer.entrypoints.onchain.node import Node

STRANGER = Address(keccak256(b"lockkeeper audit: nobody")[12:])
"""Whoever asks what everybody may do."""
LAG = 16
"""Blocks that an endpoint may be behind another."""
UNAUTHORISED = keccak256(b"AccessManagedUnauthorized(address)")[:4]


class Reading:
    """One chain, at the newest block that all endpoints have."""

    def __init__(self, name: str, chain: ChainId, nodes: Sequence[Node]) -> None:
        self.name = name
        self.chain = chain
        self._nodes = nodes
        self.block = 0

    @property
    def read(self) -> bool:
        """Whether anybody was named who could be asked."""
        return bool(self._nodes)

    async def start(self) -> None:
        """Refuse endpoints of other chains, and choose the block."""
        for node in self._nodes:
            await node.check_chain(self.name, self.chain)
        heads = [int(await node.rpc("eth_blockNumber"), 16) for node in self._nodes]
        for node, head in zip(self._nodes, heads, strict=True):
            if head < max(heads) - LAG:
                raise Transient(f"{node.url} is {max(heads) - head} blocks behind, and may hide what was done since")
        self.block = min(heads)

    async def view(self, to: Address, contract: str, function: str, *arguments: object) -> tuple[Any, ...]:
        """What a view of a contract answers."""
        known = artifact(contract)
        call = {"to": str(to), "data": "0x" + known.call(function, *arguments).hex()}
        answer = await self._agreed("eth_call", call, hex(self.block))
        return known.result(function, bytes.fromhex(answer[2:]), arguments=len(arguments))

    async def one(self, to: Address, contract: str, function: str, *arguments: object) -> Any:
        """The same, of a view that answers one value."""
        (value,) = await self.view(to, contract, function, *arguments)
        return value

    async def address(self, to: Address, contract: str, function: str, *arguments: object) -> Address:
        return Address.from_hex(await self.one(to, contract, function, *arguments))

    async def code(self, address: Address) -> bytes:
        return bytes.fromhex((await self._agreed("eth_getCode", str(address), hex(self.block)))[2:])

    async def slot(self, address: Address, slot: bytes) -> bytes:
        word = await self._agreed("eth_getStorageAt", str(address), "0x" + slot.hex(), hex(self.block))
        return bytes.fromhex(word[2:].zfill(64))

    async def newest_block(self) -> dict[str, Any]:
        """The block that everything is read at, without its transactions."""
        block: dict[str, Any] = await self._agreed("eth_getBlockByNumber", hex(self.block), False)
        return block

    async def refuses_strangers(self, to: Address, data: bytes) -> bool:
        """Whether the AccessManager stands before this call."""
        call = {"from": str(STRANGER), "to": str(to), "data": "0x" + data.hex()}
        try:
            await self._agreed("eth_call", call, hex(self.block))
        except Reverted as refusal:
            return refusal.data[:4] == UNAUTHORISED
        return False

    async def logs(self, address: Address, contract: str, *events: str) -> list[tuple[str, dict[str, Any]]]:
        """Names and values, in order. What one endpoint shows counts: an invented log is refuted by a view."""
        known = artifact(contract)
        topics = [str(known.topic(event)) for event in events]
        found: dict[tuple[int, int, str], Mapping[str, Any]] = {}
        for shown in await asyncio.gather(*(self._logs(node, address, topics) for node in self._nodes)):
            for log in shown:
                place = int(log["blockNumber"], 16), int(log["logIndex"], 16)
                found[(*place, "".join(log["topics"]) + log["data"])] = log
        return [decoded for _, log in sorted(found.items()) if (decoded := _decoded(known, log)) is not None]

    async def _logs(self, node: Node, address: Address, topics: list[str]) -> list[Mapping[str, Any]]:
        ranges, found = [(0, self.block)], []
        while ranges:
            first, last = ranges.pop()
            wanted = {"address": str(address), "topics": [topics], "fromBlock": hex(first), "toBlock": hex(last)}
            try:
                found += await node.rpc("eth_getLogs", wanted)
            except Rejected:
                if first == last:
                    raise
                middle = (first + last) // 2
                ranges += [(first, middle), (middle + 1, last)]
        return found

    async def _agreed(self, method: str, *params: Any) -> Any:
        answers = [await node.rpc(method, *params) for node in self._nodes]
        if any(answer != answers[0] for answer in answers):
            raise Misbehaviour(f"the endpoints of {self.name} contradict each other in block {self.block} ({method})")
        return answers[0]


def _decoded(known: Artifact, log: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    return known.event(log)
