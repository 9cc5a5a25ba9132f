"""One chain, read through a pool of endpoints; nothing unverified passes as verified."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass

from light_clients.errors import LightClientError
from light_clients.evm.accounts import pack_proof, slot_value
from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader
from relayer.adapters.evm import abi
from relayer.adapters.evm.completeness import SilenceCheck
from relayer.adapters.evm.faults import Contradiction, EndpointFault
from relayer.adapters.evm.headers import reference
from relayer.adapters.evm.logs import TOPICS, Log, LogDecoder, read_logs
from relayer.adapters.evm.pool import Asked, Pool, TooMuch
from relayer.adapters.evm.ranges import LogRanges
from relayer.adapters.evm.receipts import newest_log_proof, receipts_request
from relayer.adapters.evm.rpc import LATEST_BLOCK, Request
from relayer.adapters.evm.wire import Json, items, octets, quantity, record
from relayer.domain.events import GatewayEvent, MessageSent
from relayer.domain.ids import BlockRef, Lane, Nonce
from relayer.domain.slots import accumulated_topics, sent_accumulator_slot
from relayer.ports import Finality

REMEMBERED_BLOCKS = 1024
CHECKED_SPAN = 32
"""Blocks whose silence is checked one by one; longer back-fills rely on the accumulators alone."""


@dataclass(frozen=True, slots=True)
class FinalityRule:
    """How the configuration says that this chain takes nothing back."""

    kind: Finality
    depth: int = 0


class EvmChain:
    """The `Chain` port over JSON-RPC."""

    def __init__(
        self, pool: Pool, gateway: Address, remotes: Mapping[ChainId, Address], finality: FinalityRule
    ) -> None:
        self._pool = pool
        self._gateway = gateway
        self._finality = finality
        self._decoder = LogDecoder(pool.chain, gateway, remotes)
        self._ranges = LogRanges()
        self._silence = SilenceCheck(gateway, TOPICS)
        self._blocks: OrderedDict[Hash32, BlockRef] = OrderedDict()

    @property
    def id(self) -> ChainId:
        return self._pool.chain

    async def heads(self) -> AsyncIterator[BlockRef]:
        announced: BlockRef | None = None
        while True:
            head = self._pool.head()
            if head is not None and head != announced:
                announced = head
                self._remember(head)
                yield head
            else:
                await self._pool.movement().wait()

    async def block(self, number: Height) -> BlockRef | None:
        head = self._pool.head()
        if head is not None and head.number == number:
            return head

        beyond = head is None or head.number < number

        def accept(answers: Sequence[Json]) -> BlockRef | None:
            if answers[0] is not None:
                return reference(*self._pool.blocks.block(answers[0], number))
            if beyond:
                return None
            raise EndpointFault(f"no block {number} yet")

        found = await self._pool.ask([_block_request(number)], accept)
        if found is not None:
            self._remember(found)
        return found

    async def final_height(self) -> Height:
        if self._finality.kind is Finality.FINALIZED:
            # The word of one endpoint, or of a minority, must not be final.
            heights = await self._pool.ask_all(
                [Request("eth_getBlockByNumber", ("finalized", False))],
                lambda answers: self._pool.blocks.number(answers[0]),
            )
            return sorted(heights, reverse=True)[(len(heights) - 1) // 2]
        head = self._pool.head()
        if head is None:
            head = await self._pool.ask([LATEST_BLOCK], lambda answers: self._pool.blocks.reference(answers[0]))
        return Height(max(0, head.number - self._finality.depth))

    async def events(self, first: Height, last: Height) -> Sequence[GatewayEvent]:
        events: list[GatewayEvent] = []
        start = first
        while start <= last:
            end = self._ranges.end(start, last)
            try:
                events += await self._events(start, end)
            except TooMuch:
                if not self._ranges.narrowed(start, end):
                    raise
                continue
            self._ranges.served(start, end)
            start = Height(end + 1)
        return events

    async def message(self, lane: Lane, nonce: Nonce, start: Height) -> MessageSent | None:
        """One message of a lane that begins here, sent in this block or later; None where there is none."""

        def accept(answers: Sequence[Json]) -> Height | None:
            found = [quantity(record(log).get("blockNumber")) for log in items(answers[0])]
            return Height(found[0]) if found else None

        topics = tuple(str(topic) for topic in (*accumulated_topics(lane.destination), Hash32(abi.word(nonce))))
        query = {"address": str(self._gateway), "fromBlock": hex(start), "toBlock": "latest", "topics": topics}
        height = await self._pool.ask([Request("eth_getLogs", (query,))], accept)
        events = [] if height is None else await self.events(height, height)
        sent = (event for event in events if isinstance(event, MessageSent))
        return next((event for event in sent if (event.lane, event.nonce) == (lane, nonce)), None)

    async def lane_proof(self, lane: Lane, header: TrustedHeader) -> bytes:
        slot = sent_accumulator_slot(lane.destination)

        def accept(answers: Sequence[Json]) -> bytes:
            proof = _proof(answers[0])
            try:
                slot_value(header.state_root, lane.source_gateway, slot, proof)
            except LightClientError as error:
                raise Contradiction(f"a proof that does not verify: {type(error).__name__}: {error}") from error
            return proof

        params = (str(lane.source_gateway), (str(slot),), hex(header.height))
        return await self._pool.ask([Request("eth_getProof", params)], accept)

    async def receipt_proof(self, lane: Lane, header: TrustedHeader) -> bytes:
        wanted = lane.source_gateway, accumulated_topics(lane.destination)

        def accept(answers: Sequence[Json]) -> bytes:
            return newest_log_proof(answers[0], header.height, header.receipts_root, wanted)

        return await self._pool.ask([receipts_request(header.block_hash)], accept)

    async def sent(self, lane: Lane, at: Height | None = None) -> tuple[Hash32, Nonce]:
        return await self._lane_end(lane.source_gateway, abi.outbound_call(lane.destination), at)

    async def delivered(self, lane: Lane, at: Height | None = None) -> tuple[Hash32, Nonce]:
        return await self._lane_end(lane.destination_gateway, abi.inbound_call(lane.source), at)

    async def _lane_end(self, gateway: Address, call: bytes, at: Height | None) -> tuple[Hash32, Nonce]:
        """As the majority sees it: an endpoint that lies here could hide or invent deliveries."""

        def accept(answers: Sequence[Json]) -> tuple[Hash32, Nonce]:
            try:
                return abi.lane_end(octets(answers[0]))
            except abi.Malformed as error:
                raise Contradiction(f"no gateway at {gateway}: {error}") from error

        params = ({"to": str(gateway), "data": "0x" + call.hex()}, "latest" if at is None else hex(at))
        ends = await self._pool.ask_all([Request("eth_call", params)], accept)
        ends.sort(key=lambda end: end[1], reverse=True)
        return ends[(len(ends) - 1) // 2]

    async def _events(self, first: Height, last: Height) -> list[GatewayEvent]:
        query = {
            "address": str(self._gateway),
            "fromBlock": hex(first),
            "toBlock": hex(last),
            "topics": ([str(topic) for topic in TOPICS],),
        }

        async def work(endpoint: Asked) -> list[GatewayEvent]:
            if endpoint.height < last:
                (height,) = await endpoint.send([Request("eth_blockNumber")])
                if quantity(height) < last:
                    raise EndpointFault(f"no block {last} yet")
            (answer,) = await endpoint.send([Request("eth_getLogs", (query,))])
            logs = read_logs(answer, self._gateway, first, last)
            unknown = {log.height: None for log in logs if log.block not in self._blocks}
            blocks = await endpoint.send([_block_request(height) for height in unknown]) if unknown else ()
            events = self._decode(logs, blocks)
            if last - first < CHECKED_SPAN:
                await self._check_silence(endpoint, first, last, {log.height for log in logs})
            return events

        return await self._pool.through("eth_getLogs", work)

    async def _check_silence(self, endpoint: Asked, first: Height, last: Height, spoken: set[Height]) -> None:
        """Where the endpoint shows no logs, the block's own bloom must agree, or its receipts."""
        silent = [_block_request(Height(n)) for n in range(first, last + 1) if n not in spoken]
        for block in await endpoint.send(silent) if silent else ():
            header, block_hash = self._pool.blocks.header(block)
            if self._silence.may_hold_logs(header):
                try:
                    (receipts,) = await endpoint.send([receipts_request(block_hash)])
                except Contradiction:
                    raise
                except EndpointFault:
                    continue  # it cannot say; accumulators will show what is missing
                self._silence.check_silent(header, receipts)

    def _decode(self, logs: list[Log], blocks: Sequence[Json]) -> list[GatewayEvent]:
        self._remember(*(self._pool.blocks.reference(block) for block in blocks))
        for log in logs:
            block = self._blocks.get(log.block)
            if block is None or block.number != log.height:
                raise Contradiction(f"a log of block {log.height} {log.block}, which is another block there")
        return self._decoder.decode(logs, self._blocks)

    def _remember(self, *blocks: BlockRef) -> None:
        for block in blocks:
            self._blocks[block.hash] = block
        while len(self._blocks) > REMEMBERED_BLOCKS:
            self._blocks.popitem(last=False)


def _block_request(number: Height) -> Request:
    return Request("eth_getBlockByNumber", (hex(number), False))


def _proof(answer: Json) -> bytes:
    fields = record(answer)
    storage = items(fields.get("storageProof"))
    if len(storage) != 1:
        raise Contradiction("not the proof of one slot")
    return pack_proof(_nodes(fields.get("accountProof")), _nodes(record(storage[0]).get("proof")))


def _nodes(value: Json) -> Iterable[bytes]:
    return [octets(node) for node in items(value)]
