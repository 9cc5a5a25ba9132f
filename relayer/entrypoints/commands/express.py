"""`lockkeeper express`: bring a message ahead of those that wait before it."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.acting.options import acting, lane_argument, nonce_argument, tell


@click.command()
@lane_argument
@nonce_argument
@acting
def command(lane: str, nonce: int, config: Path, key: Path, password_file: Path | None, as_json: bool) -> None:  # noqa: PLR0917 - click passes by name
    """Bring a message ahead of those that wait before it.

    They stay where they are, and the lane's order is kept: the message is passed over when its turn comes.
    """
    from relayer.config import load
    from relayer.entrypoints.acting.hand import Key
    from relayer.entrypoints.acting.outcomes import express
    from relayer.entrypoints.running import run

    tell(run(express(load(config), lane, nonce, Key(key, password_file))), as_json=as_json)
