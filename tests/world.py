"""Chains that behave: blocks, forks, a mempool, and gateways with the contracts' rules."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from light_clients.crypto.keccak import keccak256
from light_clients.errors import LightClientError
from light_clients.evm.receipts import RECEIPT_PROOF
from light_clients.types import ZERO_HASH, Address, ChainId, Hash32, Height, TrustedHeader
from relayer.domain.delivery import Delivery
from relayer.domain.errors import InsufficientFunds, NonceTooLow, Reverted, Transient, Underpriced
from relayer.domain.events import BatchDelivered, GatewayEvent, MessageSent
from relayer.domain.ids import BlockRef, Gas, Lane, Nonce, TxRef, Wei
from relayer.domain.message import Message, fold, lane_id
from relayer.domain.slots import accumulated_topics, sent_accumulator_slot
from relayer.domain.transactions import Call, Fees, Receipt, Transaction
from relayer.ports import Evidence, HeaderUpdate
from tests.makers import an_address

BASE_GAS = 100_000
MESSAGE_GAS = 30_000


class ProofRefused(LightClientError):
    def __str__(self) -> str:
        return "ProofRefused()"


def proven_value(state_root: Hash32, _account: Address, slot: Hash32, proof: bytes) -> Hash32:
    """A proof of the fake chains is the whole storage, whose hash is the state root."""
    if keccak256(proof) != state_root:
        raise ProofRefused
    value: Hash32 = pickle.loads(proof)[slot]
    return value


def logged_word(receipts_root: Hash32, _emitter: Address, topics: tuple[Hash32, Hash32], proof: bytes) -> Hash32:
    """A receipt proof of the fake chains is a zero and all that the block logged, whose hash is the receipts root."""
    if proof[:1] != RECEIPT_PROOF or keccak256(proof[1:]) != receipts_root:
        raise ProofRefused
    value: Hash32 = pickle.loads(proof[1:])[topics]
    return value


GAS_PRICE = Wei(7)


@dataclass(frozen=True)
class Ledger:
    """The state after a block."""

    sent: dict[ChainId, tuple[Hash32, Nonce]] = field(default_factory=dict)
    delivered: dict[ChainId, tuple[Hash32, Nonce]] = field(default_factory=dict)
    executed: dict[ChainId, tuple[Hash32, ...]] = field(default_factory=dict)
    """Leaves in the order executed, by source."""
    accounts: dict[Address, int] = field(default_factory=dict)
    told: tuple[Call, ...] = ()
    """Calls of light clients."""

    def storage(self) -> bytes:
        slots = {sent_accumulator_slot(to): accumulator for to, (accumulator, _) in self.sent.items()}
        return pickle.dumps(dict(sorted(slots.items())))


@dataclass(frozen=True)
class Block:
    ref: BlockRef
    ledger: Ledger
    events: tuple[GatewayEvent, ...]
    receipts: dict[Hash32, Receipt]
    sends: tuple[tuple[ChainId, Message], ...]
    raws: tuple[bytes, ...]

    def logged(self) -> bytes:
        """The accumulator after the newest message of each lane, by the topics of its log."""
        sent = [event for event in self.events if isinstance(event, MessageSent)]
        return pickle.dumps({accumulated_topics(event.lane.destination): event.accumulator for event in sent})


class FakeNode:
    """One chain. Reads and writes of the daemon go through `FakeChain` and `FakeTransactions`."""

    def __init__(self, chain: int, depth: int = 0) -> None:
        self.id = ChainId(chain)
        self.gateway = an_address(chain)
        self.depth = depth
        """Blocks until final."""
        self.remotes: dict[ChainId, FakeNode] = {}
        genesis = BlockRef(Height(0), keccak256(b"genesis %d" % chain), ZERO_HASH, 0)
        self.blocks = [Block(genesis, Ledger(), (), {}, (), ())]
        self.pool: dict[tuple[Address, int], bytes] = {}
        self.queue: list[tuple[ChainId, Message]] = []
        self.forks = 0
        self.forged: tuple[BatchDelivered, ...] = ()
        self.moved = asyncio.Event()
        self.caught = asyncio.Event()
        """Set: it has finalised two headers of one height."""
        self.aged = asyncio.Event()
        """Set: its light clients need a header, message or not."""
        self.refusal = ""
        """The error that every delivery reverts with."""
        self.floor = Wei(0)
        """The lowest price that the mempool takes."""
        self.poor = False
        """Whether nobody can pay for anything."""

    @property
    def head(self) -> Block:
        return self.blocks[-1]

    @property
    def final(self) -> Height:
        return Height(max(0, self.head.ref.number - self.depth))

    def send(self, to: ChainId, message: Message) -> None:
        self.queue.append((to, message))

    def mine(self) -> Block:
        parent = self.head.ref
        seed = pickle.dumps((parent.hash, self.forks, self.queue, sorted(self.pool.items())))
        ref = BlockRef(Height(parent.number + 1), keccak256(seed), parent.hash, 1_700_000_000 + parent.number)
        forged = tuple(replace(event, at=replace(event.at, block=ref)) for event in self.forged)
        self.forged = ()
        block = Block(ref, self.head.ledger, forged, {}, tuple(self.queue), ())
        for to, message in self.queue:
            block = self._sent(block, to, message)
        self.queue = []
        for (account, nonce), raw in sorted(self.pool.items()):
            if block.ledger.accounts.get(account, 0) == nonce:
                block = self._included(block, raw)
                del self.pool[account, nonce]
        self.blocks.append(block)
        self.moved.set()
        self.moved = asyncio.Event()
        return block

    def reorg(self, depth: int, *, keep_transactions: bool) -> None:
        """Replace the newest blocks by as many others. Users' messages are sent again, in the new blocks."""
        depth = min(depth, self.head.ref.number - self.final)
        if depth <= 0:
            return
        gone, self.blocks = self.blocks[-depth:], self.blocks[:-depth]
        self.forks += 1
        self.queue = [send for block in gone for send in block.sends] + self.queue
        if keep_transactions:
            for raw in (raw for block in gone for raw in block.raws):
                transaction, sender = opened(raw)
                self.pool.setdefault((sender, transaction.nonce), raw)
        for _ in range(depth + 1):
            self.mine()

    def take(self, raw: bytes) -> None:
        """Into the mempool, by the rules of nodes."""
        transaction, sender = opened(raw)
        if transaction.nonce < self.head.ledger.accounts.get(sender, 0):
            raise NonceTooLow("nonce too low")
        if self.poor:
            raise InsufficientFunds("insufficient funds for gas * price + value")
        if transaction.price.max_fee < self.floor:
            raise Underpriced("transaction underpriced")
        held = self.pool.get((sender, transaction.nonce))
        if held is not None and held != raw:
            needed = opened(held)[0].price.max_fee * 110 // 100
            if transaction.price.max_fee < needed:
                raise Underpriced("replacement transaction underpriced")
        self.pool[sender, transaction.nonce] = raw

    def forge_delivery(self, source: ChainId) -> None:
        """The gateway's storage and its log say that something was delivered that nobody sent."""
        forged, ledger = keccak256(b"forged"), self.head.ledger
        at = TxRef(forged, BlockRef(self.head.ref.number, self.head.ref.hash, ZERO_HASH, 0))
        self.forged = (BatchDelivered(source, self.id, Nonce(1), Nonce(1), forged, an_address(66), at),)
        ledger = replace(ledger, delivered={**ledger.delivered, source: (forged, Nonce(1))})
        self.blocks[-1] = replace(self.head, ledger=ledger)

    def pending(self) -> Block:
        """What the next block would be."""
        block = Block(self.head.ref, self.head.ledger, (), {}, (), ())
        for (account, nonce), raw in sorted(self.pool.items()):
            if block.ledger.accounts.get(account, 0) == nonce:
                block = self._included(block, raw)
        return block

    def _sent(self, block: Block, to: ChainId, message: Message) -> Block:
        lane = Lane(self.id, self.gateway, to, an_address(to))
        accumulator, nonce = block.ledger.sent.get(to, (lane_id(lane), Nonce(0)))
        nonce = Nonce(nonce + 1)
        leaf = message.leaf(lane, nonce)
        accumulator = fold(accumulator, leaf)
        ledger = replace(block.ledger, sent={**block.ledger.sent, to: (accumulator, nonce)})
        event = MessageSent(lane, nonce, message, leaf, accumulator, TxRef(keccak256(b"tx" + leaf), block.ref))
        return replace(block, ledger=ledger, events=(*block.events, event))

    def _included(self, block: Block, raw: bytes) -> Block:
        transaction, sender = opened(raw)
        accounts = {**block.ledger.accounts, sender: transaction.nonce + 1}
        block = replace(block, ledger=replace(block.ledger, accounts=accounts), raws=(*block.raws, raw))
        gas, succeeded = transaction.call.gas_limit, True
        try:
            block, gas = self.execute(block, transaction.call, sender, keccak256(raw))
        except Reverted:
            succeeded = False
        receipt = Receipt(keccak256(raw), block.ref, succeeded, gas, GAS_PRICE)
        return replace(block, receipts={**block.receipts, receipt.transaction: receipt})

    def execute(self, block: Block, call: Call, sender: Address, transaction: Hash32) -> tuple[Block, Gas]:
        """`deliver`, by the contract's rules; anything else is an empty transaction."""
        if not call.data:
            return block, Gas(21_000)
        if self.refusal:
            raise Reverted(self.refusal)
        if call.to != self.gateway:
            return replace(block, ledger=replace(block.ledger, told=(*block.ledger.told, call))), Gas(50_000)
        delivery: Delivery = pickle.loads(call.data)
        lane = Lane(delivery.source, an_address(delivery.source), self.id, self.gateway)
        accumulator, nonce = block.ledger.delivered.get(lane.source, (lane_id(lane), Nonce(0)))
        last = Nonce(delivery.first + len(delivery.messages) - 1)
        if last <= nonce:
            return block, Gas(40_000)
        if delivery.first > nonce + 1:
            raise Reverted(f"MessagesSkipped({delivery.first}, {nonce + 1})")
        header: TrustedHeader = pickle.loads(delivery.header_update)
        proven = _proven(header, lane, delivery.proof)
        places = enumerate(delivery.messages, delivery.first)
        leaves = [message.leaf(lane, Nonce(place)) for place, message in places if place > nonce]
        accumulator = reduce(fold, leaves, accumulator)
        reached = reduce(fold, delivery.tail, accumulator)
        if reached != proven:
            raise Reverted(f"AccumulatorMismatch({reached}, {proven})")
        gas = Gas(BASE_GAS + MESSAGE_GAS * len(leaves))
        if call.gas_limit < gas:
            raise Reverted("GasInsufficient(1, 2)")
        at = TxRef(transaction, block.ref)
        event = BatchDelivered(lane.source, self.id, Nonce(nonce + 1), last, accumulator, sender, at)
        executed = (*block.ledger.executed.get(lane.source, ()), *leaves)
        ledger = replace(
            block.ledger,
            delivered={**block.ledger.delivered, lane.source: (accumulator, last)},
            executed={**block.ledger.executed, lane.source: executed},
        )
        return replace(block, ledger=ledger, events=(*block.events, event)), gas


