"""The HTTP API, asked over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.metrics.api import ApiMetrics
from relayer.domain.errors import Misconfigured
from relayer.domain.ids import Gas, Lane, Nonce, Wei
from relayer.domain.message import BOUNCE
from relayer.domain.views import ChainView, LaneView, MessageView, Stage
from relayer.entrypoints.api.app import create_app
from relayer.entrypoints.api.reading import OpenViews
from relayer.entrypoints.api.watched import Counting
from relayer.entrypoints.listening import listener
from relayer.ports import Views
from tests.makers import a_block, a_hash, a_lane, an_address

LANE = a_lane()
BIG = 2**63 - 1


def a_view(nonce: int = 7) -> MessageView:
    return MessageView(
        id=a_hash(("message", nonce)),
        lane=LANE,
        nonce=Nonce(nonce),
        stage=Stage.SETTLED,
        sender=an_address(1),
        recipient=an_address(2),
        fee=Wei(10**15),
        gas_limit=200_000,
        deadline=1_700_000_900,
        flags=BOUNCE,
        payload_length=32,
        source_transaction=a_hash("source"),
        source_block=a_block(9),
        destination_transaction=a_hash("destination"),
        destination_block=a_block(11),
        relayer=an_address(3),
        header_height=Height(9),
        attestations=3,
        batch=(Nonce(7), Nonce(8)),
        gas_used=Gas(180_000),
    )


class MemoryViews:
    async def chains(self) -> Sequence[ChainView]:
        return [ChainView(ChainId(31337), a_block(9), Height(9))]

    async def lanes(self) -> Sequence[LaneView]:
        far = Nonce(BIG)
        return [LaneView(LANE, far, far, far, far, far, Nonce(8), 1_700_000_000, 0, "")]

    async def message(self, id: Hash32) -> MessageView | None:  # noqa: A002 - the port's word
        return a_view() if id == a_view().id else None

    async def messages_of(self, source_transaction: Hash32) -> Sequence[MessageView]:
        return [a_view()] if source_transaction == a_hash("source") else []

    async def brought_by(self, transaction: Hash32) -> Sequence[MessageView]:
        return [a_view()] if transaction == a_hash("destination") else []

    async def of_account(self, account: Address, limit: int = 50) -> Sequence[MessageView]:
        return [a_view()] if account == an_address(2) else []

    async def newest(
        self, lane: Lane | None = None, before: Nonce | None = None, limit: int = 50
    ) -> Sequence[MessageView]:
        return [a_view()]


@asynccontextmanager
async def views() -> AsyncIterator[Views]:
    yield MemoryViews()


def no_views() -> AbstractAsyncContextManager[Views]:
    raise Misconfigured("store.url", "there is no database", "start `lockkeeper run` first")


@asynccontextmanager
async def serving(open_views: OpenViews) -> AsyncIterator[aiohttp.ClientSession]:
    with listener("127.0.0.1:0") as listening:
        server = uvicorn.Server(uvicorn.Config(create_app(open_views, {ChainId(31337): "harbour"}), log_level="error"))
        running = asyncio.ensure_future(server.serve(sockets=[listening]))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with aiohttp.ClientSession(url) as session:
            yield session
        server.should_exit = True
        await running


async def get(path: str, open_views: OpenViews = views) -> tuple[int, str, Any]:
    async with serving(open_views) as session, session.get(path) as response:
        kind = response.content_type
        return response.status, kind, await (response.json() if "json" in kind else response.text())


async def test_on_chain_numbers_are_strings_and_chains_are_named_by_caip_2() -> None:
    status, _, body = await get("/v1/lanes")

    (lane,) = body["lanes"]
    assert status == 200
    assert (lane["source"], lane["destination"]) == ("eip155:31337", "eip155:31338")
    assert lane["seen"] == str(BIG)
    assert lane["oldestPendingSince"] == "2023-11-14T22:13:20Z"


async def test_a_chain_has_its_name_and_head() -> None:
    _, _, body = await get("/v1/chains")

    assert body["chains"][0]["name"] == "harbour"
    assert body["chains"][0]["head"]["number"] == "9"


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/messages/{a_view().id}",
        f"/v1/messages?sourceTx={a_hash('source')}",
        f"/v1/messages?transaction={a_hash('source')}",
        f"/v1/messages?transaction={a_hash('destination')}",
        f"/v1/messages?account={an_address(2)}",
        f"/v1/messages?account=eip155:31337:{an_address(2)}",
    ],
)
async def test_a_message_is_found_by_its_id_its_transactions_and_its_accounts(path: str) -> None:
    status, _, body = await get(path)

    message = body["messages"][0] if "messages" in body else body
    assert status == 200
    assert (message["id"], message["nonce"], message["stage"]) == (str(a_view().id), "7", "settled")
    assert message["sender"] == f"eip155:31337:{an_address(1)}"
    assert message["proof"] == {"height": "9", "attestations": 3}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/v1/messages/{a_hash('unknown')}", 404),
        ("/v1/messages/0x12", 422),
        ("/v1/messages/%00", 422),
        ("/v1/messages?sourceTx=0x", 422),
        ("/v1/messages?transaction=0x12", 422),
        ("/v1/messages?account=0x12", 422),
        ("/v1/messages?account=eip155:1:0x", 422),
        ("/v1/messages?limit=0", 422),
        ("/v1/messages?limit=many", 422),
        ("/nowhere", 404),
        ("/v1/messages/" + "f" * 5000, 422),
    ],
)
async def test_whatever_is_wrong_is_a_problem_document(path: str, status: int) -> None:
    got, kind, body = await get(path)

    assert (got, kind) == (status, "application/problem+json")
    assert body["status"] == status
    assert body["detail"]


async def test_nobody_elses_messages_are_answered() -> None:
    _, _, body = await get(f"/v1/messages?account={an_address(9)}")

    assert body == {"messages": []}


async def test_other_methods_are_problems_too() -> None:
    async with serving(views) as session, session.post("/v1/lanes") as response:
        body = await response.json()

    assert (response.status, response.content_type) == (405, "application/problem+json")
    assert body["title"] == "Method Not Allowed"


async def test_a_relayer_that_never_ran_is_a_503() -> None:
    status, kind, body = await get("/v1/lanes", no_views)

    assert (status, kind) == (503, "application/problem+json")
    assert "start `lockkeeper run` first" in body["detail"]


async def test_the_documentation_asks_nothing_of_others() -> None:
    status, _, page = await get("/docs")

    assert status == 200
    assert "/v1/messages/{id}" in page
    assert "http" not in page.replace("<!doctype html>", "").replace("/openapi.json", "").replace("HTTP", "")
    assert "<script" not in page


async def test_openapi_documents_the_problems() -> None:
    _, _, document = await get("/openapi.json")

    answers = document["paths"]["/v1/messages/{id}"]["get"]["responses"]
    assert set(answers) >= {"200", "404", "422", "503"}
    assert "application/problem+json" in answers["404"]["content"]


async def test_answers_are_counted_by_the_route_that_was_asked_for() -> None:
    async with serving(views) as session:
        for path in ("/v1/lanes", f"/v1/messages/{a_hash('nobody')}", "/v1/messages/0x12", "/wp-login.php"):
            async with session.get(path) as response:
                await response.read()
        async with session.request("PROPFIND", "/v1/lanes") as response:
            await response.read()
        async with session.get("/metrics") as response:
            kind, text = response.content_type, await response.text()

    assert kind == "text/plain"
    for route, method, status in (
        ("/v1/lanes", "GET", 200),
        ("/v1/messages/{id}", "GET", 404),
        ("/v1/messages/{id}", "GET", 422),
        ("unknown", "GET", 404),
        ("/v1/lanes", "unknown", 405),
    ):
        counted = f'lockkeeper_api_requests_total{{method="{method}",route="{route}",status="{status}"}} 1.0'
        assert counted in text, text
    assert 'lockkeeper_api_request_seconds_count{route="/v1/lanes"} 2.0' in text
    assert "wp-login" not in text
    assert "lockkeeper_process_cpu_seconds_total" in text


async def test_a_stream_is_counted_when_it_begins_and_a_crash_as_a_failure() -> None:
    metrics, begun, sent = ApiMetrics(), asyncio.Event(), list[str]()

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["path"] == "/crash":
            raise RuntimeError("a defect")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        begun.set()
        await asyncio.Event().wait()

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    def counted(status: int) -> float | None:
        labels = {"route": "unknown", "method": "GET", "status": str(status)}
        return metrics.registry.get_sample_value("lockkeeper_api_requests_total", labels)

    counting = Counting(app, metrics)
    with pytest.raises(RuntimeError, match="a defect"):
        await counting({"type": "http", "path": "/crash", "method": "GET"}, receive, send)
    stream = asyncio.ensure_future(counting({"type": "http", "path": "/stream", "method": "GET"}, receive, send))
    await begun.wait()

    assert (counted(500), counted(200), sent) == (1, 1, ["http.response.start"])
    stream.cancel()
    await asyncio.wait([stream])
    assert counted(200) == 1
