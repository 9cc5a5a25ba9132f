"""Whether this process makes progress, for service managers and dashboards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from light_clients.types import ChainId
from relayer.domain.errors import Misconfigured, RelayerError
from relayer.domain.facts import Delivered, Fact, HeadReached
from relayer.domain.ids import Lane, Seconds
from relayer.domain.lane import LaneState
from relayer.ports import Clock


class Progress:
    """The `Listener` that knows what has stood still for too long: a chain's head, or a lane with work."""

    def __init__(
        self,
        clock: Clock,
        chains: Iterable[ChainId],
        stalled_after: Seconds,
        patience: Mapping[Lane, Seconds] | None = None,
    ) -> None:
        """`patience`: how much longer the work of a lane may wait on purpose."""
        self._clock = clock
        self._patience = patience or {}
        self._stalled_after = stalled_after
        now = clock.monotonic()
        self._heads: dict[ChainId, float] = dict.fromkeys(chains, now)
        self._read: set[ChainId] = set()
        self._working_since: dict[Lane, float] = {}

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        now = self._clock.monotonic()
        if isinstance(fact, HeadReached):
            self.head_moved(fact.chain)
        if lane is None:
            return
        if lane.halted or lane.final <= lane.included.nonce:
            self._working_since.pop(lane.lane, None)
        elif isinstance(fact, Delivered):
            self._working_since[lane.lane] = now
        else:
            self._working_since.setdefault(lane.lane, now)

    def head_moved(self, chain: ChainId) -> None:
        self._heads[chain] = self._clock.monotonic()
        self._read.add(chain)

    def trouble(self, worker: str, error: RelayerError) -> None: ...

    def stalled(self) -> list[str]:
        """What has stood still."""
        limit = self._clock.monotonic() - self._stalled_after
        heads = [f"the head of chain {chain}" for chain, since in self._heads.items() if since < limit]
        lanes = self._working_since.items()
        return heads + [f"lane {lane}" for lane, since in lanes if since + self._patience.get(lane, 0) < limit]

    def unread(self) -> list[str]:
        """What has not been read once yet."""
        return [f"chain {chain}" for chain in self._heads if chain not in self._read]


def health_routes(progress: Progress, metrics: Callable[[], bytes]) -> list[web.RouteDef]:
    """`/livez`, `/readyz` and `/metrics`."""

    async def livez(_: web.Request) -> web.Response:
        return _verdict(progress.stalled(), "stands still")

    async def readyz(_: web.Request) -> web.Response:
        return _verdict(progress.unread() or progress.stalled(), "is awaited")

    async def serve_metrics(_: web.Request) -> web.Response:
        return web.Response(body=metrics(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return [web.get("/livez", livez), web.get("/readyz", readyz), web.get("/metrics", serve_metrics)]


@asynccontextmanager
async def serving(routes: Iterable[web.RouteDef], listen: str, key: str) -> AsyncIterator[int]:
    """Serve while the context lasts; yields the port, chosen by the system for 0. `key` is what to blame."""
    host, _, port = listen.rpartition(":")
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, int(port))
        try:
            await site.start()
        except OSError as error:
            raise Misconfigured(key, f"cannot listen on {listen}: {error.strerror}", "name a free port") from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _verdict(troubles: list[str], what: str) -> web.Response:
    if not troubles:
        return web.Response(text="ok\n")
    return web.Response(status=503, text="".join(f"{trouble} {what}\n" for trouble in troubles))
