"""The options of `lockkeeper deploy` that say who shall govern."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from light_clients.types import ZERO_ADDRESS, Address
from relayer.domain.errors import Misconfigured

if TYPE_CHECKING:
    from relayer.entrypoints.deployment.chains import Chain
    from relayer.entrypoints.deployment.governance import Governance

Command = TypeVar("Command", bound=Callable[..., Any])

DURATION = re.compile(r"(\d+)([dhms])")
SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
DELAY = "2d"
RESCUE_DELAY = "7d"
VOTING_DELAY = "1d"
VOTING_PERIOD = "5d"

OPTIONS = (
    click.option(
        "--governance",
        "kind",
        type=click.Choice(["key", "timelock", "dao"]),
        default="key",
        show_default=True,
        help="What governs: the key that deploys; on each chain a timelock; one DAO for all, over the lanes.",
    ),
    click.option(
        "--guardian", "guardians", multiple=True, metavar="ADDRESS", help="May stop a lane at once; again for each."
    ),
    click.option(
        "--updater", "updaters", multiple=True, metavar="ADDRESS", help="May set fees within bounds; again for each."
    ),
    click.option(
        "--proposer", "proposers", multiple=True, metavar="ADDRESS", help="Of the timelocks; again for each. No DAO's."
    ),
    click.option("--delay", default=DELAY, show_default=True, metavar="TIME", help="How long a decision waits."),
    click.option("--dao-home", "home", metavar="NAME", help="Where the DAO is; else on the first chain."),
    click.option("--votes-to", "holder", metavar="ADDRESS", help="Who gets all votes, to hand them out."),
    click.option("--quorum", type=click.IntRange(1, 100), default=4, show_default=True, help="Per cent of all votes."),
    click.option("--voting-delay", default=VOTING_DELAY, show_default=True, metavar="TIME", help="Before a vote."),
    click.option("--voting-period", default=VOTING_PERIOD, show_default=True, metavar="TIME", help="Of a vote."),
    click.option("--council", metavar="ADDRESS", help="Who may mend a dead lane that the DAO governs over."),
    click.option(
        "--rescue-delay", default=RESCUE_DELAY, show_default=True, metavar="TIME", help="How long that waits."
    ),
)


def governance_options(command: Command) -> Command:
    """All of them."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def governance(given: dict[str, Any], chains: Sequence[Chain]) -> Governance:
    """The terms that the options give."""
    from relayer.entrypoints.deployment.governance import Governance, Kind, Voting

    kind = Kind(given["kind"])
    voting = home = None
    if kind == Kind.DAO:
        home = _home(given["home"], chains).id
        if given["holder"] is not None:
            times = seconds("--voting-delay", given["voting_delay"]), seconds("--voting-period", given["voting_period"])
            holder = address("--votes-to", given["holder"])
            voting = Voting(holder, quorum=given["quorum"], delay=times[0], period=times[1])
    return Governance(
        kind,
        seconds("--delay", given["delay"]),
        tuple(address("--guardian", each) for each in given["guardians"]),
        tuple(address("--updater", each) for each in given["updaters"]),
        tuple(address("--proposer", each) for each in given["proposers"]),
        home,
        voting,
        ZERO_ADDRESS if given["council"] is None else address("--council", given["council"]),
        seconds("--rescue-delay", given["rescue_delay"]),
    )


def seconds(option: str, text: str) -> int:
    if not (match := DURATION.fullmatch(text)):
        raise Misconfigured(option, f"{text!r} is no time", "for example 2d, 12h, 30m or 45s")
    return int(match[1]) * SECONDS[match[2]]


def _home(name: str | None, chains: Sequence[Chain]) -> Chain:
    for chain in chains:
        if name in (None, chain.name):
            return chain
    raise Misconfigured("--dao-home", f"there is no chain {name!r}", "name one that is named by --chain")


def address(option: str, text: str) -> Address:
    try:
        found = Address.from_hex(text)
    except ValueError:
        raise Misconfigured(option, f"{text!r} is no address", "it takes 0x and 40 hex digits") from None
    if found == ZERO_ADDRESS:
        raise Misconfigured(option, "the zero address is nobody", "name somebody")
    return found
