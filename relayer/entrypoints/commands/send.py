"""`lockkeeper send`: a message or an asset to another chain of the devnet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from relayer.domain.errors import Misconfigured
from relayer.entrypoints.commands.devnet import folder_option
from relayer.entrypoints.output import json_option, show

if TYPE_CHECKING:
    from relayer.entrypoints.sending.sender import Parcel

Command = TypeVar("Command", bound=Callable[..., Any])


def route(command: Command) -> Command:
    """Options that every kind of sending has."""
    options = (
        click.option("--from", "source", default="harbour", show_default=True, help="Chain to send from."),
        click.option("--to", "destination", default="island", show_default=True, help="Chain to send to."),
        click.option("--recipient", default="bob", show_default=True, help="Address, or a name of the devnet."),
        click.option("--key", default="alice", show_default=True, help="Key file, or a name of the devnet."),
        click.option("--password-file", type=click.Path(path_type=Path), help="Password of the keystore."),
        click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until it is delivered."),
        folder_option,
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def token_option(what: str) -> Callable[[Command], Command]:
    return click.option("--token", metavar="ADDRESS", help=f"{what}; else a sample token, minted for you.")


@click.group()
def command() -> None:
    """Send a message or an asset from one chain to another."""


@command.command()
@token_option("The ERC-20")
@click.option("--amount", type=click.IntRange(1), default=10**18, show_default=True, help="In the smallest unit.")
@route
def erc20(token: str | None, amount: int, **options: Any) -> None:
    """Send an amount of an ERC-20."""
    from relayer.entrypoints.sending.sender import erc20 as parcel

    _send(parcel(_address("--token", token), amount), **options)


@command.command()
@token_option("The ERC-721")
@click.option("--id", "ids", type=click.IntRange(0), multiple=True, help="Token id; again for each.")
@route
def erc721(token: str | None, ids: tuple[int, ...], **options: Any) -> None:
    """Send items of an ERC-721."""
    from relayer.entrypoints.sending.sender import erc721 as parcel

    _send(parcel(_address("--token", token), sorted(ids)), **options)


@command.command()
@token_option("The ERC-1155")
@click.option("--item", "items", multiple=True, metavar="ID=AMOUNT", help="Again for each.")
@route
def erc1155(token: str | None, items: tuple[str, ...], **options: Any) -> None:
    """Send a batch of an ERC-1155."""
    from relayer.entrypoints.sending.sender import erc1155 as parcel

    _send(parcel(_address("--token", token), sorted(map(_item, items))), **options)


@command.command()
@click.argument("text")
@click.option("--gas-limit", type=click.IntRange(1, 10_000_000), help="Gas that the recipient gets.")
@click.option("--deadline", type=click.IntRange(1), metavar="SECONDS", help="From now on; later it is not executed.")
@click.option("--bounce", is_flag=True, help="Goes back to its sender, a contract, if it cannot be executed.")
@route
def message(text: str, gas_limit: int | None, deadline: int | None, bounce: bool, **options: Any) -> None:
    """Send TEXT (UTF-8, or 0x-prefixed hex) to an ERC-7786 recipient: by default to a sample inbox."""
    from relayer.entrypoints.sending.sender import message as parcel

    payload = bytes.fromhex(text[2:]) if text.startswith("0x") else text.encode()
    _send(parcel(payload, gas_limit, lasts=deadline, bounce=bounce), **options)


def _send(parcel: Parcel, *, folder: Path, as_json: bool, **options: Any) -> None:
    from relayer.entrypoints.devnet.folder import Folder
    from relayer.entrypoints.running import run
    from relayer.entrypoints.sending.sender import Order, send

    found = run(send(parcel, Order(folder=Folder(folder), **options)))
    lines = [f"{name:12} {value}" for name, value in found.items() if value is not None]
    show(found, as_json=as_json, human=lambda out: out.print("\n".join(lines), soft_wrap=True))


def _address(option: str, text: str | None) -> Any:
    from light_clients.types import Address

    if text is None:
        return None
    try:
        return Address.from_hex(text)
    except ValueError:
        raise Misconfigured(option, f"{text!r} is no address", "it takes 20 bytes as hex") from None


def _item(text: str) -> tuple[int, int]:
    id_, equals, amount = text.partition("=")
    if not (equals and id_.isdecimal() and amount.isdecimal() and int(amount) > 0):
        raise Misconfigured("--item", f"{text!r} is not ID=AMOUNT", "for example 7=100")
    return int(id_), int(amount)
