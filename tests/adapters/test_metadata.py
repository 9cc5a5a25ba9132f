"""Metadata is fetched from strangers: real servers that do what strangers do."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from relayer.adapters.metadata import LARGEST, AnyAddress, Metadata, inlined, is_public, parsed
from relayer.domain.market.form import Refused

LOOPBACK: Sequence[AnyAddress] = [ipaddress.ip_address("127.0.0.1")]


@asynccontextmanager
async def serving(handler: Any) -> AsyncIterator[int]:
    """A server on this machine; its port."""
    application = web.Application()
    application.router.add_get("/{tail:.*}", handler)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = runner.addresses[0][1]
    try:
        yield port
    finally:
        await runner.cleanup()


def allowing(**settings: Any) -> Metadata:
    """As if this machine were a public place."""
    return Metadata(permitted=lambda address: str(address) == "127.0.0.1", **settings)


async def refused(metadata: Metadata, uri: str) -> str:
    with pytest.raises(Refused) as refusal:
        await metadata.of(uri)
    return refusal.value.code


async def heron(_request: web.Request) -> web.Response:
    return web.json_response({"name": "Heron", "image": "ipfs://heron.png"})


async def test_metadata_is_read_by_http() -> None:
    async with serving(heron) as port:
        assert (await allowing().of(f"http://127.0.0.1:{port}/42"))["name"] == "Heron"


@pytest.mark.parametrize(
    "uri",
    [
        "data:application/json,%7B%22name%22%3A%22Heron%22%7D",
        'data:application/json;utf8,{"name":"Heron"}',
        "data:application/json;base64,eyJuYW1lIjoiSGVyb24ifQ==",
    ],
)
async def test_metadata_may_stand_in_the_uri_itself(uri: str) -> None:
    assert await Metadata().of(uri) == {"name": "Heron"}


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "10.0.0.1",
        "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1",
        "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]",
        "[::127.0.0.1]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "[2001:0:7f00:1::]", "[ff02::1]", "[fec0::1]",
    ],
)  # fmt: skip
async def test_private_networks_are_never_asked(host: str) -> None:
    assert await refused(Metadata(), f"http://{host}/latest/meta-data/") == "metadata-forbidden"


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    async def resolve(_host: str) -> Sequence[AnyAddress]:
        return [ipaddress.ip_address("1.1.1.1"), ipaddress.ip_address("10.0.0.1")]

    assert await refused(Metadata(resolve=resolve), "http://both.example/") == "metadata-forbidden"


async def test_a_name_that_changes_its_address_is_connected_to_where_it_was_judged() -> None:
    asked = []

    async def resolve(host: str) -> Sequence[AnyAddress]:
        asked.append(host)
        return LOOPBACK if len(asked) == 1 else [ipaddress.ip_address("10.0.0.1")]

    async with serving(heron) as port:
        found = await allowing(resolve=resolve).of(f"http://rebinding.example:{port}/")

    assert found["name"] == "Heron"
    assert asked == ["rebinding.example"]


async def test_a_redirect_into_a_private_network_is_not_followed() -> None:
    async def away(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})

    async with serving(away) as port:
        assert await refused(allowing(), f"http://127.0.0.1:{port}/") == "metadata-forbidden"


async def test_a_redirect_to_another_scheme_is_not_followed() -> None:
    async def away(_request: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": "file:///etc/passwd"})

    async with serving(away) as port:
        assert await refused(allowing(), f"http://127.0.0.1:{port}/") == "metadata-scheme-unsupported"


async def test_a_circle_of_redirects_ends() -> None:
    async def again(request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": str(request.url)})

    async with serving(again) as port:
        assert await refused(allowing(), f"http://127.0.0.1:{port}/") == "metadata-redirects"


async def test_a_body_that_never_ends_is_given_up() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        await answer.prepare(request)
        while True:
            await answer.write(b" " * 65_536)

    async with serving(endless) as port:
        assert await refused(allowing(), f"http://127.0.0.1:{port}/") == "metadata-too-large"


async def test_a_body_that_trickles_is_given_up() -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b" ")
            await asyncio.sleep(0.01)

    async with serving(trickle) as port:
        assert await refused(allowing(deadline=0.2), f"http://127.0.0.1:{port}/") == "metadata-too-slow"


async def test_a_compressed_body_is_not_unpacked() -> None:
    async def bomb(_request: web.Request) -> web.Response:
        return web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    async with serving(bomb) as port:
        assert await refused(allowing(), f"http://127.0.0.1:{port}/") == "metadata-malformed"


@pytest.mark.parametrize(
    ("code", "uri"),
    [
        ("metadata-scheme-unsupported", "file:///etc/passwd"),
        ("metadata-scheme-unsupported", "gopher://1.1.1.1/"),
        ("metadata-scheme-unsupported", "//1.1.1.1/"),
        ("metadata-scheme-unsupported", "http://user:secret@1.1.1.1/"),
        ("metadata-scheme-unsupported", "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/1"),
        ("metadata-uri-too-long", "http://1.1.1.1/" + "a" * 3_000),
        ("metadata-malformed", "data:text/html,<script>"),
        ("metadata-malformed", "data:application/json"),
        ("metadata-malformed", "data:application/json;base64,!!!"),
        ("metadata-malformed", "data:application/json,[1]"),
        ("metadata-malformed", "data:application/json,{"),
        ("metadata-unreachable", "http://[::1"),
    ],
)
async def test_other_uris_are_refused(code: str, uri: str) -> None:
    assert await refused(Metadata(), uri) == code


async def test_ipfs_is_read_through_the_configured_gateway() -> None:
    async def gateway(request: web.Request) -> web.Response:
        return web.json_response({"path": request.path})

    name = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
    async with serving(gateway) as port:
        metadata = allowing(ipfs_gateway=f"http://127.0.0.1:{port}")
        assert await metadata.of(f"ipfs://{name}/42.json") == {"path": f"/ipfs/{name}/42.json"}
        assert await refused(metadata, f"ipfs://{name}/../../admin") == "metadata-uri-malformed"


async def test_what_was_fetched_is_remembered_and_what_failed_too() -> None:
    asked = []

    async def counting(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({"n": 1}) if request.path == "/good" else web.Response(status=500)

    async with serving(counting) as port:
        metadata = allowing()
        for _ in range(2):
            await metadata.of(f"http://127.0.0.1:{port}/good")
            assert await refused(metadata, f"http://127.0.0.1:{port}/bad") == "metadata-unreachable"

    assert asked == ["/good", "/bad"]


@pytest.mark.parametrize(
    "body",
    [b'{"a":' * 20 + b"1" + b"}" * 20, b'{"a":' * 100_000, b'{"a":[' + b"{}," * 6_000 + b"{}]}"],
)
def test_deep_and_broad_documents_are_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        parsed(body[:LARGEST])

    assert refusal.value.code == "metadata-malformed"


def test_a_data_uri_larger_than_anything_fetched_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        parsed(inlined("data:application/json," + " " * (LARGEST + 1)))

    assert refusal.value.code == "metadata-too-large"
