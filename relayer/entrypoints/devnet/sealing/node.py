"""The node: has a block mined once per block time, sealed, written down, and only then announced."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Never

from light_clients.evm.header import Header, header_from_json
from light_clients.types import Address, Hash32
from relayer.domain.errors import Transient
from relayer.entrypoints.devnet.sealing.blocks import Object, SealedBlock
from relayer.entrypoints.devnet.sealing.consensus import Consensus, Kind
from relayer.entrypoints.devnet.sealing.council import Council
from relayer.entrypoints.devnet.sealing.journal import Journal
from relayer.entrypoints.devnet.sealing.mined import MinedChain
from relayer.entrypoints.devnet.sealing.peers import Peers

RETRY_SECONDS = 0.1
"""Between two looks for validators that do not answer yet."""

OnSealed = Callable[[SealedBlock, Object], None]
"""Takes the sealed block and the block as it was mined, with whole transactions."""


@dataclass(slots=True)
class Order:
    """A request to mine now, as `anvil_mine`."""

    method: str
    params: Sequence[Any]
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Node:
    """Moves one sealed chain on. Everything is keyed by number: anvil's own hashes change when it is restored."""

    def __init__(
        self,
        kind: Kind,
        journal: Journal,
        mined: MinedChain,
        peers: Peers,
        *,
        council: Council,
        say: Callable[[str], None],
    ) -> None:
        self._kind = kind
        self._journal = journal
        self._mined = mined
        self._peers = peers
        self._council = council
        self._say = say
        self._orders: asyncio.Queue[Order | None] = asyncio.Queue(64)
        self._listeners: list[OnSealed] = []
        self._consensus: Consensus | None = kind.resume(journal.state) if journal.head >= 0 else None
        self._block_seconds = 0.0

    @property
    def block_seconds(self) -> float:
        """0: blocks are mined only on request."""
        return self._block_seconds

    def set_interval(self, seconds: float) -> None:
        """Mine so often from now on."""
        self._block_seconds = seconds
        if not self._orders.full():  # or the loop will look at the interval anyway
            self._orders.put_nowait(None)

    def listen(self, listener: OnSealed) -> None:
        self._listeners.append(listener)

    async def mine(self, method: str, params: Sequence[Any]) -> Any:
        """Let anvil mine now; its answer, once all it mined is sealed."""
        order = Order(method, params)
        await self._orders.put(order)
        return await order.done

    async def begin(self, genesis_validators: Sequence[Address]) -> None:
        """Make the genesis block, unless the journal has one.

        Without `genesis_validators` they are all that answer, and every one must.
        """
        if self._journal.head >= 0:
            return
        await self._peers.identify()
        if not genesis_validators and self._peers.missing:
            self._say(f"waiting for {self._peers.missing} validators to begin with")
        while not genesis_validators and self._peers.missing:
            await asyncio.sleep(RETRY_SECONDS)
            await self._peers.identify()
        mined = await self._mined.block(0)
        genesis = self._kind.genesis(header_from_json(mined), genesis_validators or tuple(self._peers.known))
        self._consensus = self._kind.start(genesis)
        self._commit(genesis, self._consensus, mined, ())

    async def run(self) -> Never:
        """For ever, on a schedule that does not slip: a block that took long does not move the next."""
        clock = asyncio.get_running_loop().time
        await self._attempt(self._catch_up())
        due = clock()
        while True:
            try:
                async with asyncio.timeout_at(due if self._block_seconds else None):
                    order = await self._orders.get()
            except TimeoutError:
                await self._attempt(self._tick())
                due += self._block_seconds * max(1, -(-(clock() - due) // self._block_seconds))
                continue
            if order is None:  # the interval is another one
                due = clock()
            else:
                await self._obey(order)

    async def _attempt(self, work: Coroutine[Any, Any, None]) -> None:
        """An anvil that does not answer is tried again, next time."""
        try:
            await work
        except Transient as trouble:
            self._say(str(trouble))

    async def _tick(self) -> None:
        await self._catch_up()
        (block,) = await self._mined.call("evm_mine_detailed")
        await self._seal(block)

    async def _obey(self, order: Order) -> None:
        try:
            await self._catch_up()
            said = await self._mined.call(order.method, *order.params)
            await self._catch_up()
        except Transient as trouble:
            if not order.done.done():
                order.done.set_exception(trouble)
            return
        if not order.done.done():  # nobody waits for it any more
            order.done.set_result(said)

    async def _catch_up(self) -> None:
        """Seal what was mined and not sealed; give anvil again what it lost."""
        head = await self._mined.head()
        if head < self._journal.head:
            await self._give_back(head)
        for number in range(self._journal.head + 1, head + 1):
            await self._seal(await self._mined.block(number))

    async def _seal(self, mined: Object) -> None:
        assert self._consensus is not None
        parent = self._journal.block(self._journal.head).header
        raw = await self._mined.raw_transactions(mined)
        header, self._consensus = await self._council.seal(self._consensus, parent, header_from_json(mined))
        self._commit(header, self._consensus, mined, raw)

    def _commit(self, header: Header, consensus: Consensus, mined: Object, raw: Sequence[str]) -> None:
        before = self._journal.block(self._journal.head).total_difficulty if self._journal.head >= 0 else 0
        block = SealedBlock(header, Hash32(consensus.hash), before + header.difficulty)
        self._journal.append(block, consensus.to_json(), raw)
        for listener in self._listeners:
            listener(block, mined)

    async def _give_back(self, head: int) -> None:
        """Have anvil mine again what the journal has and it has not. What was served stays served."""
        self._say(f"anvil is at block {head}, the sealed chain at {self._journal.head}: mining again what it lost")
        for number in range(head + 1, self._journal.head + 1):
            for raw in self._journal.transactions(number):
                try:
                    await self._mined.call("eth_sendRawTransaction", raw)
                except Transient as trouble:  # a second attempt finds it there already
                    self._say(f"a transaction of block {number}: {trouble}")
            await self._mine_again(number)
            mined = await self._mined.block(number)
            if Hash32.from_hex(mined["stateRoot"]) != self._journal.block(number).header.state_root:
                self._say(f"block {number} came to another state: nothing can be proven at that height any more")
        newest = self._journal.block(self._journal.head).header.timestamp
        await self._mined.call("evm_setTime", max(int(time.time()), newest))

    async def _mine_again(self, number: int) -> None:
        before, timestamp = (self._journal.block(each).header.timestamp for each in (number - 1, number))
        await self._mined.call("evm_setTime", timestamp)  # a fresh anvil believes that its past ended when it started
        if timestamp > before:
            await self._mined.call("evm_mine", {"timestamp": timestamp})
        else:  # it takes no second block of one second, unless its clock says so
            await self._mined.call("evm_mine")
