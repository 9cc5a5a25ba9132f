"""The bus of who wants none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Never


class SilentBus:
    """The `Bus` port without a broker: nobody hears, and nothing is heard."""

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None: ...

    def announce(self, topic: str, payload: bytes, *, retain: bool = False) -> None: ...

    @asynccontextmanager
    async def subscribe(self, pattern: str) -> AsyncIterator[AsyncIterator[tuple[str, bytes]]]:  # noqa: ARG002
        yield _nothing()

    async def run(self) -> Never:
        await _for_ever()
        raise AssertionError("for ever has ended")


async def _nothing() -> AsyncIterator[tuple[str, bytes]]:
    await _for_ever()
    yield "", b""


async def _for_ever() -> None:
    await asyncio.get_running_loop().create_future()
