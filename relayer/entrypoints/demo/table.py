"""How the demonstration looks: a table that fills, or a line a step without a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from relayer.entrypoints.demo.journey import Hop, Journey

COLOURS = {"waiting": "dim", "sent": "yellow", "mined": "cyan", "delivered": "green"}


@contextmanager
def shown(journey: Journey, console: Console) -> Iterator[None]:
    """Show the journey while it lasts."""
    if not console.is_terminal:
        journey.changed = lambda hop: _line(hop, console)
        yield
        return
    with Live(console=console, get_renderable=lambda: table(journey), refresh_per_second=8) as live:
        journey.changed = lambda _: live.refresh()
        yield


def table(journey: Journey) -> Table:
    drawn = Table(title="Three tokens around three chains", title_justify="left")
    for heading in ("token", "from → to", "state", "source tx", "height", "signed", "destination tx", "gas", "latency"):
        drawn.add_column(heading, justify="right" if heading in ("height", "signed", "gas", "latency") else "left")
    previous = ""
    for hop in journey.hops:
        if previous and hop.standard != previous:
            drawn.add_section()
        drawn.add_row("" if hop.standard == previous else hop.standard, *_cells(hop))
        previous = hop.standard
    return drawn


def _cells(hop: Hop) -> list[str]:
    colour, arrived = COLOURS[hop.state], hop.arrived
    state = f"[{colour}]{hop.state}[/{colour}]"
    begun = [f"{hop.source} → {hop.destination}", state, _short(hop.source_transaction)]
    if arrived is None:
        return [*begun, "", "", "", "", ""]
    signed = "held" if arrived.witnesses is None else str(arrived.witnesses)
    gas = f"{arrived.gas:,}" + (f" /{arrived.batch}" if arrived.batch > 1 else "")
    return [*begun, str(arrived.height), signed, _short(arrived.transaction), gas, f"{arrived.seconds:.2f} s"]


def _short(transaction: str) -> str:
    return f"{transaction[:10]}…{transaction[-4:]}" if transaction else ""


def _line(hop: Hop, console: Console) -> None:
    if arrived := hop.arrived:
        signed = "header held" if arrived.witnesses is None else str(arrived.witnesses)
        console.print(
            f"{hop.standard:8} {hop.source} → {hop.destination}: sent in {hop.source_transaction}, verified at height "
            f"{arrived.height} ({signed}), delivered in {arrived.transaction}, gas {arrived.gas:,} for "
            f"{arrived.batch} message(s), {arrived.seconds:.2f} s",
            soft_wrap=True,
        )


def as_json(journey: Journey) -> dict[str, Any]:
    return {
        "passed": journey.passed,
        "hops": [_hop_json(hop) for hop in journey.hops],
        "checks": [{"what": check.what, "passed": check.passed} for check in journey.checks],
    }


def _hop_json(hop: Hop) -> dict[str, Any]:
    arrived = hop.arrived
    return {
        "token": hop.standard,
        "source": hop.source,
        "destination": hop.destination,
        "sourceTransaction": hop.source_transaction,
        "height": None if arrived is None else str(arrived.height),
        "witnesses": None if arrived is None or arrived.witnesses is None else asdict(arrived.witnesses),
        "destinationTransaction": None if arrived is None else arrived.transaction,
        "gasUsed": None if arrived is None else str(arrived.gas),
        "batch": None if arrived is None else arrived.batch,
        "latencySeconds": None if arrived is None else round(arrived.seconds, 3),
    }
