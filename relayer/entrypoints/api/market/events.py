"""What happens, as server-sent events; whoever was away goes on where it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from relayer.domain.market.purchases import Activity
from relayer.entrypoints.api.market.answers import activity_of
from relayer.entrypoints.api.market.gate import client_of
from relayer.entrypoints.api.market.state import TheMarket
from relayer.entrypoints.api.market.values import Sequence
from relayer.entrypoints.api.problems import documented
from relayer.ports.market import Ledger

HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it lives."""
PATIENCE = 20.0
"""Seconds in which a consumer must take what is sent to it."""
RETRY = 2_000
"""Milliseconds."""

router = APIRouter(prefix="/v1/events", tags=["events"], responses=documented(422, 429, 503))
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: the id is the sequence, the event the kind, the data an activity.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": 'id: 7\nevent: sold\ndata: {"…"}'}},
    }
}


@router.get("", response_class=StreamingResponse, responses=STREAM)
async def events(
    request: Request,
    market: TheMarket,
    after: Annotated[Sequence | None, Query(description="Begin behind this sequence. Default: what is next.")] = None,
    last_event_id: Annotated[Sequence | None, Header(description="The same, as browsers say it.")] = None,
) -> StreamingResponse:
    """Everything that happens, from now or from where you were, for as long as you like."""
    begin = last_event_id if last_event_id is not None else after
    if begin is None:
        newest = await market.ledger.activity(item=None, account=None, limit=1, cursor=None)
        begin = newest.entries[0].sequence if newest.entries else 0
    client = client_of(request.scope)
    market.streams.open(client)
    return EventStream(told(market.ledger, begin), partial(market.streams.close, client))


class EventStream(StreamingResponse):
    """A stream that ends when its consumer goes, or takes nothing any more: it may come back with its last id."""

    def __init__(self, pieces: AsyncGenerator[bytes], closed: Callable[[], None], patience: float = PATIENCE) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(pieces, media_type="text/event-stream", headers=headers)
        self._pieces, self._closed, self._patience = pieces, closed, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._closed()
            await self._pieces.aclose()

    async def stream_response(self, send: Send) -> None:
        async def timely(message: Message) -> None:
            async with asyncio.timeout(self._patience):
                await send(message)

        with suppress(TimeoutError):
            await super().stream_response(timely)


async def told(ledger: Ledger, begin: int, heartbeat: float = HEARTBEAT) -> AsyncGenerator[bytes]:
    """The stream. Nothing is read before the consumer has taken what was before: the memory is the queue."""
    happening = ledger.activity_after(begin)
    following: asyncio.Future[Activity] | None = None
    try:
        yield format_sse_event(comment="lockkeeper", retry=RETRY)
        while True:
            following = following or asyncio.ensure_future(anext(happening))
            done, _ = await asyncio.wait({following}, timeout=heartbeat)
            if not done:
                yield KEEPALIVE_COMMENT
                continue
            happened, following = following.result(), None
            yield event_of(happened)
    finally:
        if following is not None:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


def event_of(happened: Activity) -> bytes:
    data = activity_of(happened).model_dump_json(by_alias=True)
    return format_sse_event(event=happened.kind.value, data_str=data, id=str(happened.sequence))
