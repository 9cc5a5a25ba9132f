"""`lockkeeper keys`: encrypted key files."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import rich_click as click

from relayer.domain.errors import Misconfigured
from relayer.entrypoints.output import json_option, show


@click.group()
def command() -> None:
    """Make and show keys."""


@command.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--password-file", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Holds the password."
)
@json_option
def new(path: Path, password_file: Path, as_json: bool) -> None:
    """Make a key and write it to PATH, encrypted (Ethereum keystore V3)."""
    if path.exists():
        raise Misconfigured("PATH", f"{path} exists", "choose another: keys are never overwritten")
    password = _password(password_file)
    from eth_account import Account

    account = Account.from_key(secrets.token_bytes(32))
    keystore = Account.encrypt(account.key, password)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            json.dump(keystore, file)
    except OSError as trouble:
        raise Misconfigured("PATH", f"{path}: {trouble.strerror}", "choose a folder that can be written") from None
    _show({"path": str(path), "address": account.address}, as_json=as_json)


@command.command(name="show")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--password-file", type=click.Path(path_type=Path, dir_okay=False), help="Also check that it opens.")
@json_option
def show_key(path: Path, password_file: Path | None, as_json: bool) -> None:
    """Show the address of a key file; never the key."""
    from relayer.entrypoints.onchain.wallet import Account

    named = _named_address(path) if password_file is None else None
    address = named or str(Account.from_file(path, password_file).address)
    _show({"path": str(path), "address": address}, as_json=as_json)


def _named_address(path: Path) -> str | None:
    """The address that a keystore says it is for."""
    try:
        found = json.loads(path.read_text())
        return "0x" + str(found["address"]).removeprefix("0x").lower()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _password(path: Path) -> str:
    try:
        password = path.read_text().rstrip("\r\n")
    except OSError as trouble:
        raise Misconfigured("--password-file", f"{path}: {trouble.strerror}", "name a readable file") from None
    if not password:
        raise Misconfigured("--password-file", f"{path} is empty", "write the password into it")
    return password


def _show(found: dict[str, Any], *, as_json: bool) -> None:
    show(found, as_json=as_json, human=lambda out: out.print(f"{found['address']}  {found['path']}"))
