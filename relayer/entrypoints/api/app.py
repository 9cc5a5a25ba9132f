"""The read-only HTTP API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from light_clients.types import ChainId
from relayer.adapters.metrics.api import ApiMetrics
from relayer.entrypoints.api.docs import page
from relayer.entrypoints.api.problems import answer_with_problems
from relayer.entrypoints.api.reading import OpenViews, reading
from relayer.entrypoints.api.status import router
from relayer.entrypoints.api.watched import watch


def _version() -> str:
    try:
        return version("lockkeeper")
    except PackageNotFoundError:
        return "0"  # run from the sources


def create_app(open_views: OpenViews, names: Mapping[ChainId, str]) -> FastAPI:
    """The application over a store; `names` are the chains' names."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with reading(open_views, names) as app.state.reading:
            yield

    app = FastAPI(
        title="Lockkeeper",
        version=_version(),
        description="Where chains, lanes and messages of a Lockkeeper relayer stand. Read-only.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.metrics = ApiMetrics()
    watch(app, app.state.metrics)
    answer_with_problems(app)
    app.include_router(router)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()))

    return app
