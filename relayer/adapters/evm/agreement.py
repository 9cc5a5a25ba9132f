"""Final headers on which a chain's endpoints agree, for who must vouch for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from light_clients.types import Height, TrustedHeader
from relayer.adapters.evm.chain import FinalityRule
from relayer.adapters.evm.pool import Pool
from relayer.adapters.evm.rpc import Request
from relayer.adapters.evm.wire import Json
from relayer.domain.errors import Transient
from relayer.ports import Finality

FINALIZED = Request("eth_getBlockByNumber", ("finalized", False))


class AgreedHeaders:
    """The `FinalHeaders` port: more than half of all configured endpoints must hold the same block."""

    def __init__(self, pool: Pool, finality: FinalityRule) -> None:
        self._pool = pool
        self._finality = finality

    async def final_header(self, above: Height) -> TrustedHeader:
        while True:
            movement = self._pool.movement()
            agreed = self._pool.agreed_head() if self._finality.kind is Finality.LATEST else None
            if agreed is not None and agreed.height > above:
                return agreed
            final = await self._final_height()
            if final > above:
                return await self._agreed(final)
            await movement.wait()

    async def final_header_at(self, height: Height) -> TrustedHeader:
        if height > await self._final_height():
            raise Transient(f"chain {self._pool.chain}: block {height} is not final")
        return await self._agreed(height)

    async def _final_height(self) -> Height:
        """The highest that more than half of all endpoints call final."""
        if self._finality.kind is not Finality.FINALIZED:
            heights = self._pool.heights()
        else:
            heights = await self._pool.ask_all([FINALIZED], lambda answers: self._pool.blocks.number(answers[0]))
        needed = self._pool.size // 2 + 1
        if len(heights) < needed:
            return Height(0)
        return Height(max(0, sorted(heights, reverse=True)[needed - 1] - self._finality.depth))

    async def _agreed(self, height: Height) -> TrustedHeader:
        def accept(answers: Sequence[Json]) -> TrustedHeader:
            header, block_hash = self._pool.blocks.block(answers[0], height)
            return header.trusted(self._pool.chain, block_hash)

        request = Request("eth_getBlockByNumber", (hex(height), False))
        headers = Counter(await self._pool.ask_all([request], accept))
        header, count = headers.most_common(1)[0]
        if 2 * count <= self._pool.size:
            raise Transient(f"chain {self._pool.chain}: {count} of {self._pool.size} endpoints agree on block {height}")
        return header
