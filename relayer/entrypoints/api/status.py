"""Where chains, lanes and messages stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from light_clients.types import Address, Hash32
from relayer.domain.market.form import Refused
from relayer.domain.views import MessageView
from relayer.entrypoints.api.models import (
    Chains,
    Lanes,
    Message,
    Messages,
    chain_of,
    lane_of,
    message_of,
)
from relayer.entrypoints.api.problems import documented
from relayer.entrypoints.api.reading import Reading
from relayer.ports import Views

HASH = r"^0x[0-9a-fA-F]{64}$"
ACCOUNT = r"^(eip155:\d+:)?0x[0-9a-fA-F]{40}$"

router = APIRouter(prefix="/v1", responses=documented(422, 503))


async def reading(request: Request) -> Reading:
    found: Reading = request.app.state.reading
    return found


async def stored(reading: Annotated[Reading, Depends(reading)]) -> Views:
    return await reading.views()


@router.get("/chains")
async def chains(stored: Annotated[Views, Depends(stored)], reading: Annotated[Reading, Depends(reading)]) -> Chains:
    """Every chain, and how far it has been read."""
    return Chains(chains=[chain_of(view, reading.names.get(view.chain)) for view in await stored.chains()])


@router.get("/lanes")
async def lanes(stored: Annotated[Views, Depends(stored)]) -> Lanes:
    """Every lane, and how far its messages have come."""
    return Lanes(lanes=[lane_of(view) for view in await stored.lanes()])


@router.get("/messages/{id}", responses=documented(404))
async def message(
    id: Annotated[str, Path(pattern=HASH, description="The message's id.")],  # noqa: A002 - the word of the API
    stored: Annotated[Views, Depends(stored)],
) -> Message:
    """One message."""
    view = await stored.message(Hash32.from_hex(id))
    if view is None:
        raise Refused("message-unknown", f"no message {id} has been seen")
    return message_of(view)


@router.get("/messages")
async def messages(  # noqa: PLR0917 - each is a parameter of the query
    stored: Annotated[Views, Depends(stored)],
    id: Annotated[str | None, Query(pattern=HASH, description="Only this one.")] = None,  # noqa: A002
    source_tx: Annotated[
        str | None, Query(alias="sourceTx", pattern=HASH, description="Only those that this transaction sent.")
    ] = None,
    transaction: Annotated[
        str | None, Query(pattern=HASH, description="Only those that it sent, or brought to their destination.")
    ] = None,
    account: Annotated[
        str | None,
        Query(
            pattern=ACCOUNT, description="Only recent ones that it sent or receives, or that name it in what they say."
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Messages:
    """The newest messages, or those that are asked for: by id, by transaction or by account."""
    found: Sequence[MessageView]
    if id is not None:
        one = await stored.message(Hash32.from_hex(id))
        found = [] if one is None else [one]
    elif source_tx is not None:
        found = await stored.messages_of(Hash32.from_hex(source_tx))
    elif transaction is not None:
        wanted = Hash32.from_hex(transaction)
        found = [*await stored.messages_of(wanted), *await stored.brought_by(wanted)]
    elif account is not None:
        found = await stored.of_account(Address.from_hex(account.rpartition(":")[2]), limit)
    else:
        found = await stored.newest(limit=limit)
    return Messages(messages=[message_of(view) for view in found])
