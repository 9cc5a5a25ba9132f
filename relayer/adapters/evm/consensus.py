"""Reading what a chain's consensus sealed, and what contracts hold of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from light_clients.crypto.keccak import keccak256
from light_clients.evm.header import Header
from light_clients.types import Address, Hash32, Height
from relayer.adapters.evm.abi import word
from relayer.adapters.evm.faults import Contradiction, EndpointFault
from relayer.adapters.evm.pool import Pool
from relayer.adapters.evm.rpc import Request
from relayer.adapters.evm.wire import Json, items, octets, record
from relayer.domain.errors import Reverted
from relayer.domain.notices import Trust
from relayer.ports import ContractViews, StorageNodes


class EvmSealedHeaders:
    """The `SealedHeaders` and `StorageProofs` of one chain."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @property
    def voices(self) -> int:
        return self._pool.size

    async def head(self, at_least: Height) -> Height:
        while True:
            movement = self._pool.movement()
            head = self._pool.head()
            if head is not None and head.number >= at_least:
                return head.number
            await movement.wait()

    async def headers(self, first: Height, last: Height) -> Sequence[Header]:
        return await self._pool.ask(_blocks(first, last), partial(self._run, first))

    async def header_of(self, block: Hash32) -> Header:
        def accept(answers: Sequence[Json]) -> Header:
            if answers[0] is None:
                raise EndpointFault(f"no block {block} yet")
            header, found = self._pool.blocks.header(answers[0])
            if found != block:
                raise Contradiction(f"block {found} instead of {block}")
            return header

        return await self._pool.ask([Request("eth_getBlockByHash", (str(block), False))], accept)

    async def versions(self, first: Height, last: Height) -> Sequence[Sequence[Header]]:
        if self._pool.size == 1:
            return []
        shown = await self._pool.ask_all(_blocks(first, last), partial(self._run, first))
        return list({tuple(map(self._pool.blocks.hash_of, run)): run for run in shown}.values())

    def _run(self, first: Height, answers: Sequence[Json]) -> Sequence[Header]:
        return [self._pool.blocks.block(answer, Height(first + i))[0] for i, answer in enumerate(answers)]

    async def storage(self, account: Address, slots: Sequence[Hash32], height: Height) -> StorageNodes:
        def accept(answers: Sequence[Json]) -> StorageNodes:
            fields = record(answers[0])
            storage = items(fields.get("storageProof"))
            if len(storage) != len(slots):
                raise Contradiction(f"{len(storage)} slots instead of {len(slots)}")
            proofs = [_nodes(record(each).get("proof")) for each in storage]
            return StorageNodes(_nodes(fields.get("accountProof")), proofs)

        params = (str(account), tuple(str(slot) for slot in slots), hex(height))
        return await self._pool.ask([Request("eth_getProof", params)], accept)


@dataclass(frozen=True, slots=True)
class EvmContract:
    """The `ContractViews` of one contract."""

    pool: Pool
    address: Address

    async def view(self, function: str, *arguments: int) -> bytes:
        return (await self._answers([self._request(function, arguments)]))[0]

    async def views(self, *functions: str) -> Sequence[bytes]:
        return await self._answers([self._request(function, ()) for function in functions])

    async def _answers(self, requests: Sequence[Request]) -> Sequence[bytes]:
        """What most endpoints say; in one batch, so that no block comes between."""
        said = await self.pool.ask_all(requests, lambda answers: tuple(map(octets, answers)))
        return Counter(said).most_common(1)[0][0]

    def _request(self, function: str, arguments: Sequence[int]) -> Request:
        data = keccak256(function.encode())[:4] + b"".join(map(word, arguments))
        return Request("eth_call", ({"to": str(self.address), "data": "0x" + data.hex()}, "latest"))


async def trust_of(contract: ContractViews, *, expires: bool) -> Trust:
    """What a light client says of itself; `expires`: whether it is of a kind whose trust runs out."""
    frozen, height = map(_number, await contract.views("frozen()", "latestHeight()"))
    if not expires:
        return Trust(Height(height), await _timestamp(contract, height), None, bool(frozen))
    timestamp, period = map(_number, await contract.views("latestTimestamp()", "trustingPeriod()"))
    if timestamp == 0:  # a Clique client that has verified nothing yet
        timestamp = _number(await contract.view("startTimestamp()"))
    return Trust(Height(height), timestamp, period, bool(frozen))


async def _timestamp(contract: ContractViews, height: int) -> int | None:
    if height == 0:
        return None
    try:
        return _number((await contract.view("header(uint64)", height))[64:96])
    except Reverted:
        return None  # frozen, or the header that trust began with, which is not served


def _number(word: bytes) -> int:
    return int.from_bytes(word, "big")


def _blocks(first: Height, last: Height) -> Sequence[Request]:
    return [Request("eth_getBlockByNumber", (hex(number), False)) for number in range(first, last + 1)]


def _nodes(value: Json) -> Sequence[bytes]:
    return [octets(node) for node in items(value)]
