"""`lockkeeper demo`: three kinds of assets around three local chains and back."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from relayer.entrypoints.commands.devnet import consensus_option, folder_option
from relayer.entrypoints.output import console, json_option, show

if TYPE_CHECKING:
    from rich.console import Console

    from relayer.entrypoints.demo.journey import Journey
    from relayer.entrypoints.devnet.folder import Description


@click.command()
@folder_option
@click.option("--once", is_flag=True, help="Stop everything afterwards; so does a run without a terminal.")
@consensus_option
@json_option
@click.pass_context
def command(ctx: click.Context, folder: Path, once: bool, consensus: str | None, as_json: bool) -> None:
    """Start the devnet (or use the one that runs), and send an ERC-20, an ERC-721 and an ERC-1155 around.

    Exits with 1 unless every original is back with its owner and nothing of it is left elsewhere.
    """
    from relayer.entrypoints.devnet import control
    from relayer.entrypoints.devnet.folder import Folder

    where, out = Folder(folder), console(stderr=as_json)
    mine = not control.is_up(where)
    try:
        if mine:
            control.begin_anew_unless(where, consensus, out.print)
        description = control.up(where, consensus=consensus) if mine else where.read()
        journey = _travel(where, out)
        if not (once or as_json or os.environ.get("ONCE")) and sys.stdout.isatty():
            stay(description, out)
    finally:
        if mine:
            control.down(where)
    if as_json:
        from relayer.entrypoints.demo.table import as_json as to_json

        show(to_json(journey), as_json=True, human=lambda _: None)
    ctx.exit(0 if journey.passed else 1)


def _travel(where: Folder, out: Console) -> Journey:
    from relayer.entrypoints.demo.journey import Journey, travel
    from relayer.entrypoints.demo.table import shown
    from relayer.entrypoints.running import run

    journey = Journey()
    with shown(journey, out):
        run(travel(where, journey))
    for check in journey.checks:
        out.print(f"{'[green]✓[/green]' if check.passed else '[red]✗[/red]'} {check.what}")
    words = "Every original is back, and nothing is left behind." if journey.passed else "Something is not as it was."
    out.print(f"[bold]{words}[/bold]")
    return journey


def stay(description: Description, out: Console) -> None:
    for name, url in description.urls().items():
        out.print(f"{name:9} {url}")
    out.print("Ctrl-C stops everything.")
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


if TYPE_CHECKING:
    from relayer.entrypoints.devnet.folder import Folder
