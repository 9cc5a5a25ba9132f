"""`lockkeeper index`: the marketplace's read models, made anew or looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from relayer.entrypoints.commands.run import config_option
from relayer.entrypoints.output import json_option, show

if TYPE_CHECKING:
    from rich.console import Console


@click.group()
def command() -> None:
    """The marketplace's read models: what the API knows of listings, items and purchases."""


@command.command()
@config_option
@json_option
def rebuild(config: Path, as_json: bool) -> None:
    """Forget everything that chains can tell, and read it again up to their heads.

    Listings that were submitted are kept. Stop `lockkeeper api` first: it owns the database.
    """
    from relayer.config import load
    from relayer.entrypoints.indexing import rebuilt
    from relayer.entrypoints.running import run

    result = run(rebuilt(load(config)))
    show(result, as_json=as_json, human=lambda out: _tell_rebuilt(result, out))


@command.command()
@config_option
@json_option
def status(config: Path, as_json: bool) -> None:
    """Tell how far each chain was read, and how much is known."""
    from relayer.config import load
    from relayer.entrypoints.indexing import looked_at
    from relayer.entrypoints.running import run

    result = run(looked_at(load(config)))
    show(result, as_json=as_json, human=lambda out: _tell(result, out))


def _tell_rebuilt(result: dict[str, Any], out: Console) -> None:
    _tell(result, out)
    out.print(f"{result['events']} events in {result['seconds']:.1f} s: {result['eventsPerSecond']:.0f} a second")


def _tell(result: dict[str, Any], out: Console) -> None:
    for chain in result["chains"]:
        out.print(f"[bold]{chain['chain']}[/bold]  read up to block {chain['height']}")
    for what, count in result["counts"].items():
        out.print(f"  {what:<12}{count:>10}")
