"""Dashboards and alerts over everything that runs: no panel without data, no alert while all is well."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from deploy.grafana import DASHBOARDS
from relayer.entrypoints.deployment.plan import creation
from tests.journeys.support.asking import answer, status_and_text
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet, a_devnet
from tests.journeys.support.outcomes import eventually_failed
from tests.journeys.support.people import Person
from tests.journeys.support.prometheus import Prometheus, a_prometheus, mended_by_promtool, needs_prometheus
from tests.journeys.support.recipients import a_moody_recipient
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.xdist_group("dashboards"), needs_prometheus, pytest.mark.timeout(180)]

AWAITS_MARKET = frozenset({"market"})
"""Dashboards without data until the API serves the marketplace."""
VARIABLES = {"$__rate_interval": "1m", "$__range": "2m", "$source": ".*", "$destination": ".*", "$chain": ".*"}
METRIC, LABEL = re.compile(r"\blockkeeper_\w+"), re.compile(r"\{\{(\w+)\}\}")
ROUNDS = 8


@pytest.fixture(scope="module")
def devnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devnet]:
    """Of chains whose light clients are of three kinds: sealed, deep, attested."""
    with a_devnet(tmp_path_factory.mktemp("dashboards") / "devnet", "mixed") as running:
        yield running


def jobs(devnet: Devnet) -> dict[str, list[str]]:
    ports = devnet.description.ports
    attesters = sorted(name for name in ports if name.startswith("attester-"))
    parts = {"lockkeeper-relayer": ["relayer"], "lockkeeper-attester": attesters, "lockkeeper-api": ["api"]}
    return {job: [f"127.0.0.1:{ports[name]}" for name in names] for job, names in parts.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a panel, filled in as Grafana would."""

    panel: str
    expression: str
    labels: frozenset[str]
    """That its legend names."""


def queries() -> Iterator[Asked]:
    for dashboard in DASHBOARDS:
        if dashboard.name in AWAITS_MARKET:
            continue
        for panel in dashboard.panels:
            for query in panel.queries:
                expression = query.expression
                for variable, value in VARIABLES.items():
                    expression = expression.replace(variable, value)
                labels = frozenset(LABEL.findall(query.legend))
                yield Asked(f"{dashboard.name}: {panel.title}", expression, labels)


async def test_every_panel_has_data_and_no_alert_rings_while_messages_cross(  # noqa: PLR0917 - fixtures
    devnet: Devnet,
    http: aiohttp.ClientSession,
    harbour: LocalChain,
    island: LocalChain,
    lagoon: LocalChain,
    alice: Person,
    bob: Person,
    tmp_path: Path,
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)
    moody = await island.create(a_moody_recipient(), by=alice)
    async with a_prometheus(tmp_path, jobs(devnet), http) as prometheus:
        refused = await bob.write(b"not now", from_=lagoon, to=moody, on=island)
        for _ in range(ROUNDS):
            await alice.write(b"hello", from_=harbour, to=inbox, on=island)
            await answer(http, f"{devnet.api}/v1/lanes")
        await eventually_failed(refused, island)
        await _eventually_shown(prometheus)

        await _hears_of_every_metric(prometheus)
        await _rules_are_well(prometheus)
    for url in (target for targets in jobs(devnet).values() for target in targets):
        _, text = await status_and_text(http, f"http://{url}/metrics")
        assert mended_by_promtool(text) == "", url


async def _eventually_shown(prometheus: Prometheus) -> None:
    empty, misnamed = set(queries()), set[Asked]()

    async def all_shown() -> bool:
        asked = list(empty)
        answers = await asyncio.gather(*(prometheus.query(query.expression) for query in asked))
        for query, series in zip(asked, answers, strict=True):
            if series:
                empty.discard(query)
                misnamed.update([query] if any(labels and not query.labels <= labels for labels in series) else [])
        return not empty

    with contextlib.suppress(AssertionError):  # the next line says what is missing
        await eventually(all_shown, "every panel has data", within=45.0)
    assert (empty, misnamed) == (set(), set()), "panels without data, or with legends that name no label"


async def _hears_of_every_metric(prometheus: Prometheus) -> None:
    """An expression that answers something though its metric is misspelt would prove nothing."""
    asked = [query.expression for query in queries()]
    asked += [rule["query"] for rule in await prometheus.rules()]
    known = set(await prometheus.ask("label/__name__/values")) | set(await prometheus.ask("metadata"))
    used = {name for each in asked for name in METRIC.findall(each)}
    market = {name for name in used if AWAITS_MARKET and name.startswith("lockkeeper_market_")}

    assert {name for name in used - market - known if name.removesuffix("_total") not in known} == set()


async def _rules_are_well(prometheus: Prometheus) -> None:
    rules = await prometheus.rules()

    assert rules
    assert {rule["name"]: rule.get("lastError") for rule in rules if rule["health"] != "ok"} == {}
    assert [rule["name"] for rule in rules if rule["state"] == "firing"] == []
