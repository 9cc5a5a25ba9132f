"""How a command says what it found: for people, or as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import rich_click as click

if TYPE_CHECKING:
    from rich.console import Console

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def show(value: Mapping[str, Any] | Sequence[Any], *, as_json: bool, human: Callable[[Console], None]) -> None:
    """Print the value as JSON, or let `human` draw it."""
    if as_json:
        click.echo(json.dumps(value, indent=2, default=str))
    else:
        human(console())
