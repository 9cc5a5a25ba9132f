"""Final headers on which a chain's endpoints agree, for who must vouch for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from light_clients.types import Height, TrustedHeader
from relayer.adapters.evm.chain import EvmChain
from relayer.adapters.evm.headers import checked_block
from relayer.adapters.evm.pool import Pool
from relayer.adapters.evm.rpc import Request
from relayer.adapters.evm.wire import Json
from relayer.domain.errors import Transient
from relayer.ports import Finality


class AgreedHeaders:
    """The `FinalHeaders` port: more than half of all configured endpoints must hold the same block."""

    def __init__(self, pool: Pool, chain: EvmChain, finality: Finality) -> None:
        self._pool = pool
        self._chain = chain
        self._finality = finality

    async def moved(self) -> None:
        await self._pool.head_moved()

    async def final_header(self) -> TrustedHeader:
        if self._finality is Finality.LATEST:
            agreed = self._pool.agreed_head()
            if agreed is not None:
                return agreed
        return await self._agreed(await self._chain.final_height())

    async def _agreed(self, height: Height) -> TrustedHeader:
        def accept(answers: Sequence[Json]) -> TrustedHeader:
            header, block_hash = checked_block(answers[0], height)
            return header.trusted(self._pool.chain, block_hash)

        request = Request("eth_getBlockByNumber", (hex(height), False))
        headers = Counter(await self._pool.ask_all([request], accept))
        header, count = headers.most_common(1)[0]
        if 2 * count <= self._pool.size:
            raise Transient(f"chain {self._pool.chain}: {count} of {self._pool.size} endpoints agree on block {height}")
        return header
