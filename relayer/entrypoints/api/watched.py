"""Counts and times what the API answers, and serves the figures."""

from __future__ import annotations

import time

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relayer.adapters.metrics.api import ApiMetrics

UNKNOWN = "unknown"
"""The route of what has none."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FAILED = 500


def watch(app: FastAPI, metrics: ApiMetrics) -> None:
    """Have `app` serve /metrics, with every answer counted that it gives to anything else."""

    @app.get("/metrics", include_in_schema=False)
    def serve() -> Response:
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    app.add_middleware(Counting, metrics=metrics)


class Counting:
    """Plain ASGI, so that a stream stays a stream; it is counted when it begins."""

    def __init__(self, app: ASGIApp, metrics: ApiMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/metrics":
            await self._app(scope, receive, send)
            return
        started, begun = time.perf_counter(), False

        async def note(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._count(scope, message["status"], started)
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            if not begun:
                self._count(scope, FAILED, started)

    def _count(self, scope: Scope, status: int, started: float) -> None:
        route = getattr(scope.get("route"), "path", UNKNOWN)
        self._metrics.answered(route, _method(scope), status, time.perf_counter() - started)


def _method(scope: Scope) -> str:
    """One of the words that there are; anybody may send another."""
    method = str(scope["method"])
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else UNKNOWN
