"""`lockkeeper devnet validate` and `lockkeeper devnet seal`: a consortium chain for development."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import rich_click as click

from relayer.entrypoints.output import json_option, show

consensus_option = click.option(
    "--consensus", type=click.Choice(("qbft", "ibft2", "clique")), required=True, help="Whose rules the headers keep."
)
epoch_option = click.option(
    "--epoch", type=click.IntRange(2), default=30_000, show_default=True, help="Blocks after which votes are forgotten."
)
listen_option = click.option(
    "--listen", default="127.0.0.1:0", show_default=True, metavar="HOST:PORT", help="Port 0: any."
)
path = click.Path(path_type=Path, dir_okay=False)


@click.command(hidden=True)
@click.option("--key", type=path, required=True, help="A file with its private key in hex, for its owner's eyes only.")
@click.option("--memory", type=path, required=True, help="Where it remembers what it has sealed.")
@listen_option
@click.option("--chain", type=int, required=True, help="The chain id.")
@consensus_option
@epoch_option
@click.option("--byzantine", is_flag=True, help="Seal whatever it is asked to. For tests of misbehaviour.")
@json_option
def validate(  # noqa: PLR0917 - click calls by name
    key: Path, memory: Path, listen: str, chain: int, consensus: str, epoch: int, byzantine: bool, as_json: bool
) -> None:
    """Validate a local chain for development: hold one key, and seal what the rules allow."""
    from light_clients.types import ChainId
    from relayer.adapters.signers.file import file_signer
    from relayer.entrypoints.devnet.sealing.kinds import kind_of
    from relayer.entrypoints.devnet.sealing.serving import serve_validator
    from relayer.entrypoints.running import run, until_told

    def announce(said: Mapping[str, str]) -> None:
        show(said, as_json=as_json, human=lambda out: out.print(f"{said['address']} at {said['url']}"))

    signer = file_signer(key, "--key")
    run(
        until_told(
            serve_validator(
                signer,
                kind_of(consensus, epoch),
                memory,
                listen,
                announce,
                chain=ChainId(chain),
                consensus=consensus,
                byzantine=byzantine,
            )
        )
    )


@click.command(hidden=True)
@click.option("--anvil", required=True, metavar="URL", help="An anvil that mines nothing by itself (--no-mining).")
@listen_option
@click.option(
    "--fork-listen", metavar="HOST:PORT", help="Where the chain is served with the headers of an equivocation."
)
@consensus_option
@epoch_option
@click.option("--validators", required=True, metavar="URL,…", help="Where the validators listen.")
@click.option(
    "--genesis-validators",
    default="",
    metavar="ADDRESS,…",
    help="Who they are at first; without, all those that listen.",
)
@click.option("--journal", type=path, required=True, help="The chain: its sealed headers.")
@click.option("--block-seconds", type=click.FloatRange(0), default=1.0, show_default=True, help="0: only on request.")
@click.option(
    "--round-seconds", type=click.FloatRange(0.05), default=1.0, show_default=True, help="Patience with a proposer."
)
@json_option
def seal(  # noqa: PLR0917 - click calls by name
    anvil: str,
    listen: str,
    fork_listen: str | None,
    consensus: str,
    epoch: int,
    validators: str,
    genesis_validators: str,
    journal: Path,
    block_seconds: float,
    round_seconds: float,
    as_json: bool,
) -> None:
    """Serve a local chain for development: blocks of an anvil under headers that validators seal."""
    from light_clients.types import Address
    from relayer.entrypoints.devnet.sealing.kinds import kind_of
    from relayer.entrypoints.devnet.sealing.serving import Settings, serve_node
    from relayer.entrypoints.running import run, until_told

    def announce(urls: Mapping[str, str]) -> None:
        show(urls, as_json=as_json, human=lambda out: out.print(*urls.values()))

    settings = Settings(
        kind=kind_of(consensus, epoch),
        anvil=anvil,
        listen=listen,
        fork_listen=fork_listen,
        validators=_listed(validators),
        genesis_validators=[Address.from_hex(each) for each in _listed(genesis_validators)],
        journal=journal,
        block_seconds=block_seconds,
        round_seconds=round_seconds,
    )
    run(until_told(serve_node(settings, announce)))


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
