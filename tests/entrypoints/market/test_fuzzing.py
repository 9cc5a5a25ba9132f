"""Schemathesis asks the API what no test thought of: it never fails, and it answers as its OpenAPI document says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from relayer.adapters.store.store import open_store, open_views
from relayer.entrypoints.api.app import Marketplace, create_app
from relayer.entrypoints.api.market.opening import opened_market
from relayer.entrypoints.listening import listener
from tests.entrypoints.market.place import HERE, NO_LIMITS, SELLER, Place, address
from tests.entrypoints.support import needs_contracts

pytestmark = [needs_contracts, pytest.mark.xdist_group("market"), pytest.mark.timeout(300)]

EXAMPLES = 25
"""For each operation: bounded time, and another seed each night would find the rest."""
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
UNENDING = "/v1/events"


async def _relayed(url: str) -> None:
    """A relayer has run here."""
    async with open_store(url):
        pass


@contextmanager
def served(place: Place, folder: Path) -> Iterator[str]:
    """The URL of an API in a thread of its own."""
    config = place.config(folder)
    assert config.market is not None
    market = config.market
    asyncio.run(_relayed(config.store.url))
    with listener("127.0.0.1:0") as listening:
        port = listening.getsockname()[1]
        place_of = Marketplace(lambda: opened_market(config, market, port), NO_LIMITS)
        app = create_app(lambda: open_views(config.store.url), {}, place_of)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def url(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(place, tmp_path_factory.mktemp("fuzzed")) as url:
        yield url


@pytest.fixture(scope="module")
def known(place: Place, url: str) -> dict[str, str]:
    """What can be named in a path: something of each kind is there."""
    place.mint(801, address(SELLER), 'data:application/json,{"name":"A heron"}')
    listing = place.listing(801)
    with urlopen(_posted(f"{url}/v1/listings", place.signed(listing))) as answer:
        assert answer.status == 201
    return {
        "chain": f"eip155:{HERE}",
        "address": str(place.herons),
        "identifier": "801",
        "hash": str(listing.hash()),
        "account": str(address(SELLER)),
    }


def _posted(url: str, body: object) -> Request:
    return Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})


def operations(url: str) -> Iterator[Any]:
    for result in schemathesis.openapi.from_url(f"{url}/openapi.json").get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def named(part: Any, known: dict[str, str]) -> None:
    """Put what is there in place of what was made up."""
    if isinstance(part, dict):
        part |= {name: value for name, value in known.items() if name in part}


def test_no_question_breaks_the_api_or_its_promise(url: str, known: dict[str, str]) -> None:
    asked = 0
    for operation in operations(url):
        if operation.path == UNENDING:
            continue
        asked += 1

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(data=st.data())
        def fuzz(data: st.DataObject) -> None:
            mode = data.draw(st.sampled_from(list(schemathesis.GenerationMode)))
            case = data.draw(operation.as_strategy(generation_mode=mode))  # noqa: B023 called at once
            if data.draw(st.booleans()):
                named(case.path_parameters, known)
                named(case.body, known)
            case.call_and_validate(base_url=url, checks=CHECKS, timeout=20)

        fuzz()

    assert asked > 25


def test_the_document_tells_every_operation_its_problems_and_its_words(url: str) -> None:
    for operation in operations(url):
        said = operation.definition.raw
        answers = said["responses"]

        assert said["description"], operation.label
        assert any(status.startswith("2") for status in answers)
        for status, answer in answers.items():
            if not status.startswith("2"):
                assert "application/problem+json" in answer["content"], (operation.label, status)
