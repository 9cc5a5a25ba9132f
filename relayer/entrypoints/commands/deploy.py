"""`lockkeeper deploy`: the contracts, at the same addresses on every chain."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from light_clients.committee.members import Member
from light_clients.types import Address, ChainId
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.commands.devnet import folder_option
from relayer.entrypoints.commands.governance_options import address, governance, governance_options
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.output import json_option, show

if TYPE_CHECKING:
    from rich.console import Console

    from relayer.entrypoints.deployment.deploy import Done
    from relayer.entrypoints.deployment.governance import Governance
    from relayer.entrypoints.deployment.starts import Terms
    from relayer.entrypoints.onchain.wallet import Account

CHAIN = re.compile(r"([a-z0-9-]+)=(\d+)@(https?://\S+)")
MEMBER = re.compile(r"(0x[0-9a-fA-F]{40})(?:=(\d+))?")


@click.command()
@click.option("--chain", "chains", multiple=True, metavar="NAME=ID@URL", help="A chain to deploy to; again for each.")
@click.option(
    "--member",
    "members",
    multiple=True,
    metavar="ADDRESS[=WEIGHT]",
    help="An attester of the chains that have no --client; again for each.",
)
@click.option(
    "--client",
    "clients",
    multiple=True,
    metavar="NAME=KIND:HEIGHT:HASH",
    help="Verify a chain by its own consensus (KIND qbft, ibft2, clique), beginning with this header, for which you "
    "vouch; of Clique one that begins an epoch. Again for each such chain. "
    "Of a beacon chain: NAME=sync_committee:ROOT@URL, a finalized block and a beacon node.",
)
@click.option(
    "--preset",
    "presets",
    multiple=True,
    metavar="NAME=PRESET",
    help="Which beacon chain it is, where its id does not say so: a preset, or a file like those in config/chains.",
)
@click.option(
    "--trusting-days",
    type=click.IntRange(1, 3650),
    help="How old the newest header may become before a client believes nobody; else as the preset says, or 14.",
)
@click.option(
    "--clique-epoch",
    type=click.IntRange(1),
    help="Blocks between two lists of signers of a Clique chain; else as the preset says, or 30,000.",
)
@click.option(
    "--clique-confirmations",
    type=click.IntRange(1),
    help="Headers on top of one that is believed; else as the preset says, or as few as a majority makes.",
)
@click.option(
    "--through", "hub", metavar="NAME", help="The relay chain: the others know each other only by its light clients."
)
@governance_options
@click.option("--treasury", metavar="ADDRESS", help="Who gets the marketplace's fees; else the admin.")
@click.option("--accept-single-signer", is_flag=True, help="Allow a committee of one: its key can forge everything.")
@click.option("--key", type=click.Path(path_type=Path), help="Key file (hex, or keystore) of the admin who pays.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Password of the keystore.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("deploy/addresses"),
    show_default=True,
    help="Where <chain>.json is written.",
)
@folder_option
@json_option
def command(
    *,
    chains: tuple[str, ...],
    members: tuple[str, ...],
    clients: tuple[str, ...],
    presets: tuple[str, ...],
    trusting_days: int | None,
    clique_epoch: int | None,
    clique_confirmations: int | None,
    hub: str | None,
    treasury: str | None,
    accept_single_signer: bool,
    key: Path | None,
    password_file: Path | None,
    out: Path,
    folder: Path,
    as_json: bool,
    **powers: Any,
) -> None:
    """Deploy what is missing, and connect every pair of chains.

    Without --chain: to the running devnet. A second run deploys nothing and says so.
    """
    from relayer.entrypoints.devnet.contracts import deploy_devnet
    from relayer.entrypoints.devnet.folder import Folder
    from relayer.entrypoints.running import run

    if not chains:
        if powers["kind"] != "key" or powers["guardians"] or powers["updaters"]:
            raise Misconfigured("--governance", "the devnet's own key governs it", "name other chains by --chain")
        done = run(deploy_devnet(Folder(folder)))
    else:
        from relayer.entrypoints.deployment.clients import DAY, CommitteeStart
        from relayer.entrypoints.deployment.starts import Terms, checkpoint
        from relayer.entrypoints.onchain.wallet import Account

        if key is None:
            raise Misconfigured("--key", "it is missing", "name the key file of the admin who pays")
        targets = [parse_chain(text) for text in chains]
        committee = CommitteeStart(tuple(map(_member, members)), accept_single_signer) if members else None
        checkpoints = tuple(map(checkpoint, clients))
        terms = Terms(
            checkpoints,
            _presets(presets),
            committee,
            trusting_period=None if trusting_days is None else trusting_days * DAY,
            epoch_length=clique_epoch,
            confirmations=clique_confirmations,
        )
        account = Account.from_file(key, password_file)
        given = governance(powers, targets)
        fees = None if treasury is None else address("--treasury", treasury)
        done = run(_deploy(targets, terms, account, out, hub=_hub(targets, hub), powers=given, treasury=fees))
    show([_as_json(each) for each in done], as_json=as_json, human=lambda console: _say(done, console))


async def _deploy(
    targets: list[Chain],
    terms: Terms,
    account: Account,
    out: Path,
    *,
    hub: ChainId | None,
    powers: Governance,
    treasury: Address | None,
) -> list[Done]:
    from relayer.entrypoints.deployment.everywhere import deploy_everywhere
    from relayer.entrypoints.deployment.starts import starts

    begun = await starts(targets, terms)
    return await deploy_everywhere(targets, begun, account, out, hub=hub, governance=powers, treasury=treasury)


def _presets(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, _, value in pairs:
        if not name or not value:
            raise Misconfigured("--preset", f"{name!r} is not NAME=PRESET", "for example harbour=besu-qbft")
    return {name: value for name, _, value in pairs}


def _hub(chains: list[Chain], name: str | None) -> ChainId | None:
    if name is None:
        return None
    for chain in chains:
        if chain.name == name:
            return chain.id
    raise Misconfigured("--through", f"there is no chain {name!r}", "name one that is named by --chain")


def parse_chain(text: str) -> Chain:
    """What `--chain` says."""
    if not (match := CHAIN.fullmatch(text)):
        raise Misconfigured(
            "--chain", f"{text!r} is not NAME=ID@URL", "for example harbour=31337@http://127.0.0.1:8545"
        )
    return Chain(ChainId(int(match[2])), match[1], match[3])


def _member(text: str) -> Member:
    if not (match := MEMBER.fullmatch(text)):
        raise Misconfigured("--member", f"{text!r} is not ADDRESS[=WEIGHT]", "for example 0x…=1")
    return Member(Address.from_hex(match[1]), int(match[2] or 1))


def _as_json(done: Done) -> dict[str, Any]:
    return {
        "chain": f"eip155:{done.chain.id}",
        "name": done.chain.name,
        "created": done.created,
        "connected": done.opened,
        "gasUsed": str(done.gas),
        "addresses": done.addresses.to_json(),
    }


def _say(done: list[Done], out: Console) -> None:
    for each in done:
        if each.created or each.opened:
            out.print(f"{each.chain.name}: created {', '.join(each.created) or 'nothing'}; gas {each.gas:,}")
        else:
            out.print(f"{each.chain.name}: everything stands already; nothing to do")
    if done:
        out.print(f"gateway        {done[0].addresses.gateway}")
        out.print(f"asset gateway  {done[0].addresses.asset_gateway}")
        if market := done[0].addresses.market:
            out.print(f"marketplace    {market.marketplace}")
            out.print(f"settlement     {market.settlement}")
