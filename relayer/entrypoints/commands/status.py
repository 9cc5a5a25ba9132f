"""`lockkeeper status`: where a message, a lane or a source transaction stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from relayer.domain.errors import Misconfigured, Rejected
from relayer.entrypoints.commands.devnet import folder_option
from relayer.entrypoints.commands.lanes import api_option, lanes_table
from relayer.entrypoints.output import json_option, show

if TYPE_CHECKING:
    from rich.console import Console

HASH = re.compile(r"0x[0-9a-fA-F]{64}")


@click.command()
@click.argument("what", metavar="MESSAGE|TRANSACTION|LANE")
@api_option
@folder_option
@json_option
def command(what: str, api: str | None, folder: Path, as_json: bool) -> None:
    """Tell where it stands.

    A message by its id, all messages of a source transaction by its hash, a lane by two chain names or ids:
    harbour-island, 31337-31338.
    """
    from relayer.entrypoints.asking import api_url
    from relayer.entrypoints.devnet.folder import Folder

    url = api_url(api, Folder(folder))
    if HASH.fullmatch(what):
        found = _messages(url, what)
        show({"messages": found}, as_json=as_json, human=lambda out: _tell(found, out))
    else:
        lanes = _lane(url, what)
        show({"lanes": lanes}, as_json=as_json, human=lambda out: lanes_table(lanes, out))


def _messages(api: str, hash: str) -> list[dict[str, Any]]:  # noqa: A002 - what it is
    from relayer.entrypoints.asking import ask

    if of_transaction := ask(api, "/v1/messages", sourceTx=hash)["messages"]:
        return list(of_transaction)
    try:
        return [ask(api, f"/v1/messages/{hash}")]
    except Rejected:
        raise Rejected(f"{hash} is no message and no source transaction that the relayer has seen") from None


def _lane(api: str, name: str) -> list[dict[str, Any]]:
    from relayer.entrypoints.asking import ask

    source, dash, destination = name.partition("-")
    if not dash:
        raise Misconfigured("LANE", f"{name!r} is no hash and no lane", "write it as harbour-island or 31337-31338")
    ids = {chain["name"]: chain["chain"] for chain in ask(api, "/v1/chains")["chains"] if chain["name"]}
    ends = [ids.get(end, f"eip155:{end}") for end in (source, destination)]
    lanes = [lane for lane in ask(api, "/v1/lanes")["lanes"] if [lane["source"], lane["destination"]] == ends]
    if not lanes:
        raise Rejected(f"there is no lane {name}; `lockkeeper lanes` lists them")
    return lanes


def _tell(messages: list[dict[str, Any]], out: Console) -> None:
    for message in messages:
        out.print(f"[bold]{message['stage']}[/bold]  {message['id']}", soft_wrap=True)
        out.print(f"  lane    {message['source']} → {message['destination']}, nonce {message['nonce']}")
        out.print(f"  sent    {message['sourceTransaction']['hash']}", soft_wrap=True)
        if original := message["returns"]:
            out.print(f"  returns {original}", soft_wrap=True)
        if back := message["returnedAs"]:
            out.print(f"  back as {back}", soft_wrap=True)
        if proof := message["proof"]:
            out.print(f"  proven  at height {proof['height']}, {proof['attestations']} attestations")
        if delivery := message["destinationTransaction"]:
            out.print(f"  in      {delivery['hash']}", soft_wrap=True)
