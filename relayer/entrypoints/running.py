"""Runs an asynchronous command; trouble inside its task groups comes out as the one trouble it is."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

from relayer.domain.errors import RelayerError

T = TypeVar("T")


def run(main: Coroutine[object, object, T]) -> T:
    try:
        return asyncio.run(main)
    except ExceptionGroup as group:
        known = group.subgroup(RelayerError)
        if known is None:
            raise
        raise _first(known) from group


def _first(group: BaseException) -> BaseException:
    return _first(group.exceptions[0]) if isinstance(group, BaseExceptionGroup) else group


async def told_to_stop() -> None:
    """Wait for SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()


async def until_told(work: Coroutine[object, object, None]) -> None:
    """Do the work until SIGTERM or SIGINT, which ends it in order."""
    working = asyncio.ensure_future(work)
    told = asyncio.ensure_future(told_to_stop())
    await asyncio.wait((working, told), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not working.done():
        working.cancel()
    with suppress(asyncio.CancelledError):
        await working
