"""`lockkeeper claim`: have a relayer paid what it has earned."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.acting.options import acting, address, lane_argument, tell


@click.command()
@lane_argument
@click.option("--relayer", metavar="ADDRESS", help="Who is paid; else the account of --key.")
@acting
def command(  # noqa: PLR0917 - click passes by name
    lane: str, relayer: str | None, config: Path, key: Path, password_file: Path | None, as_json: bool
) -> None:
    """Have the source of a lane pay what a relayer has earned on its destination.

    Anyone may do that for anyone. The lane back must be in the configuration: its headers prove what was earned.
    """
    from relayer.config import load
    from relayer.entrypoints.acting.fees import claim
    from relayer.entrypoints.acting.hand import Key
    from relayer.entrypoints.running import run

    who = None if relayer is None else address("--relayer", relayer)
    tell(run(claim(load(config), lane, who, Key(key, password_file))), as_json=as_json)
