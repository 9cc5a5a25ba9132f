"""The beacon chain as a process."""

from __future__ import annotations

import argparse
import asyncio

from tests.beacon_chain.running import Options, a_running_chain, served


async def _main(options: Options, host: str, port: int) -> None:
    async with a_running_chain(options) as running, served(running, host, port) as actual:
        await running.catch_up()
        print(f"Listening on http://{host}:{actual}", flush=True)
        await running.run()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.beacon_chain", description=__doc__)
    parser.add_argument("--execution", required=True, help="URL of an anvil (Prague); its mining is taken over")
    parser.add_argument("--listen", default="127.0.0.1:0", help="where to serve the beacon API")
    parser.add_argument("--slot-seconds", type=int, default=1)
    parser.add_argument("--validators", type=int, default=32)
    parser.add_argument("--absent", type=int, default=0, help="committee members who do not sign, of 32")
    parser.add_argument("--equivocates-from", type=int, help="slot from which /byzantine shows a second history")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    address, _, number = arguments.listen.rpartition(":")
    asyncio.run(
        _main(
            Options(
                arguments.execution,
                arguments.slot_seconds,
                arguments.validators,
                arguments.absent,
                arguments.equivocates_from,
            ),
            address,
            int(number),
        )
    )
