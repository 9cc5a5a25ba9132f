"""A dashboard in a few words, and the JSON that Grafana makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

SCHEMA = 41
WIDTH = 24
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
GREEN, AMBER, RED = "green", "orange", "red"

Unit = Literal["short", "s", "bytes", "ops", "reqps", "percentunit", "none", "bool_yes_no", "bool_on_off"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """An expression, and what each of its series is called."""

    expression: str
    legend: str = ""

    def json(self, place: int) -> Json:
        return {
            "datasource": SOURCE,
            "editorMode": "code",
            "expr": self.expression,
            "legendFormat": self.legend or "__auto",
            "range": True,
            "refId": chr(ord("A") + place),
        }


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a value begins to worry: from `amber` and `red` on, or up to them where little is bad."""

    amber: float
    red: float

    @property
    def little_is_bad(self) -> bool:
        return self.amber > self.red

    def json(self) -> Json:
        colours: list[tuple[str, float | None]] = [(GREEN, None), (AMBER, self.amber), (RED, self.red)]
        if self.little_is_bad:
            colours = [(RED, None), (AMBER, self.red), (GREEN, self.amber)]
        elif self.amber == self.red:
            del colours[1]
        return {"mode": "absolute", "steps": [{"color": colour, "value": value} for colour, value in colours]}


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: a curve for each series, or one number for each."""

    title: str
    description: str
    queries: tuple[Query, ...]
    unit: Unit = "short"
    kind: Literal["timeseries", "stat"] = "timeseries"
    steps: Steps | None = None
    width: int = 8

    @property
    def height(self) -> int:
        return 8 if self.kind == "timeseries" else 4

    def json(self, number: int, x: int, y: int) -> Json:
        defaults: Json = {"unit": self.unit}
        if self.kind == "timeseries" and not (self.steps and self.steps.little_is_bad):
            defaults["min"] = 0
        if self.steps is not None:
            defaults |= {"thresholds": self.steps.json(), "color": {"mode": "thresholds"}}
        legend = {"displayMode": "list", "placement": "bottom", "showLegend": True}
        options: Json = {"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}
        if self.kind == "stat":
            values = {"calcs": ["lastNotNull"], "fields": "", "values": False}
            options = {"colorMode": "value", "graphMode": "area", "reduceOptions": values, "textMode": "auto"}
        elif self.steps is not None:
            defaults |= {"color": {"mode": "palette-classic"}, "custom": {"thresholdsStyle": {"mode": "line"}}}
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": SOURCE,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "fieldConfig": {"defaults": defaults, "overrides": []},
            "options": options,
            "targets": [query.json(place) for place, query in enumerate(self.queries)],
        }


@dataclass(frozen=True, slots=True)
class Row:
    """Panels that answer one question."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A label that whoever looks may narrow everything down to."""

    label: str
    metric: str
    """Where its values are found."""

    def json(self) -> Json:
        return {
            "name": self.label,
            "type": "query",
            "datasource": SOURCE,
            "definition": f"label_values({self.metric}, {self.label})",
            "query": {"query": f"label_values({self.metric}, {self.label})", "refId": self.label},
            "refresh": 2,
            "sort": 3,
            "multi": True,
            "includeAll": True,
            "allValue": ".*",
            "current": {"text": "All", "value": "$__all"},
        }


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One page."""

    name: str
    """Of its file, and in its address."""
    title: str
    description: str
    rows: tuple[Row, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def panels(self) -> Iterator[Panel]:
        return (panel for row in self.rows for panel in row.panels)

    def json(self) -> Json:
        source = {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
        return {
            "uid": f"lockkeeper-{self.name}",
            "title": f"Lockkeeper: {self.title}",
            "description": self.description,
            "tags": ["lockkeeper"],
            "schemaVersion": SCHEMA,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "refresh": "10s",
            "time": {"from": "now-1h", "to": "now"},
            "timezone": "browser",
            "links": [_LINKS],
            "templating": {"list": [source, *(choice.json() for choice in self.choices)]},
            "annotations": {"list": []},
            "panels": list(self._placed()),
        }

    def text(self) -> str:
        """The file."""
        return json.dumps(self.json(), indent=2) + "\n"

    def _placed(self) -> Iterator[Json]:
        number = y = 0
        for row in self.rows:
            number += 1
            place = {"x": 0, "y": y, "w": WIDTH, "h": 1}
            yield {"id": number, "type": "row", "title": row.title, "collapsed": False, "gridPos": place, "panels": []}
            y += 1
            x = line = 0
            for panel in row.panels:
                if x + panel.width > WIDTH:
                    x, y, line = 0, y + line, 0
                number += 1
                yield panel.json(number, x, y)
                x, line = x + panel.width, max(line, panel.height)
            y += line


_LINKS = {
    "title": "Lockkeeper",
    "type": "dashboards",
    "tags": ["lockkeeper"],
    "asDropdown": True,
    "includeVars": True,
    "keepTime": True,
}
