"""`lockkeeper resume`: let a lane go on that was halted, once somebody has looked into it."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from light_clients.types import ChainId
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.output import json_option, show


@click.command()
@click.argument("lane", metavar="SOURCE-DESTINATION")
@click.option("--config", type=click.Path(path_type=Path), required=True, help="The relayer's configuration.")
@json_option
def command(lane: str, config: Path, as_json: bool) -> None:
    """Resume a lane that a contradiction has halted. The relayer must be stopped: the store has one owner."""
    from relayer.config import load
    from relayer.entrypoints.resuming import resume
    from relayer.entrypoints.running import run

    source, _, destination = lane.partition("-")
    if not (source.isdigit() and destination.isdigit()):
        raise Misconfigured("SOURCE-DESTINATION", f"{lane!r} is no lane", "name the two chain ids, as 31337-31338")
    reason = run(resume(load(config), ChainId(int(source)), ChainId(int(destination))))
    words = f"{lane} goes on; it was halted because {reason}" if reason else f"{lane} was not halted; nothing to do"
    show({"lane": lane, "wasHalted": reason or None}, as_json=as_json, human=lambda out: out.print(words))
