"""How the demonstration of the marketplace looks: tables that fill, or a line a step without a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from relayer.entrypoints.market.demo.cast import named
from relayer.entrypoints.market.demo.goods import PRICE, UNIT
from relayer.entrypoints.market.demo.story import Scene, Story

COLOURS = {"waiting": "dim", "done": "green"}


@contextmanager
def shown(story: Story, console: Console) -> Iterator[None]:
    """Show the story while it lasts."""
    if not console.is_terminal:
        story.changed = lambda scene: console.print(_line(scene), soft_wrap=True)
        yield
        return
    with Live(console=console, get_renderable=lambda: scenes(story), refresh_per_second=8) as live:
        story.changed = lambda _: live.refresh()
        yield


def ending(story: Story) -> Group:
    """Who was paid, and what became of the print."""
    return Group(payouts(story), provenance(story))


def scenes(story: Story) -> Table:
    drawn = Table(title="A print between three chains", title_justify="left")
    for heading in ("who", "what", "chain", "transaction", "after"):
        drawn.add_column(heading, justify="right" if heading == "after" else "left")
    for scene in story.scenes:
        if scene.what in ("buys #1 too", "lists #2 for 100,000 PBL"):
            drawn.add_section()
        colour = COLOURS[scene.state]
        cells = [scene.who, scene.what, scene.chain, _short(scene.transaction), _seconds(scene)]
        drawn.add_row(*(f"[{colour}]{cell}[/{colour}]" if cell else "" for cell in cells))
    return drawn


def payouts(story: Story) -> Table:
    drawn = Table(title="Where 1,000 PBL went", title_justify="left")
    for heading in ("who", "for", "known on", "PBL", "of it", "withdrawn in"):
        drawn.add_column(heading, justify="right" if heading in ("PBL", "of it") else "left")
    for each in story.payouts:
        part = f"{100 * each.amount / PRICE:g} %"
        drawn.add_row(each.role, each.kind, each.home, f"{each.amount / UNIT:,g}", part, _short(each.transaction))
    return drawn


def provenance(story: Story) -> Table:
    drawn = Table(title="Print #1: its life as the API tells it", title_justify="left")
    for heading in ("what", "chain", "from", "to", "proven at", "transaction"):
        drawn.add_column(heading)
    for step in story.provenance:
        proven = step["provenAt"]
        where = f"{named(proven['chain'])} {proven['height']}" if proven else ""
        people = (_person(step[end], story) for end in ("giver", "receiver"))
        drawn.add_row(step["kind"], named(step["chain"]), *people, where, _short(step["transaction"]["hash"]))
    return drawn


def _person(account: str | None, story: Story) -> str:
    """Whom nobody has met is the box that the marketplace has made for this purchase."""
    return "" if account is None else story.people.get(account.rpartition(":")[2], "its box")


def _short(text: str) -> str:
    return f"{text[:10]}…{text[-4:]}" if len(text) > 15 else text


def _seconds(scene: Scene) -> str:
    return "" if scene.seconds is None else f"{scene.seconds:.2f} s"


def _line(scene: Scene) -> str:
    after = f", after {_seconds(scene)}" if scene.seconds is not None else ""
    signed = f" in {scene.transaction}" if scene.transaction else ""
    return f"{scene.who}: {scene.what} on {scene.chain}{signed}{after}"


def as_json(story: Story) -> dict[str, Any]:
    return {
        "passed": story.passed,
        "endToEndSeconds": None if story.end_to_end is None else round(story.end_to_end, 3),
        "steps": [_scene_json(scene) for scene in story.scenes],
        "payouts": [
            {
                "who": each.role,
                "kind": each.kind,
                "home": each.home,
                "amount": str(each.amount),
                "transaction": each.transaction,
            }
            for each in story.payouts
        ],
        "provenance": list(story.provenance),
        "checks": [{"what": check.what, "passed": check.passed} for check in story.checks],
    }


def _scene_json(scene: Scene) -> Mapping[str, Any]:
    return {
        "who": scene.who,
        "what": scene.what,
        "chain": scene.chain,
        "state": scene.state,
        "transaction": scene.transaction or None,
        "secondsAfterBuying": None if scene.seconds is None else round(scene.seconds, 3),
    }
