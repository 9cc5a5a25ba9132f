"""`lockkeeper quote`: what a message costs."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from relayer.entrypoints.acting.options import config_option, lane_argument, tell
from relayer.entrypoints.output import json_option


@click.command()
@lane_argument
@click.option("--gas-limit", type=click.IntRange(0, 10_000_000), default=0, help="Gas of its recipient; 0: default.")
@click.option("--payload-length", type=click.IntRange(0, 32_768), default=0, help="Bytes.")
@click.option("--bounce", is_flag=True, help="With a way back.")
@config_option
@json_option
def command(lane: str, gas_limit: int, payload_length: int, bounce: bool, config: Path, as_json: bool) -> None:  # noqa: PLR0917 - click passes by name
    """Tell the fee of a message, in wei of its source."""
    from relayer.config import load
    from relayer.entrypoints.acting.fees import quote
    from relayer.entrypoints.running import run

    tell(run(quote(load(config), lane, gas_limit, payload_length, bounce=bounce)), as_json=as_json)
