"""The time of this machine."""

from __future__ import annotations

import asyncio
import time

from relayer.domain.ids import Seconds


class SystemClock:
    """The `Clock` that everybody but a test uses."""

    def now(self) -> Seconds:
        return Seconds(time.time())

    def monotonic(self) -> Seconds:
        return Seconds(time.monotonic())

    async def sleep(self, seconds: Seconds) -> None:
        await asyncio.sleep(seconds)
