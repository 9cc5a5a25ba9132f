"""Ranges of blocks, read as more than half of a chain's endpoints tell them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.evm.abi import DELIVER, EXPRESS, Malformed, number
from relayer.adapters.evm.faults import Contradiction, EndpointFault
from relayer.adapters.evm.market.logs import MARKET_TOPICS, MarketDecoder, Spoken, read_logs
from relayer.adapters.evm.market.majority import Disagreement, agreed
from relayer.adapters.evm.pool import Pool
from relayer.adapters.evm.ranges import LogRanges
from relayer.adapters.evm.rpc import Request
from relayer.adapters.evm.wire import Json, octets, record
from relayer.domain.errors import Transient
from relayer.domain.events import BatchDelivered, MessageExpressed
from relayer.domain.ids import BlockRef
from relayer.domain.market.events import Contracts, Placed
from relayer.ports.market import Chapter

REMEMBERED_BLOCKS = 4096
EMITTERS = 500
"""Contracts that one query names; nodes refuse more than about a thousand."""
WIDEST = 2_000
"""Blocks that are asked for at once."""
PLENTY = 4_000
"""Events in a chapter, after which the next is of fewer blocks: others wait while it is decoded."""
REQUESTS = 100
"""Calls in one batch."""


class EvmMarketReader:
    """The `MarketReader` port over JSON-RPC."""

    def __init__(self, pool: Pool, gateway: Address, remotes: Mapping[ChainId, Address], contracts: Contracts) -> None:
        self._pool = pool
        self._gateway = gateway
        self._decoder = MarketDecoder(pool.chain, gateway, remotes, contracts)
        self._ranges = LogRanges(WIDEST)
        self._blocks: OrderedDict[str, BlockRef] = OrderedDict()

    async def read(
        self, after: BlockRef, last: Height, collections: Sequence[Address], *, old: bool = False
    ) -> Chapter:
        first = Height(after.number + 1)
        emitters = collections if old else [*self._decoder.contracts, *collections]
        while True:
            end = self._ranges.end(first, last)
            try:
                chapter = await self._read(after, first, end, emitters)
            except Disagreement:
                if not self._ranges.narrowed(first, end):
                    raise
                continue
            if len(chapter.events) > PLENTY:
                self._ranges.narrowed(first, end)
            else:
                self._ranges.served(first, end)
            return chapter

    async def _read(self, after: BlockRef, first: Height, last: Height, emitters: Sequence[Address]) -> Chapter:
        groups = [emitters[at : at + EMITTERS] for at in range(0, len(emitters), EMITTERS)]
        asked = frozenset(map(str, emitters))
        requests = [
            _block(last),
            *(_logs(group, first, last) for group in groups),
            _block(last),
            *((_block(after.number),) if any(after.hash) else ()),
        ]

        def accept(answers: Sequence[Json]) -> tuple[BlockRef, tuple[Spoken, ...]]:
            begin, *lists = answers[: 1 + len(groups)]
            end, *before = answers[1 + len(groups) :]
            reference = self._reference(begin, last)
            if self._reference(end, last) != reference:
                raise EndpointFault(f"block {last} was replaced while it was read")
            if before and self._reference(before[0], after.number) != after:
                raise EndpointFault(f"block {after.number} was replaced while it was read")
            spoken = [each for found in lists for each in read_logs(found, asked, first, last)]
            return reference, tuple(spoken if len(lists) == 1 else sorted(spoken))

        reference, spoken = await agreed(self._pool, requests, accept)
        blocks = await self._blocks_of(spoken, reference)
        try:
            events = self._decoder.decode(spoken, blocks)
        except Contradiction as error:
            raise Transient(f"chain {self._pool.chain}: most endpoints say {error}") from error
        return Chapter(self._pool.chain, events, await self._heights(events), reference)

    def _reference(self, block: Json, height: Height) -> BlockRef:
        if block is None:
            raise EndpointFault(f"no block {height} yet")
        self._pool.blocks.block(block, height)
        return self._pool.blocks.reference(block)

    async def _blocks_of(self, spoken: Sequence[Spoken], end: BlockRef) -> Mapping[str, BlockRef]:
        """The blocks of these logs, as they are canonical after the logs were read."""
        self._blocks[str(end.hash)] = end
        heights = {each.block: each.height for each in spoken}
        wanted = [height for block, height in heights.items() if block not in self._blocks]
        for at in range(0, len(wanted), REQUESTS):
            part = wanted[at : at + REQUESTS]

            def accept(answers: Sequence[Json], part: Sequence[Height] = part) -> list[BlockRef]:
                found = [self._reference(block, height) for block, height in zip(answers, part, strict=True)]
                for block in found:
                    if str(block.hash) not in heights:
                        raise EndpointFault(f"block {block.number} was replaced while it was read")
                return found

            for block in await self._pool.ask([_block(height) for height in part], accept):
                self._blocks[str(block.hash)] = block
        known = {block: self._blocks.get(block) for block in heights}
        if any(block is None or block.number != heights[name] for name, block in known.items()):
            raise Transient(f"chain {self._pool.chain}: logs name other blocks than there are")
        while len(self._blocks) > REMEMBERED_BLOCKS:
            self._blocks.popitem(last=False)
        return {name: block for name, block in known.items() if block is not None}

    async def _heights(self, events: Sequence[Placed]) -> Mapping[Hash32, Height]:
        """Under which headers transactions proved what they delivered."""
        proving = [each.at.hash for each in events if isinstance(each.event, BatchDelivered | MessageExpressed)]
        wanted = list(dict.fromkeys(proving))
        found: dict[Hash32, Height] = {}
        for at in range(0, len(wanted), REQUESTS):
            part = wanted[at : at + REQUESTS]
            requests = [Request("eth_getTransactionByHash", (str(tx),)) for tx in part]
            heights = await agreed(self._pool, requests, lambda answers: tuple(map(self._height, answers)))
            found |= {tx: height for tx, height in zip(part, heights, strict=True) if height is not None}
        return found

    def _height(self, transaction: Json) -> Height | None:
        """None where the gateway was called through another contract."""
        if transaction is None:
            raise EndpointFault("no such transaction yet")
        fields = record(transaction)
        data = octets(fields.get("input"))
        if fields.get("to") is None or octets(fields.get("to")) != self._gateway or data[:4] not in (DELIVER, EXPRESS):
            return None
        try:
            offset = number(data[4:], 0, 32)
            return Height(number(data[4 + offset :], 1, 64))
        except Malformed as error:
            raise Contradiction(f"a delivery that was carried out, and is none: {error}") from error


def _block(number_: Height) -> Request:
    return Request("eth_getBlockByNumber", (hex(number_), False))


def _logs(emitters: Collection[Address], first: Height, last: Height) -> Request:
    query = {
        "address": tuple(map(str, emitters)),
        "fromBlock": hex(first),
        "toBlock": hex(last),
        "topics": ([str(topic) for topic in MARKET_TOPICS],),
    }
    return Request("eth_getLogs", (query,))
