"""The read-only HTTP API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from light_clients.types import ChainId
from relayer.entrypoints.api.docs import page as documentation
from relayer.entrypoints.api.page.serving import page
from relayer.entrypoints.api.problems import answer_with_problems
from relayer.entrypoints.api.reading import OpenViews, reading
from relayer.entrypoints.api.status import router


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
    answer_with_problems(app)
    app.include_router(router)
    app.include_router(page(market=False))

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(documentation(app.openapi()))

    return app
