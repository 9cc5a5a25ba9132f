"""`lockkeeper retry`: hand a failed message over to its recipient once more."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.acting.options import acting, lane_argument, nonce_argument, tell


@click.command()
@lane_argument
@nonce_argument
@acting
def command(lane: str, nonce: int, config: Path, key: Path, password_file: Path | None, as_json: bool) -> None:  # noqa: PLR0917 - click passes by name
    """Hand a failed message over to its recipient once more.

    Whoever mends it earns what was kept back of its fee.
    """
    from relayer.config import load
    from relayer.entrypoints.acting.hand import Key
    from relayer.entrypoints.acting.outcomes import retry
    from relayer.entrypoints.running import run

    tell(run(retry(load(config), lane, nonce, Key(key, password_file))), as_json=as_json)
