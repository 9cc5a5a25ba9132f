"""The marketplace's API over 100,000 listings: how many reads a second one worker answers, and how late the latest."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.machine import ROOT
from tests.bench.shop import LISTINGS, Shop, stock

CLIENTS = 100
SECONDS = 10.0
RUNS = 3
QUESTIONS = 20_000
METHOD = (
    f"api      {LISTINGS:,} listings of 500 collections, 2,000 sellers and 4 currencies in SQLite; one uvicorn worker "
    f"as a process, {CLIENTS} clients on kept-alive connections in another, each asking again as soon as it is answered "
    "(closed loop); 20,000 different questions, drawn at random: a collection's newest 20 (40 %), its cheapest 20 in a "
    "currency (15 %), a seller's (15 %), a price range in a currency (10 %), one listing (20 %); "
    f"{SECONDS:.0f} s, best of {RUNS} runs, and the p99 of that run"
)


def questions(shop: Shop) -> list[str]:
    """Different ones, in these proportions."""
    chance = random.Random(3)
    return [question(shop, chance) for _ in range(QUESTIONS)]


def question(shop: Shop, chance: random.Random) -> str:
    chain, token = chance.choice(shop.collections)
    money_chain, money = chance.choice(shop.currencies)
    paid = f"paymentChain=eip155:{money_chain}&paymentToken={money}"
    lot = chance.random()
    if lot < 0.40:
        return f"/v1/listings?collection=eip155:{chain}:{token}"
    if lot < 0.55:
        return f"/v1/listings?collection=eip155:{chain}:{token}&{paid}&order=cheapest"
    if lot < 0.70:
        return f"/v1/listings?offerer={chance.choice(shop.sellers)}"
    if lot < 0.80:
        lowest = chance.randrange(1, 10**6)
        highest = (lowest + 50_000) * 10**15
        return f"/v1/listings?{paid}&lowest={lowest * 10**15}&highest={highest}&order=cheapest"
    at, name = chance.choice(shop.names)
    return f"/v1/listings/eip155:{at}/{name}"


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        shop = asyncio.run(stock(Path(folder)))
        file = Path(folder) / "questions.json"
        file.write_text(json.dumps(questions(shop)))
        with serving(Path(folder)) as port:
            asked(port, file, 2.0)
            rate, p99 = max((asked(port, file, SECONDS) for _ in range(RUNS)), key=lambda run: run[0])
    return [
        Figure("api.listing_reads_per_s", rate, "/s", f"one worker, {LISTINGS:,} listings"),
        Figure("api.p99_ms", p99, "ms", f"{CLIENTS} clients at once, closed loop"),
    ]


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The port of a server process."""
    command = [sys.executable, "-m", "tests.bench.shop", "serve", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def asked(port: int, file: Path, seconds: float) -> tuple[float, float]:
    """Answers a second, and the 99th percentile in milliseconds; every answer must be a good one."""
    command = [sys.executable, "-m", "tests.bench.load", str(port), str(file), str(CLIENTS), str(seconds)]
    said = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    taken: list[float] = said["seconds"]
    assert taken, "nobody was answered"
    assert not said["refused"], f"{said['refused']} of {len(taken)} were refused"
    return len(taken) / said["elapsed"], statistics.quantiles(taken, n=100)[98] * 1_000
