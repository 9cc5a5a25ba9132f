"""Attestations from the bus and over HTTP, from members and from others, made into updates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import permutations

import aiohttp
import pytest

from light_clients.types import Height
from relayer.adapters.attestation_server import attestation_routes
from relayer.adapters.attestations import PER_MEMBER, WINDOW, CommitteeHeaders
from relayer.adapters.health import serving
from relayer.domain.attestation import AttestationMalformed, attestation_from_json
from relayer.domain.errors import Misbehaviour
from tests.adapters.support.committee import (
    DESTINATION,
    SOURCE,
    MemoryBus,
    Words,
    a_client,
    a_header,
    an_attestation,
    forged,
)


@asynccontextmanager
async def collecting(
    attesters: Sequence[str] = (), results: list[str] | None = None, bus: MemoryBus | None = None
) -> AsyncIterator[CommitteeHeaders]:
    counted = results.append if results is not None else lambda _: None
    async with aiohttp.ClientSession() as session:
        yield CommitteeHeaders(a_client(), attesters, bus or MemoryBus(), session, counted)


@asynccontextmanager
async def attesting(*words: Words) -> AsyncIterator[list[str]]:
    async with AsyncExitStack() as stack:
        ports = [
            await stack.enter_async_context(
                serving(attestation_routes({(SOURCE, DESTINATION): word}), "127.0.0.1:0", "attest.listen")
            )
            for word in words
        ]
        yield [f"http://127.0.0.1:{port}" for port in ports]


def words_of(member: int, *heights: int) -> Words:
    return Words({height: an_attestation(a_header(height), member) for height in heights})


async def test_the_third_of_four_attestations_makes_an_update_at_once() -> None:
    header = a_header(7)
    async with collecting() as headers:
        waiting = asyncio.ensure_future(headers.newest(Height(7)))
        for member in (3, 0):
            headers.take(an_attestation(header, member).to_json())
        await asyncio.sleep(0)
        assert not waiting.done()

        headers.take(an_attestation(header, 1).to_json())
        update = await waiting

    assert update.header == header
    assert update.signed == 3
    assert a_client().verify(update.update) == header


async def test_attestations_of_different_headers_are_never_added_up() -> None:
    header = a_header(7)
    others = [a_header(8), a_header(7, b"fork"), replace(header, state_root=a_header(9).state_root)]
    for order in permutations([header, header, *others]):
        async with collecting() as headers:
            for member, said in enumerate(order[:4]):
                headers.take(an_attestation(said, member).to_json())

            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await headers.newest(Height(1))


async def test_the_newest_header_with_a_quorum_is_returned() -> None:
    async with collecting() as headers:
        for height in (9, 5, 7):
            for member in range(3):
                headers.take(an_attestation(a_header(height), member).to_json())

        assert (await headers.newest(Height(5))).header.height == 9
        assert (await headers.newest(Height(5), at_most=Height(8))).header.height == 7


async def test_untrusted_publishers_count_for_nothing() -> None:
    good = an_attestation(a_header(7), 0)
    others = [
        forged(good),
        replace(good, epoch=2),
        replace(good, header=a_header(8)),
        replace(good, attester=an_attestation(a_header(7), 1).attester),
    ]
    results: list[str] = []
    async with collecting(results=results) as headers:
        for payload in (b"", b"{}", b"[" * 1000, good.to_json() + b" " * 4096, good.to_json()[:-2], b"\xff"):
            headers.take(payload)
        for attestation in others:
            headers.take(attestation.to_json())

        assert headers._signatures == {}
    assert results == ["malformed"] * 6 + ["SignerMismatch", "EpochMismatch", "SignerMismatch", "SignerMismatch"]


async def test_a_member_cannot_fill_our_memory() -> None:
    async with collecting() as headers:
        for height in range(1000, 1000 + 5 * PER_MEMBER):
            headers.take(an_attestation(a_header(height), 0).to_json())
        assert len(headers._signatures) == PER_MEMBER

        for member in (1, 2, 3):
            headers.take(an_attestation(a_header(7), member).to_json())
        assert (await headers.newest(Height(7), at_most=Height(7))).header == a_header(7)

        for height in range(10, 10 + 2 * WINDOW):
            for member in (1, 2, 3):
                headers.take(an_attestation(a_header(height), member).to_json())
        assert len(headers._updates) == WINDOW
        assert len(headers._signatures) == PER_MEMBER


async def test_a_repeated_attestation_is_counted_once() -> None:
    async with collecting() as headers:
        for _ in range(5):
            headers.take(an_attestation(a_header(7), 0).to_json())

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await headers.newest(Height(7))


async def test_two_quorums_for_one_height_ring_an_alarm() -> None:
    async with collecting() as headers:
        for header in (a_header(7), a_header(7, b"fork")):
            for member in range(3):
                headers.take(an_attestation(header, member).to_json())

        with pytest.raises(Misbehaviour, match="two headers of height 7"):
            await headers.newest(Height(7))


async def test_the_bus_is_listened_to() -> None:
    bus = MemoryBus()
    async with collecting(bus=bus) as headers, asyncio.TaskGroup() as group:
        listening = group.create_task(headers.run())
        await asyncio.sleep(0)
        for member in range(3):
            await bus.publish("any", an_attestation(a_header(7), member).to_json())

        assert (await headers.newest(Height(7))).header == a_header(7)
        listening.cancel()


async def test_without_a_bus_attestations_are_pulled() -> None:
    async with attesting(*(words_of(member, 7) for member in range(4))) as urls, collecting(urls) as headers:
        assert (await headers.newest(Height(7))).header == a_header(7)


async def test_attesters_at_different_heights_are_asked_for_the_one_they_share() -> None:
    words = [words_of(0, 7, 8, 9), words_of(1, 7, 8), words_of(2, 7), words_of(3)]
    async with attesting(*words) as urls, collecting(urls) as headers:
        assert (await headers.newest(Height(6))).header == a_header(7)


async def test_a_header_older_than_all_that_are_kept_is_pulled_and_served() -> None:
    async with attesting(*(words_of(member, 5) for member in range(3))) as urls, collecting(urls) as headers:
        for height in range(100, 100 + WINDOW):
            for member in range(3):
                headers.take(an_attestation(a_header(height), member).to_json())

        async with asyncio.timeout(10):
            update = await headers.newest(Height(5), Height(5))

    assert update.header == a_header(5)


async def test_a_silent_attester_holds_up_nobody() -> None:
    async with (
        attesting(*(words_of(member, 7) for member in range(3))) as urls,
        collecting([*urls, "http://127.0.0.1:1"]) as headers,
        asyncio.timeout(1),
    ):
        assert (await headers.newest(Height(7))).header == a_header(7)


async def test_a_pull_goes_on_until_the_header_is_there() -> None:
    words = [words_of(member) for member in range(3)]
    async with attesting(*words) as urls, collecting(urls) as headers, asyncio.TaskGroup() as group:
        waiting = group.create_task(headers.newest(Height(7)))
        await asyncio.sleep(0.05)
        for member, word in enumerate(words):
            word.by_height[7] = an_attestation(a_header(7), member)

        assert (await waiting).header == a_header(7)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("31337/31338?at_least=7", 200),
        ("31337/31338?at_least=8", 404),
        ("31337/31338?at_least=6&at_most=6", 404),
        ("31338/31337?at_least=7", 404),
        ("31337/31338?at_least=-1", 400),
        ("31337/31338?at_least=" + "9" * 30, 400),
        ("x/31338", 400),
        ("31337/31338", 200),
    ],
)
async def test_the_server_answers_problems_as_problems(path: str, status: int) -> None:
    async with (
        attesting(words_of(0, 7)) as (url,),
        aiohttp.ClientSession() as session,
        session.get(f"{url}/v1/attestations/{path}") as response,
    ):
        body = await response.read()

    assert response.status == status
    if status == 200:
        assert attestation_from_json(body) == an_attestation(a_header(7), 0)
    else:
        assert response.content_type == "application/problem+json"


def test_attestations_survive_their_json() -> None:
    attestation = an_attestation(a_header(7), 0)

    assert attestation_from_json(attestation.to_json()) == attestation


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"height":7', b'"height":"7"'),
        (b'"height":7', b'"height":-7'),
        (b'"height":7', b'"height":true'),
        (b'"height":7', b'"height":%d' % 2**64),
        (b'"state_root":"0x', b'"state_root":"0xzz'),
        (b'"signature":"0x', b'"signature":"'),
        (b'"attester":', b'"attest":'),
    ],
)
def test_what_is_no_attestation_is_refused(old: bytes, new: bytes) -> None:
    payload = an_attestation(a_header(7), 0).to_json()
    assert old in payload

    with pytest.raises(AttestationMalformed):
        attestation_from_json(payload.replace(old, new))
