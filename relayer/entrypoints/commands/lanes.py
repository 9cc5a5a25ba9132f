"""`lockkeeper lanes`: every lane, and how far it has come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from relayer.entrypoints.commands.devnet import folder_option
from relayer.entrypoints.output import json_option, show

if TYPE_CHECKING:
    from rich.console import Console

api_option = click.option("--api", metavar="URL", envvar="LOCKKEEPER_API", help="The API; else the running devnet's.")


@click.command()
@api_option
@folder_option
@json_option
def command(api: str | None, folder: Path, as_json: bool) -> None:
    """List the lanes with their cursors."""
    from relayer.entrypoints.asking import api_url, ask
    from relayer.entrypoints.devnet.folder import Folder

    found = ask(api_url(api, Folder(folder)), "/v1/lanes")
    show(found, as_json=as_json, human=lambda out: lanes_table(found["lanes"], out))


def lanes_table(lanes: list[dict[str, Any]], out: Console) -> None:
    from rich.table import Table

    cursors = ("settled", "included", "submitted", "final", "seen")
    table = Table("lane", *cursors, "waiting since", "halted")
    for lane in lanes:
        name = "-".join(lane[end].removeprefix("eip155:") for end in ("source", "destination"))
        table.add_row(name, *(lane[each] for each in cursors), lane["oldestPendingSince"] or "", lane["halted"] or "")
    out.print(table)
