"""`lockkeeper api`: the HTTP API."""

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
    """Serve what the relayer of this configuration knows, and with [market] the marketplace."""
    from relayer.config import load
    from relayer.entrypoints.api.serving import configured_app, server_of
    from relayer.entrypoints.listening import listener

    settings = load(config)
    with listener(listen) as listening:
        host, port = listening.getsockname()[:2]
        url = f"http://{host}:{port}"
        show({"url": url, "docs": f"{url}/docs"}, as_json=as_json, human=lambda out: out.print(f"{url}/"))
        server_of(configured_app(settings, port), settings).run(sockets=[listening])
