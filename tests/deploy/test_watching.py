"""Dashboards are what their code makes, alerts ring when they should, and each has a page that can be followed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import rich_click as click

from deploy.grafana import DASHBOARDS
from deploy.grafana.model import WIDTH, Dashboard
from relayer.entrypoints.cli import Promise, cli
from tests.entrypoints.support import ROOT

GRAFANA, PROMETHEUS, RUNBOOKS = ROOT / "deploy/grafana", ROOT / "deploy/prometheus", ROOT / "docs/runbooks"
CASES = sorted((PROMETHEUS / "tests").glob("*.yml"))
ALERTS = re.split(r"(?m)^ +- alert: ", (PROMETHEUS / "alerts.yml").read_text())[1:]
NAMES = [alert.split()[0] for alert in ALERTS]
COMMAND = re.compile(r"^\.venv/bin/lockkeeper (.*?)(?: +#.*)?$", re.MULTILINE)
METRIC = re.compile(r"`(lockkeeper_\w+)`")
PROMTOOL = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (apt: prometheus)")


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda each: each.name)
def test_the_dashboard_in_the_repository_is_the_one_that_its_code_makes(dashboard: Dashboard) -> None:
    assert (GRAFANA / f"{dashboard.name}.json").read_text() == dashboard.text(), "run `make dashboards`"


def test_no_dashboard_is_left_of_code_that_is_gone() -> None:
    assert {path.stem for path in GRAFANA.glob("*.json")} == {dashboard.name for dashboard in DASHBOARDS}


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda each: each.name)
def test_panels_lie_side_by_side_and_say_what_they_show(dashboard: Dashboard) -> None:
    panels = json.loads(dashboard.text())["panels"]

    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not taken & cells, panel["title"]
        assert all(x < WIDTH for x, _ in cells), panel["title"]
        taken |= cells
        assert panel["type"] == "row" or panel["description"].endswith(".")
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_the_jobs_to_scrape_are_the_same_alone_and_in_a_whole_configuration() -> None:
    alone, whole = ((PROMETHEUS / name).read_text() for name in ("scrape.yml", "prometheus.yml"))

    assert whole.partition("\nscrape_configs:\n")[2] == alone.partition("\nscrape_configs:\n")[2] != ""


@PROMTOOL
def test_promtool_finds_nothing_to_mend_in_rules_and_configuration() -> None:
    for command in (["check", "rules", "alerts.yml"], ["check", "config", "prometheus.yml"]):
        done = subprocess.run(["promtool", *command], cwd=PROMETHEUS, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@PROMTOOL
@pytest.mark.parametrize("cases", CASES, ids=lambda path: path.stem)
def test_alerts_ring_when_they_should_and_are_silent_when_not(cases: Path) -> None:
    done = subprocess.run(["promtool", "test", "rules", str(cases)], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_each_alert_has_a_case_in_which_it_rings_and_one_in_which_it_does_not(name: str) -> None:
    text = "\n".join(path.read_text() for path in CASES)

    assert re.search(rf"alertname: {name}, eval_time: \w+, exp_alerts: \[\]", text)
    assert re.search(rf"alertname: {name}\n +eval_time: \w+\n +exp_alerts:\n +- exp_labels", text)


@pytest.mark.parametrize("alert", ALERTS, ids=NAMES)
def test_each_alert_says_how_bad_it_is_and_names_its_page(alert: str) -> None:
    (page,) = re.findall(r"runbook_url: (\S+)", alert)

    assert re.search(r"severity: (critical|warning) ", alert)
    text = (ROOT / page).read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## What it means",
        "## How to look",
        "## What to do",
    ]
    assert f"`{alert.split(maxsplit=1)[0]}`" in text


def test_every_page_belongs_to_an_alert() -> None:
    named = set(re.findall(r"runbook_url: docs/runbooks/(\S+)", "\n".join(ALERTS)))

    assert {path.name for path in RUNBOOKS.glob("*.md")} - {"README.md"} == named


COMMANDS = [(path.stem, words) for path in sorted(RUNBOOKS.glob("*.md")) for words in COMMAND.findall(path.read_text())]


@pytest.mark.parametrize(("page", "words"), COMMANDS)
def test_each_command_of_a_page_exists_with_its_options(page: str, words: str) -> None:
    name, *rest = words.split()
    found = cli.get_command(click.Context(cli), name)
    assert isinstance(found, Promise), f"{page}: there is no {name}"
    command = found.keep()
    if isinstance(command, click.Group):
        command, rest = command.commands[rest[0]], rest[1:]

    known = {option for parameter in command.params for option in parameter.opts}
    given = {word for word in rest if word.startswith("--")}
    needed = {each.opts[0] for each in command.params if each.required and each.param_type_name == "option"}

    assert given - known - {"--help"} == set()
    assert "--help" in given or needed - given == set()


def test_documents_name_only_metrics_that_there_are_and_the_table_names_them_all() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "relayer/adapters/metrics").glob("*.py"))
    made = set(re.findall(r'"(lockkeeper_\w+)"', code))
    operators = (ROOT / "docs/operators.md").read_text().partition("\n## Watch\n")[2].partition("\n## ")[0]
    table = set(METRIC.findall((ROOT / "docs/metrics.md").read_text()))
    named = table | set(METRIC.findall("\n".join([operators, *(page.read_text() for page in RUNBOOKS.glob("*.md"))])))

    plain = {re.sub(r"_(total|count)$", "", name) for name in named if not name.startswith("lockkeeper_process_")}
    assert plain - made == set()
    assert made - {name.removesuffix("_total") for name in table} == set()
