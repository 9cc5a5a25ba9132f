"""The application of a configuration, and the server that it runs in."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI

from relayer.adapters.store.store import open_views
from relayer.config import Config
from relayer.entrypoints.api.app import Marketplace, create_app
from relayer.entrypoints.api.market.opening import limits_of, opened_market


def configured_app(config: Config, port: int) -> FastAPI:
    """Everything that this configuration has to show; `port` is where it listens."""
    market = config.market
    place = None
    if market is not None:
        place = Marketplace(lambda: opened_market(config, market, port, app.state.metrics.registry), limits_of(market))
    names = {chain.id: chain.name for chain in config.chains}
    app = create_app(lambda: open_views(config.store.url), names, place)
    return app


def server_of(app: FastAPI, config: Config) -> uvicorn.Server:
    """One worker, on the fast loop and parser."""
    proxies = [] if config.market is None else list(config.market.proxies)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            loop="uvloop",
            http="httptools",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            timeout_graceful_shutdown=5,
        )
    )
