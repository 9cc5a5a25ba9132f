"""`lockkeeper prepay`: pay in advance for what an application is going to send."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.acting.options import acting, address, tell


@click.command()
@click.argument("chain")
@click.argument("application", metavar="ADDRESS")
@click.argument("wei", type=click.IntRange(1))
@acting
def command(  # noqa: PLR0917 - click passes by name
    chain: str, application: str, wei: int, config: Path, key: Path, password_file: Path | None, as_json: bool
) -> None:
    """Pay WEI to the gateway of CHAIN (its id or name), for what the application at ADDRESS is going to send.

    Only that application can take back what is left.
    """
    from relayer.config import load
    from relayer.entrypoints.acting.fees import prepay
    from relayer.entrypoints.acting.hand import Key
    from relayer.entrypoints.running import run

    who = address("ADDRESS", application)
    tell(run(prepay(load(config), chain, who, wei, Key(key, password_file))), as_json=as_json)
