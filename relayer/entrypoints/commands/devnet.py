"""`lockkeeper devnet`: three local chains with all their daemons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from relayer.entrypoints.commands.sealing import seal, validate
from relayer.entrypoints.output import json_option, show

if TYPE_CHECKING:
    from rich.console import Console

    from relayer.entrypoints.devnet.folder import Description

LEFT_OUT = ("relayer", "api")

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".devnet"),
    show_default=True,
    envvar="LOCKKEEPER_DEVNET",
    help="Where all its state, logs, keys and configurations are.",
)

consensus_option = click.option(
    "--consensus",
    type=click.Choice(("mixed", "committee", "qbft")),
    help="How the chains agree on their blocks; a new devnet is mixed: one QBFT, one Clique, one committee chain.",
)


@click.group()
def command() -> None:
    """Three local chains with validators and attesters, relayer, broker and API."""


command.add_command(seal)
command.add_command(validate)


@command.command()
@folder_option
@click.option("--foreground", is_flag=True, help="Stay in the terminal until Ctrl-C.")
@click.option("--api-port", type=click.IntRange(0, 65535), default=0, help="Port of the API; 0: the system chooses.")
@click.option(
    "--without",
    type=click.Choice(LEFT_OUT),
    multiple=True,
    help="Do not start this part: you run it yourself, from its configuration.",
)
@consensus_option
@json_option
def up(  # noqa: PLR0917 click passes options by name
    folder: Path, foreground: bool, api_port: int, without: tuple[str, ...], consensus: str | None, as_json: bool
) -> None:
    """Start everything; what dies is started again."""
    from relayer.entrypoints.devnet import control
    from relayer.entrypoints.devnet.anvil import find_anvil
    from relayer.entrypoints.devnet.folder import Folder
    from relayer.entrypoints.devnet.supervisor import Supervisor

    def announce(description: Description) -> None:
        show(description.to_json(), as_json=as_json, human=lambda out: _ready(description, out))

    if foreground:
        find_anvil()
        Supervisor(Folder(folder), api_port=api_port, without=without, consensus=consensus).run(announce)
    else:
        announce(control.up(Folder(folder), api_port=api_port, without=without, consensus=consensus))


def _ready(description: Description, out: Console) -> None:
    for chain in description.chains:
        out.print(f"{chain.name:8} chain {chain.id}  {chain.url}")
    for name, url in description.urls().items():
        out.print(f"{name:8} {url}")


@command.command()
@folder_option
@click.option("--wipe", is_flag=True, help="Delete the folder, chains and all.")
@json_option
def down(folder: Path, wipe: bool, as_json: bool) -> None:
    """Stop everything, also what a killed supervisor left behind."""
    from relayer.entrypoints.devnet import control
    from relayer.entrypoints.devnet.folder import Folder

    stopped = control.down(Folder(folder), wipe=wipe)
    words = f"stopped {len(stopped)} processes" if stopped else "nothing was running"
    show({"stopped": stopped}, as_json=as_json, human=lambda out: out.print(words))


@command.command()
@folder_option
@json_option
@click.pass_context
def status(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Show every part: its process, port and head. Exits with 1 when one is missing."""
    from relayer.entrypoints.devnet import control
    from relayer.entrypoints.devnet.folder import Folder

    where = Folder(folder)
    description = where.read()
    parts = control.status(where)
    show(control.as_json(parts, description.urls()), as_json=as_json, human=lambda out: _table(parts, out))
    ctx.exit(0 if description.ready and all(part.pid for part in parts) else 1)


def _table(parts: list[control.PartStatus], out: Console) -> None:
    from rich.table import Table

    table = Table("part", "pid", "port", "head")
    for part in parts:
        pid = str(part.pid) if part.pid else "[red]not running[/red]"
        table.add_row(part.name, pid, str(part.port or ""), "" if part.head is None else str(part.head))
    out.print(table)


@command.command(hidden=True)
@folder_option
def deploy(folder: Path) -> None:
    """Deploy to the devnet's chains. A part of `up`."""
    from relayer.entrypoints.devnet.contracts import deploy_devnet
    from relayer.entrypoints.devnet.folder import Folder
    from relayer.entrypoints.running import run

    run(deploy_devnet(Folder(folder)))


@command.command(hidden=True)
@folder_option
def keep(folder: Path) -> None:
    """Keep the journals of the devnet's chains. A part of `up`."""
    from relayer.entrypoints.devnet.consensus import makeup
    from relayer.entrypoints.devnet.folder import Folder
    from relayer.entrypoints.devnet.keeper import keep as keep_chains
    from relayer.entrypoints.running import run

    where = Folder(folder)
    made, description = makeup(where), where.read()
    executing = [
        replace(chain, url=f"http://127.0.0.1:{description.ports[made.execution(chain.name)]}")
        for chain in description.chains
    ]
    run(keep_chains(where, tuple(executing)))


if TYPE_CHECKING:
    from relayer.entrypoints.devnet import control
