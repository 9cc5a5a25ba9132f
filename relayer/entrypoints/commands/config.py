"""`lockkeeper config`: what is wrong with a configuration."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.commands.run import config_option
from relayer.entrypoints.output import json_option, show


@click.group()
def command() -> None:
    """Check a configuration."""


@command.command()
@config_option
@click.option("--online", is_flag=True, help="Also ask every chain.")
@json_option
@click.pass_context
def check(ctx: click.Context, config: Path, online: bool, as_json: bool) -> None:
    """Say everything that is wrong, and how to mend it. Exits with 2 if anything is."""
    from relayer.config import read

    settings, problems = read(config)
    if settings is not None and online:
        from relayer.entrypoints.online import problems_online
        from relayer.entrypoints.running import run

        problems = run(problems_online(settings))
    found = [{"key": each.key, "wrong": each.wrong, "mend": each.mend} for each in problems]
    lines = [str(each) for each in problems] or [f"{config} is in order"]
    show({"config": str(config), "problems": found}, as_json=as_json, human=lambda out: out.print("\n".join(lines)))
    ctx.exit(2 if problems else 0)
