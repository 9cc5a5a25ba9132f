"""What the commands that act on lanes have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from relayer.domain.errors import Misconfigured
from relayer.entrypoints.output import json_option, show

if TYPE_CHECKING:
    from light_clients.types import Address

Command = TypeVar("Command", bound=Callable[..., Any])

lane_argument = click.argument("lane", metavar="SOURCE-DESTINATION")
nonce_argument = click.argument("nonce", type=click.IntRange(1))
config_option = click.option(
    "--config", type=click.Path(path_type=Path), required=True, help="A relayer's configuration with these chains."
)


def acting(command: Command) -> Command:
    """Options of every command that sends a transaction."""
    options = (
        config_option,
        click.option("--key", type=click.Path(path_type=Path), required=True, help="Key file of who pays for the gas."),
        click.option("--password-file", type=click.Path(path_type=Path), help="Password, where the key is a keystore."),
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def tell(found: Mapping[str, Any], *, as_json: bool) -> None:
    lines = [f"{name:12} {value}" for name, value in found.items()]
    show(found, as_json=as_json, human=lambda out: out.print("\n".join(lines), soft_wrap=True))


def address(option: str, text: str) -> Address:
    from light_clients.types import Address

    try:
        return Address.from_hex(text)
    except ValueError:
        raise Misconfigured(option, f"{text!r} is no address", "it takes 20 bytes as hex") from None
