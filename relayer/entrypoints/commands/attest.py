"""`lockkeeper attest`: the attester daemon."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.commands.run import config_option, log_option


@click.command()
@config_option
@log_option
def command(config: Path, as_json: bool) -> None:
    """Sign final headers until told to stop (SIGTERM or Ctrl-C)."""
    from relayer.entrypoints.configured import configured
    from relayer.entrypoints.loading import loading
    from relayer.entrypoints.running import run, until_told

    settings = configured(config, as_json=as_json)
    with loading():  # a second to import, which a mistake in the configuration need not wait for
        from relayer.app import attest

    run(until_told(attest(settings)))
