"""A broker as a process of its own, to be killed: `python -m tests.adapters.support.broker PORT` prints its port."""

from __future__ import annotations

import asyncio
import sys

from relayer.adapters.mqtt.embedded import embedded_broker


async def main() -> None:
    async with embedded_broker("127.0.0.1", int(sys.argv[1])) as port:
        print(port, flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