def _proven(header: TrustedHeader, lane: Lane, proof: bytes) -> Hash32:
    """As the gateway decides: by the first byte."""
    if proof.startswith(RECEIPT_PROOF):
        return logged_word(header.receipts_root, lane.source_gateway, accumulated_topics(lane.destination), proof)
    return proven_value(header.state_root, lane.source_gateway, sent_accumulator_slot(lane.destination), proof)


def opened(raw: bytes) -> tuple[Transaction, Address]:
    transaction, signature = pickle.loads(raw)
    return transaction, Address(signature.r.to_bytes(20, "big"))


class FakeChain:
    """The `Chain` port of a node."""

    def __init__(self, node: FakeNode) -> None:
        self._node = node
        self.omissions = 0
        """How many of the next answers silently leave out their last log."""
        self.pruned = False
        """Whether only the newest block's state is still there."""

    @property
    def id(self) -> ChainId:
        return self._node.id

    async def heads(self) -> AsyncIterator[BlockRef]:
        told = None
        while True:
            moved = self._node.moved
            if self._node.head.ref != told:
                told = self._node.head.ref
                yield told
            else:
                await moved.wait()

    async def block(self, number: Height) -> BlockRef | None:
        return self._node.blocks[number].ref if number < len(self._node.blocks) else None

    async def final_height(self) -> Height:
        return self._node.final

    async def events(self, first: Height, last: Height) -> Sequence[GatewayEvent]:
        events = [event for block in self._node.blocks[first : last + 1] for event in block.events]
        if events and self.omissions > 0:
            self.omissions -= 1
            return events[:-1]
        return events

    async def lane_proof(self, lane: Lane, header: TrustedHeader) -> bytes:
        if self.pruned and header.height < self._node.head.ref.number:
            raise Transient("missing trie node")
        return self._node.blocks[header.height].ledger.storage()

    async def receipt_proof(self, lane: Lane, header: TrustedHeader) -> bytes:
        return RECEIPT_PROOF + self._node.blocks[header.height].logged()

    async def sent(self, lane: Lane, at: Height | None = None) -> tuple[Hash32, Nonce]:
        return self._ledger(at).sent.get(lane.destination, (ZERO_HASH, Nonce(0)))

    async def delivered(self, lane: Lane, at: Height | None = None) -> tuple[Hash32, Nonce]:
        return self._ledger(at).delivered.get(lane.source, (ZERO_HASH, Nonce(0)))

    def _ledger(self, at: Height | None) -> Ledger:
        return (self._node.head if at is None else self._node.blocks[min(at, self._node.head.ref.number)]).ledger


