"""`lockkeeper bounce`: send a failed message back to its sender."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.acting.options import acting, lane_argument, nonce_argument, tell


@click.command()
@lane_argument
@nonce_argument
@acting
def command(lane: str, nonce: int, config: Path, key: Path, password_file: Path | None, as_json: bool) -> None:  # noqa: PLR0917 - click passes by name
    """Send a failed message back to its sender.

    Only what was sent with a way back goes back: after its deadline, or a day after it failed.
    """
    from relayer.config import load
    from relayer.entrypoints.acting.hand import Key
    from relayer.entrypoints.acting.outcomes import bounce
    from relayer.entrypoints.running import run

    tell(run(bounce(load(config), lane, nonce, Key(key, password_file))), as_json=as_json)
