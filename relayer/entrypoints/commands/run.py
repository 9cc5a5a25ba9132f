"""`lockkeeper run`: the relayer daemon."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("relayer.toml"),
    show_default=True,
    envvar="LOCKKEEPER_CONFIG",
    help="The configuration file.",
)
log_option = click.option("--json", "as_json", is_flag=True, help="Log as JSON, also on a terminal.")


@click.command()
@config_option
@log_option
def command(config: Path, as_json: bool) -> None:
    """Relay messages until told to stop (SIGTERM or Ctrl-C)."""
    from relayer.entrypoints.configured import configured
    from relayer.entrypoints.loading import loading
    from relayer.entrypoints.running import run, until_told

    settings = configured(config, as_json=as_json)
    with loading():  # a second to import, which a mistake in the configuration need not wait for
        from relayer.app import relay

    run(until_told(relay(settings)))
