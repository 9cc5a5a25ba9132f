"""`lockkeeper audit-deployment`: every power that any key holds over a live deployment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from light_clients.types import ChainId
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.output import json_option, show

if TYPE_CHECKING:
    from rich.console import Console

    from relayer.entrypoints.audit.findings import ChainReport
    from relayer.entrypoints.deployment.chains import Chain


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Of a relayer, whose chains and endpoints are read.")
@click.option(
    "--chain",
    "chains",
    multiple=True,
    metavar="NAME=ID@URL",
    help="A chain to read instead; again for each, and for each endpoint of one.",
)
@click.option(
    "--addresses",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("deploy/addresses"),
    show_default=True,
    help="Where <chain>.json was written by `lockkeeper deploy`.",
)
@json_option
@click.pass_context
def command(
    context: click.Context, *, config: Path | None, chains: tuple[str, ...], addresses: Path, as_json: bool
) -> None:
    """Read a deployment, and report every power over it.

    Exit codes: 0 nothing is wrong; 1 there are findings; 2 misconfigured.
    """
    from relayer.entrypoints.running import run

    reports = run(_audit(_endpoints(config, chains), addresses))
    findings = [finding for report in reports for finding in report.findings]
    value = {
        "chains": [report.to_json() for report in reports],
        "findings": [
            {"severity": each.severity.value, "name": each.name, "chain": each.chain, "detail": each.words}
            for each in findings
        ],
    }
    show(value, as_json=as_json, human=lambda out: _say(reports, out))
    context.exit(1 if findings else 0)


def _endpoints(config: Path | None, texts: tuple[str, ...]) -> list[Chain]:
    """One each endpoint."""
    from relayer.entrypoints.commands.deploy import parse_chain

    if texts:
        return [parse_chain(text) for text in texts]
    if config is None:
        raise Misconfigured(
            "--config", "nothing says which chains to read", "name a configuration, or chains by --chain"
        )
    from relayer.config import load
    from relayer.entrypoints.deployment.chains import Chain

    urls = [(chain, str(url)) for chain in load(config).chains for url in chain.endpoints]
    return [Chain(ChainId(chain.id), chain.name, url) for chain, url in urls if url.startswith("http")]


async def _audit(endpoints: list[Chain], folder: Path) -> list[ChainReport]:
    import aiohttp

    from relayer.entrypoints.audit.audit import audit
    from relayer.entrypoints.audit.reading import Reading
    from relayer.entrypoints.deployment.addresses import read_addresses
    from relayer.entrypoints.onchain.node import Node

    if not endpoints:
        raise Misconfigured("chains", "no endpoint begins with http", "name one of each chain by --chain")
    async with aiohttp.ClientSession() as session:
        nodes: dict[tuple[str, ChainId], list[Node]] = {}
        for each in endpoints:
            nodes.setdefault((each.name, each.id), []).append(Node(each.url, session))
        read = []
        for (name, chain), asked in nodes.items():
            addresses = read_addresses(folder / f"{name}.json")
            if addresses.chain != chain:
                wrong = f"{name}.json is of chain {addresses.chain}, not {chain}"
                raise Misconfigured("addresses", wrong, "name the folder of this deployment")
            read.append((Reading(name, chain, asked), addresses))
        return await audit(read)


def _say(reports: list[ChainReport], out: Console) -> None:
    from rich.table import Table

    for report in reports:
        table = Table("function", "role", "who can call it", title=f"{report.name} at block {report.block}")
        for power in report.powers:
            who = "nobody" if power.holder is None else power.holder.path()
            who = "everybody" if power.role == "everybody" else who
            delay = f" after {power.delay} s" if power.delay else ""
            table.add_row(f"{power.contract}.{power.function}", power.role, who + delay)
        for forger in report.forgers:
            table.add_row(f"forge headers of {forger.source}", forger.contract, forger.words)
        out.print(table)
        for finding in report.findings:
            out.print(f"[bold]{finding.severity.value}[/bold] {finding.name} on {finding.chain}: {finding.words}")
    if not any(report.findings for report in reports):
        out.print("nothing is wrong")
