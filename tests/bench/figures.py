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
    "gas.erc20_batch50_known": 19_000,
    "gas.erc721_batch10": 46_000,
    "gas.erc20_lock": 85_000,
    "gas.erc721_lock": 95_000,
    "gas.erc20_batch50_fresh": 37_000,
    "gas.erc721_batch50_uri60": 112_000,
    "gas.erc1155_per_id_of_10": 25_000,
    "gas.first_wrapped_erc20": 230_000,
    "gas.fee_claim": 90_000,
    "gas.express_past_100": 200_000,
    "gas.qbft_update_4_execution": 60_000,
    "gas.qbft_update_4": 90_000,
    "gas.qbft_update_21": 170_000,
    "gas.sync_update_512_execution": 250_000,
    "gas.sync_update_446": 700_000,
    "gas.sync_handover": 80_000,
    "gas.derived_update": 80_000,
    "gas.erc20_batch50_qbft": 18_500,
    "latency.median_s": 1.1,
    "latency.p95_s": 2.1,
    "purchase.end_to_end_s": 6,
    "purchase.end_to_end_p95_s": 6,
    "purchase.mixed_end_to_end_s": 6,
    "page.first_load_kb": 200,
    "burst500.wall_s": 4,
    "burst500.cpu_s": 3,
    "burst500.rss_mb": 120,
    "api.p99_ms": 50,
}
"""The most that each may be."""
FLOORS: Mapping[str, float] = {
    "python.sync_updates_per_s": 300,
    "python.qbft_headers_per_s": 3_000,
    "index.events_per_s": 5_000,
    "api.listing_reads_per_s": 1_500,
}
"""The least that each may be."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value."""

    name: str
    value: float
    unit: str
    remark: str = ""

    @property
    def target(self) -> str:
        """What it must reach, as it is written; empty when nothing was set."""
        most, least = TARGETS.get(self.name), FLOORS.get(self.name)
        return f"≤ {most:,}" if most is not None else f"≥ {least:,}" if least is not None else ""

    @property
    def met(self) -> bool:
        return FLOORS.get(self.name, self.value) <= self.value <= TARGETS.get(self.name, self.value)

    def shown(self) -> str:
        return f"{self.value:,}" if isinstance(self.value, int) else f"{self.value:,.2f}"


def table(figures: Iterable[Figure]) -> Table:
    shown = Table("figure", "value", "unit", "reach", "met", "remark")
    shown.columns[1].justify = shown.columns[3].justify = "right"
    for figure in figures:
        verdict = "" if not figure.target else "[green]yes[/green]" if figure.met else "[red]no[/red]"
        shown.add_row(figure.name, figure.shown(), figure.unit, figure.target, verdict, figure.remark)
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
