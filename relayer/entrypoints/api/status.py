"""Where chains, lanes and messages stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from light_clients.types import Hash32
from relayer.domain.market.form import Refused
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
async def messages(
    stored: Annotated[Views, Depends(stored)],
    source_tx: Annotated[
        str | None, Query(alias="sourceTx", pattern=HASH, description="Only those that this transaction sent.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Messages:
    """The newest messages, or those of one source transaction."""
    if source_tx is not None:
        found = await stored.messages_of(Hash32.from_hex(source_tx))
    else:
        found = await stored.newest(limit=limit)
    return Messages(messages=[message_of(view) for view in found])
