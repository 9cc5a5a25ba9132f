"""`lockkeeper demo-market`: a print is listed, bought on another chain and delivered to a third."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from relayer.entrypoints.commands.demo import stay
from relayer.entrypoints.commands.devnet import consensus_option, folder_option
from relayer.entrypoints.output import console, json_option, show

if TYPE_CHECKING:
    from rich.console import Console

    from relayer.entrypoints.devnet.folder import Folder
    from relayer.entrypoints.market.demo.story import Story


@click.command()
@folder_option
@click.option("--once", is_flag=True, help="Stop everything afterwards; so does a run without a terminal.")
@consensus_option
@json_option
@click.pass_context
def command(ctx: click.Context, folder: Path, once: bool, consensus: str | None, as_json: bool) -> None:
    """Start the devnet (or use the one that runs), and sell a print between its three chains, over the HTTP API.

    Exits with 1 unless everybody has exactly what is theirs, and what must be refused was.
    """
    from relayer.entrypoints.devnet import control
    from relayer.entrypoints.devnet.folder import Folder

    where, out = Folder(folder), console(stderr=as_json)
    mine = not control.is_up(where)
    try:
        if mine:
            control.begin_anew_unless(where, consensus, out.print)
        description = control.up(where, consensus=consensus) if mine else where.read()
        story = _tell(where, out)
        if not (once or as_json or os.environ.get("ONCE")) and sys.stdout.isatty():
            stay(description, out)
    finally:
        if mine:
            control.down(where)
    if as_json:
        from relayer.entrypoints.market.demo.table import as_json as to_json

        show(to_json(story), as_json=True, human=lambda _: None)
    ctx.exit(0 if story.passed else 1)


def _tell(where: Folder, out: Console) -> Story:
    from relayer.entrypoints.market.demo.story import Story, tell
    from relayer.entrypoints.market.demo.table import ending, shown
    from relayer.entrypoints.running import run

    story = Story()
    with shown(story, out):
        run(tell(where, story))
    out.print(ending(story))
    for check in story.checks:
        out.print(f"{'[green]✓[/green]' if check.passed else '[red]✗[/red]'} {check.what}")
    words = "The print is where it was bought for, and everybody has what is theirs."
    out.print(f"[bold]{words if story.passed else 'Something is not as it should be.'}[/bold]")
    return story
