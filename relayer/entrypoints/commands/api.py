"""`lockkeeper api`: the read-only HTTP API."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.commands.run import config_option
from relayer.entrypoints.output import json_option, show


@click.command()
@config_option
@click.option("--listen", default="127.0.0.1:8080", show_default=True, metavar="HOST:PORT", help="Port 0: any.")
@json_option
def command(config: Path, listen: str, as_json: bool) -> None:
    """Serve what the relayer of this configuration knows."""
    import uvicorn

    from relayer.adapters.store.store import open_views
    from relayer.config import load
    from relayer.entrypoints.api.app import create_app
    from relayer.entrypoints.listening import listener

    settings = load(config)
    app = create_app(lambda: open_views(settings.store.url), {chain.id: chain.name for chain in settings.chains})
    with listener(listen) as listening:
        host, port = listening.getsockname()[:2]
        url = f"http://{host}:{port}"
        show({"url": url, "docs": f"{url}/docs"}, as_json=as_json, human=lambda out: out.print(f"{url}/docs"))
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listening])