class FakeHeaders:
    """The `Headers` port of a source: vouches for every final block, at once."""

    client = Address(bytes(19) + b"\x01")

    def __init__(self, node: FakeNode) -> None:
        self._node = node

    async def overdue(self) -> HeaderUpdate:
        await self._node.aged.wait()
        self._node.aged.clear()
        return await self.newest(Height(0))

    async def misbehaviour(self) -> Evidence:
        await self._node.caught.wait()
        return Evidence("two headers of one height", b"both")

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        while self._node.final < at_least:
            await self._node.moved.wait()
        height = self._node.final if at_most is None else min(self._node.final, at_most)
        block = self._node.blocks[height]
        root = keccak256(block.ledger.storage())
        receipts_root = keccak256(block.logged())
        header = TrustedHeader(self._node.id, height, block.ref.hash, root, receipts_root, block.ref.timestamp)
        return HeaderUpdate(header, pickle.dumps(header), signed=3)


class FakeTransactions:
    """The `Transactions` port of a node."""

    def __init__(self, node: FakeNode) -> None:
        self._node = node

    async def account_nonce(self, account: Address) -> int:
        return self._node.head.ledger.accounts.get(account, 0)

    async def fees(self) -> Fees:
        return Fees(Wei(10), Wei(1))

    async def estimate(self, sender: Address, call: Call) -> Gas:
        return self._node.execute(self._node.pending(), call, sender, ZERO_HASH)[1]

    async def broadcast(self, raw: bytes) -> Hash32:
        if keccak256(raw) not in self._node.head.receipts:
            self._node.take(raw)
        return keccak256(raw)

    async def receipt(self, transaction: Hash32) -> Receipt | None:
        found = [block.receipts[transaction] for block in self._node.blocks if transaction in block.receipts]
        return found[0] if found else None

    async def balance(self, account: Address) -> Wei:
        return Wei(10**18)
