"""A real Prometheus that scrapes what runs."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.entrypoints.support import ROOT
from tests.journeys.support.asking import answer, status_and_text
from tests.journeys.support.relayers import a_free_port
from tests.journeys.support.waiting import eventually

PROMETHEUS = ROOT / "deploy" / "prometheus"
needs_prometheus = pytest.mark.skipif(
    shutil.which("prometheus") is None or shutil.which("promtool") is None,
    reason="prometheus is not installed (apt-get install prometheus)",
)


@dataclass(frozen=True, slots=True)
class Prometheus:
    """Asked as Grafana asks."""

    url: str
    http: aiohttp.ClientSession

    async def query(self, expression: str) -> list[frozenset[str]]:
        """What the expression comes to now: the labels of each series whose value is a number."""
        found = await self.ask("query", query=expression)
        assert found["resultType"] == "vector", expression
        return [frozenset(each["metric"]) for each in found["result"] if math.isfinite(float(each["value"][1]))]

    async def rules(self) -> list[Mapping[str, Any]]:
        groups: Sequence[Mapping[str, Any]] = (await self.ask("rules"))["groups"]
        return [rule for group in groups for rule in group["rules"]]

    async def ask(self, what: str, **query: str) -> Any:
        return (await answer(self.http, f"{self.url}/api/v1/{what}", **query))["data"]


@asynccontextmanager
async def a_prometheus(
    folder: Path, jobs: Mapping[str, Sequence[str]], http: aiohttp.ClientSession
) -> AsyncIterator[Prometheus]:
    """Scrapes these targets every second, with our rules, while the context lasts."""
    scraped = [{"job_name": name, "static_configs": [{"targets": targets}]} for name, targets in jobs.items()]
    each_second = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    rules = [str(PROMETHEUS / "alerts.yml")]
    config, port = folder / "prometheus.yml", a_free_port()
    config.write_text(json.dumps({"global": each_second, "rule_files": rules, "scrape_configs": scraped}))
    there = Prometheus(f"http://127.0.0.1:{port}", http)
    with _running(config, port) as process:

        async def ready() -> bool:
            assert process.poll() is None, (folder / "prometheus.log").read_text()
            return (await status_and_text(http, f"{there.url}/-/ready"))[0] == 200

        await eventually(ready, "Prometheus is ready")
        yield there


@contextmanager
def _running(config: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={config.with_name('data')}"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]
    with config.with_name("prometheus.log").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)


def mended_by_promtool(metrics: str) -> str:
    """What `promtool check metrics` has to say."""
    done = subprocess.run(["promtool", "check", "metrics"], input=metrics, text=True, check=False, capture_output=True)
    return done.stdout + done.stderr + ("" if done.returncode == 0 else f"exit code {done.returncode}")
