"""A figure: what it is called, what was measured, and what it must reach."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

TARGETS: Mapping[str, float] = {
    "gas.storage_proof_8_2": 25_000,
    "gas.committee_update_3of4": 60_000,
    "gas.marginal_message_32": 9_000,
    "gas.send_message_32": 48_000,
    "gas.message_batch10": 18_000,
    "gas.erc20_batch10_known": 23_500,
    "gas.erc20_batch50_known": 18_000,
    "gas.erc721_batch10": 45_000,
    "latency.median_s": 1.1,
    "latency.p95_s": 2.1,
    "burst500.wall_s": 4,
    "burst500.cpu_s": 3,
    "burst500.rss_mb": 120,
}
"""The most that each may be."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value."""

    name: str
    value: float
    unit: str
    remark: str = ""

    @property
    def target(self) -> float | None:
        return TARGETS.get(self.name)

    @property
    def met(self) -> bool:
        return self.target is None or self.value <= self.target

    def shown(self) -> str:
        return f"{self.value:,}" if isinstance(self.value, int) else f"{self.value:,.2f}"


def table(figures: Iterable[Figure]) -> Table:
    shown = Table("figure", "value", "unit", "at most", "met", "remark")
    shown.columns[1].justify = shown.columns[3].justify = "right"
    for figure in figures:
        verdict = "" if figure.target is None else "[green]yes[/green]" if figure.met else "[red]no[/red]"
        target = "" if figure.target is None else f"{figure.target:,}"
        shown.add_row(figure.name, figure.shown(), figure.unit, target, verdict, figure.remark)
    return shown


def write(figures: Iterable[Figure], path: Path) -> None:
    """Beside what an earlier run measured, when this one measured only a part."""
    known = json.loads(path.read_text()) if path.exists() else {}
    known |= {figure.name: {"value": figure.value, "unit": figure.unit} for figure in figures}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


def show(figures: Iterable[Figure], header: Iterable[str]) -> None:
    out = Console(width=None if Console().is_terminal else 140)
    for line in header:
        out.print(line, highlight=False)
    out.print(table(figures))
