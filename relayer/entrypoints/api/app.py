"""The HTTP API: what the relayer knows, and the marketplace where there is one."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from light_clients.types import ChainId
from relayer.adapters.metrics.api import ApiMetrics
from relayer.entrypoints.api.docs import page as documentation
from relayer.entrypoints.api.market.gate import Gate, Limits
from relayer.entrypoints.api.market.opening import OpenMarket
from relayer.entrypoints.api.market.routes import ROUTERS
from relayer.entrypoints.api.page.serving import page
from relayer.entrypoints.api.problems import answer_with_problems, document
from relayer.entrypoints.api.reading import OpenViews, reading
from relayer.entrypoints.api.status import router
from relayer.entrypoints.api.watched import watch

READ_ONLY = "Where chains, lanes and messages of a Lockkeeper relayer stand. Read-only."
MARKET = "Where chains, lanes and messages of a Lockkeeper relayer stand; and its marketplace."


def _version() -> str:
    try:
        return version("lockkeeper")
    except PackageNotFoundError:
        return "0"  # run from the sources


@dataclass(frozen=True, slots=True)
class Marketplace:
    """How the marketplace is opened, and what anybody may ask of it."""

    open: OpenMarket
    limits: Limits


def create_app(open_views: OpenViews, names: Mapping[ChainId, str], marketplace: Marketplace | None = None) -> FastAPI:
    """The application over a store; `names` are the chains' names."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.reading = await stack.enter_async_context(reading(open_views, names))
            if marketplace is not None:
                app.state.market = await stack.enter_async_context(marketplace.open())
            yield

    app = FastAPI(
        title="Lockkeeper",
        version=_version(),
        description=READ_ONLY if marketplace is None else MARKET,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.metrics = ApiMetrics()
    watch(app, app.state.metrics)
    answer_with_problems(app)
    for each in () if marketplace is None else ROUTERS:  # before the others: they are asked more
        app.include_router(each)
    app.include_router(router)
    app.include_router(page(market=marketplace is not None))
    if marketplace is not None:
        app.add_middleware(Gate, limits=marketplace.limits, monotonic=time.monotonic)
    document(app)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(documentation(app.openapi()))

    return app
