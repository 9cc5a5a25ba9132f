"""What more than half of a chain's endpoints answer: for what no proof covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from relayer.adapters.evm.pool import Pool
from relayer.adapters.evm.rpc import Request
from relayer.adapters.evm.wire import Json
from relayer.domain.errors import Transient

T = TypeVar("T")


class Disagreement(Transient):
    """Too few endpoints tell the same; perhaps they do of fewer blocks."""


async def agreed(pool: Pool, requests: Sequence[Request], accept: Callable[[Sequence[Json]], T]) -> T:
    """The answer that more than half of all endpoints give; raises `Rejected` where all of them refuse."""
    try:
        answers = await pool.ask_all(requests, accept)
    except Transient as error:
        raise Disagreement(str(error)) from error
    answer, count = (answers[0], 1) if len(answers) == 1 else Counter(answers).most_common(1)[0]
    if 2 * count <= pool.size:
        method = requests[0].method
        raise Disagreement(f"chain {pool.chain}: {count} of {pool.size} endpoints agree on {method}")
    return answer
