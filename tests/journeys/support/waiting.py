"""Waiting for what must become true, and no longer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.05
PATIENCE = 60.0


async def eventually(question: Callable[[], Awaitable[T]], what: str, *, within: float = PATIENCE) -> T:
    """The first answer that is true."""
    deadline = time.monotonic() + within
    while not (answer := await question()):
        assert time.monotonic() < deadline, f"{what}: not within {within:.0f} s; the last answer was {answer!r}"
        await asyncio.sleep(POLL_SECONDS)
    return answer
