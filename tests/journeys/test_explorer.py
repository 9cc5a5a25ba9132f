"""The explorer page on the devnet, in a real browser: found by every name, live, and deaf to what strangers write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest

from relayer.entrypoints.deployment.plan import creation
from tests.journeys.support.asking import eventually_at_stage
from tests.journeys.support.browser import DESKTOP, PHONE, Tab, a_browser, needs_chromium
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.goods import an_erc721
from tests.journeys.support.market import buy, money, offer
from tests.journeys.support.people import Person
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("devnet"), pytest.mark.timeout(240), needs_chromium]

HOSTILE = '<img src=x onerror="window.hurt=1">\u202egnp.\u200bjavascript:alert(1)'
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
async def tab(devnet: Devnet, tmp_path: Path) -> AsyncIterator[Tab]:
    """Afterwards nothing has been asked of anybody else, and nothing was complained about."""
    async with a_browser(devnet.api, tmp_path) as opened:
        yield opened
        assert opened.strangers == []
        assert opened.complaints == []
        assert opened.dialogs == []


async def test_the_overview_tells_chains_and_lanes_at_every_width(devnet: Devnet, tab: Tab, tmp_path: Path) -> None:
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        await tab.look_like(size)
        await tab.go("")
        text = await tab.text()

        for chain in devnet.description.chains:
            assert chain.name in text
        assert await tab.run("document.querySelectorAll('.lane').length") == 6
        assert await tab.run(WIDTH) <= size[0]
        assert (await tab.screenshot(tmp_path / f"overview-{name}.png")).stat().st_size > 10_000
    await tab.look_like(DESKTOP, dark=True)
    await tab.screenshot(tmp_path / "overview-dark.png")


async def test_a_transfer_changes_to_delivered_before_ones_eyes(  # noqa: PLR0917 - fixtures
    devnet: Devnet,
    http: aiohttp.ClientSession,
    tab: Tab,
    tmp_path: Path,
    harbour: LocalChain,
    island: LocalChain,
    alice: Person,
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)
    await tab.go("")
    with ExitStack() as silence:
        for attester in range(1, 5):
            silence.enter_context(devnet.frozen(f"attester-{attester}"))
        sent = await alice.write(b"ahoy", from_=harbour, to=inbox, on=island)
        await eventually_at_stage(http, devnet.api, sent, "final")
        await tab.search(str(sent.id))
        await tab.shows("Waiting to be carried to island")
        await tab.run("window.seen = document.querySelector('h1')")
        await tab.screenshot(tmp_path / "message-waiting.png")

    await tab.shows("Delivered on island")
    text = await tab.text()
    assert "Proven by a header of harbour" in text
    assert "3 attestations or seals" in text
    assert await tab.run("window.seen === document.querySelector('h1')"), "the page was built anew: it flashes"
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        await tab.look_like(size)
        assert await tab.run(WIDTH) <= size[0]
        await tab.screenshot(tmp_path / f"message-{name}.png")


async def test_a_transfer_is_found_by_each_of_its_names(  # noqa: PLR0917 - fixtures
    devnet: Devnet, tab: Tab, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)
    sent = await alice.write(b"ahoy", from_=harbour, to=inbox, on=island)
    message = await eventually_at_stage(http, devnet.api, sent, "settled")
    await tab.go("")

    for name in (str(sent.id), message["sourceTransaction"]["hash"]):
        await tab.search(name)
        await tab.eventually(f"location.hash === '#/message/{sent.id}'", f"{name} leads to the message")
        await tab.run("location.hash = '#/'")
    for name in (message["destinationTransaction"]["hash"], str(alice.address), str(inbox)):
        await tab.search(name)
        found = (
            f"!!document.querySelector('main a[href=\"#/message/{sent.id}\"]') || location.hash.endsWith('{sent.id}')"
        )
        await tab.eventually(found, f"{name} shows the message")
        await tab.run("location.hash = '#/'")


async def test_what_is_no_name_is_said_and_nothing_is_asked(tab: Tab) -> None:
    await tab.go("")
    asked = len([url for url in tab.requests if "messages/" in url])

    await tab.search("<script>alert(1)</script>")

    await tab.eventually("document.activeElement.id === 'query'", "the field keeps the focus")
    assert "hexadecimal" in await tab.text("#query-fault")
    assert len([url for url in tab.requests if "messages/" in url]) == asked


async def test_everything_is_reached_by_keyboard(tab: Tab) -> None:
    await tab.go("")

    await tab.press("Tab")
    assert await tab.run("document.activeElement.className") == "skip"
    await tab.press("Enter")
    assert await tab.run("document.activeElement.id") == "content"
    await tab.press("Tab")
    first = await tab.run("document.activeElement.getAttribute('href')")
    await tab.press("Enter")

    assert first.startswith("#/lane/")
    await tab.shows("Number line")
    assert await tab.run("document.activeElement.id") == "content"
    unnamed = (
        "[...document.querySelectorAll('a, button, input, [role=img]')].filter(each => !each.textContent.trim() "
        "&& !each.getAttribute('aria-label') && !each.labels?.length).length"
    )
    assert await tab.run(unnamed) == 0


async def test_a_server_that_has_gone_is_said_and_what_was_known_stays(devnet: Devnet, tmp_path: Path) -> None:
    async with a_browser(devnet.api, tmp_path) as tab:
        await tab.go("")
        before = await tab.run("document.querySelector('h1').textContent")
        with devnet.without("api"):
            await tab.eventually("document.getElementById('live').dataset.state === 'offline'", "the page says so")
            assert await tab.run("document.querySelector('h1').textContent") == before
        await tab.eventually("document.getElementById('live').dataset.state === 'live'", "the page is live again")
        assert tab.strangers == []


async def test_hostile_names_are_words_and_nothing_more(  # noqa: PLR0917 - fixtures
    devnet: Devnet,
    http: aiohttp.ClientSession,
    tab: Tab,
    tmp_path: Path,
    harbour: LocalChain,
    island: LocalChain,
    lagoon: LocalChain,
    alice: Person,
    bob: Person,
    carol: Person,
) -> None:
    heron = await harbour.mint(an_erc721(HOSTILE, "<b>X</b>"), 42, to=alice)
    pebbles = await money(island, bob)
    bought = await buy(bob, await offer(alice, heron, money=pebbles), to=carol, on=lagoon)
    place = f"eip155:{harbour.id}/{heron.original}/42"

    async def proven() -> bool:
        async with http.get(f"{devnet.api}/v1/items/{place}/provenance") as response:
            steps = (await response.json()).get("steps", [])
        return any(step["kind"] == "wrapped" and step["provenAt"] for step in steps)

    await eventually(proven, "the item has come to lagoon, and its provenance says under which header")
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        await tab.look_like(size)
        await tab.go(f"#/item/{place}")
        await tab.shows("Provenance")

        assert '<img src=x onerror="window.hurt=1">' in await tab.text("h1")
        assert "\u202e" not in await tab.run("document.body.textContent")
        assert await tab.run("window.hurt ?? null") is None
        assert await tab.run("document.querySelectorAll('main img').length") == 0
        assert await tab.run(WIDTH) <= size[0]
        await tab.screenshot(tmp_path / f"item-{name}.png")
    assert "header" in await tab.text("#content .proof")

    await tab.search(str(bought.id))
    await tab.shows("Everybody paid")
    await tab.shows("Bought and paid")
    assert await tab.run(WIDTH) <= PHONE[0]


async def test_the_page_may_load_nothing_else_and_is_kept(devnet: Devnet, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{devnet.api}/") as response:
        page, headers = await response.text(), response.headers
    script = page.partition('src="')[2]
    async with http.get(f"{devnet.api}/", headers={"If-None-Match": headers["ETag"]}) as again:
        assert again.status == 304
    names = [part.partition('"')[0] for part in page.split("/assets/")[1:]]
    for name in names:
        async with http.get(f"{devnet.api}/assets/{name}") as response:
            assert response.status == 200, script
            assert "immutable" in response.headers["Cache-Control"]
            assert response.headers["Content-Encoding"] == "gzip"

    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "<style" not in page
    for wrong in ("assets/x/index.html", "assets/x/..%2fserving.py", "assets/x/serving.py"):
        async with http.get(f"{devnet.api}/{wrong}") as response:
            assert response.status == 404
