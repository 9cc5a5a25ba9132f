"""What the explorer page costs on the wire: everything that a browser without a cache fetches before it shows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.devnet import devnet
from tests.bench.figures import Figure
from tests.bench.gas import Missing
from tests.journeys.support.browser import CHROMIUM, a_browser

METHOD = "page: bytes that headless Chromium receives, headers too, for the overview of a fresh devnet's explorer"
KILOBYTE = 1000


def measure() -> list[Figure]:
    if CHROMIUM is None:
        raise Missing("Chromium is not installed (`apt-get install chromium`)")
    with devnet() as folder, TemporaryDirectory(prefix="lockkeeper-browser-") as profile:
        url = f"http://127.0.0.1:{folder.read().ports['api']}"
        files, received = asyncio.run(_first_load(url, Path(profile)))
    return [Figure("page.first_load_kb", received / KILOBYTE, "kB", f"{files} files and answers")]


async def _first_load(url: str, profile: Path) -> tuple[int, int]:
    """How many things were fetched until the page had shown its first answer, and their bytes."""
    async with a_browser(url, profile) as tab:
        await tab.go("")
        fetched = {address: size for address, size in tab.transferred.items() if address.startswith(url)}
    return len(fetched), sum(fetched.values())
