"""The front door: names every command, and imports only the one that is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import rich_click as click

from relayer.domain.errors import Misconfigured, RelayerError

COMMANDS = {
    "demo": "Send three kinds of assets around three local chains and back.",
    "demo-market": "Sell a print between three local chains, over the HTTP API.",
    "devnet": "Start, stop and watch three local chains with all their daemons.",
    "deploy": "Deploy the contracts, at the same addresses on every chain.",
    "audit-deployment": "Tell every power that any key holds over a deployment.",
    "run": "Run the relayer.",
    "attest": "Run an attester.",
    "broker": "Run the embedded MQTT broker alone.",
    "api": "Serve the read-only HTTP API.",
    "index": "Rebuild what the marketplace's API knows, or look at it.",
    "send": "Send a message or an asset to another chain.",
    "status": "Tell where a message, a lane or a transaction stands.",
    "lanes": "List the lanes, and how far each has come.",
    "retry": "Hand a failed message over to its recipient once more.",
    "bounce": "Send a failed message back to its sender.",
    "express": "Bring a message ahead of those that wait before it.",
    "claim": "Have a relayer paid what it has earned.",
    "quote": "Tell what a message costs.",
    "prepay": "Pay in advance for what an application is going to send.",
    "resume": "Let a halted lane go on.",
    "config": "Check a configuration.",
    "keys": "Make and show keys.",
}
"""Each command lives in `relayer.entrypoints.commands.<name>`, as `command`, its dashes underlined."""


class Promise(click.Command):
    """A command that is imported when it is called, so that `--help` imports none."""

    def keep(self) -> click.Command:
        name = str(self.name).replace("-", "_")
        module = importlib.import_module(f"relayer.entrypoints.commands.{name}")
        command: click.Command = module.command
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.RichContext:
        context: click.RichContext = self.keep().make_context(info_name, args, parent=parent, **extra)  # type: ignore[assignment]
        return context


class FrontDoor(click.RichGroup):
    """Lists the promised commands, and turns our kinds of trouble into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        summary = COMMANDS.get(cmd_name)
        return None if summary is None else Promise(cmd_name, help=summary)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Misconfigured as trouble:
            click.echo(f"misconfigured: {trouble}", err=True)
            ctx.exit(2)
        except RelayerError as trouble:
            click.echo(f"failed: {trouble}", err=True)
            ctx.exit(1)


@click.group(cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lockkeeper", prog_name="lockkeeper")
def cli() -> None:
    """Lockkeeper: a light-client bridge and relayer for EVM chains.

    Exit codes: 0 all is well; 1 an operation or a check failed; 2 misconfigured or misused (one line says what is
    wrong and how to mend it).

    Shell completion: eval "$(_LOCKKEEPER_COMPLETE=bash_source lockkeeper)", likewise zsh and fish.
    """


def main() -> None:
    cli.main(args=sys.argv[1:], prog_name="lockkeeper")
