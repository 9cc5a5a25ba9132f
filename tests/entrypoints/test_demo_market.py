"""The demonstration of the marketplace, as a newcomer sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.market.demo.checks import provenance_is_whole
from relayer.entrypoints.market.demo.goods import PRICE
from relayer.entrypoints.market.demo.story import Scene, Story
from tests.entrypoints.support import lockkeeper, needs_contracts


@needs_contracts
@pytest.mark.xdist_group("devnet")
@pytest.mark.timeout(240)
def test_a_print_is_sold_between_three_chains_and_everybody_is_paid(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "devnet")

    ended = lockkeeper("demo-market", "--folder", str(folder.root), "--once", "--json", timeout=180)

    assert ended.code == 0, ended.err
    told = ended.json
    assert told["passed"]
    assert [step["state"] for step in told["steps"]] == ["done"] * 14
    assert sum(int(each["amount"]) for each in told["payouts"]) == PRICE
    assert len({each["transaction"] for each in told["payouts"]}) == 5
    assert len(told["checks"]) == 10
    assert all(check["passed"] for check in told["checks"])
    assert 0 < told["endToEndSeconds"] < 30
    assert not list((folder.root / "pids").glob("*.json"))


LISTING = "0x" + "11" * 32
SALE: dict[str, Any] = {"kind": "sold", "price": {"amount": str(PRICE)}, "listing": LISTING, "provenAt": None}
ARRIVAL: dict[str, Any] = {
    "kind": "wrapped",
    "price": None,
    "listing": None,
    "provenAt": {"chain": "eip155:31337", "height": "7"},
}
LIFE: list[dict[str, Any]] = [{"kind": "minted", "price": None}, SALE, {"kind": "locked", "price": None}, ARRIVAL]


def test_a_life_with_every_step_is_whole() -> None:
    assert provenance_is_whole(LIFE, LISTING).passed


@pytest.mark.parametrize(
    "told",
    [
        LIFE[1:],
        [LIFE[1], LIFE[0], *LIFE[2:]],
        [*LIFE[:1], {**SALE, "price": {"amount": "1"}}, *LIFE[2:]],
        [*LIFE[:1], {**SALE, "listing": "0x" + "22" * 32}, *LIFE[2:]],
        [*LIFE[:3], {**ARRIVAL, "provenAt": None}],
        [*LIFE[:2], SALE, *LIFE[2:]],
    ],
    ids=["a step is missing", "out of order", "another price", "another listing", "arrived unproven", "sold twice"],
)
def test_a_life_that_is_told_wrongly_fails_its_check(told: list[dict[str, Any]]) -> None:
    assert not provenance_is_whole(told, LISTING).passed


def test_a_story_that_ends_too_early_has_not_passed() -> None:
    done, waiting = Scene("artist", "mints", "harbour", "done"), Scene("keeper", "delivered", "lagoon")
    check = provenance_is_whole(LIFE, LISTING)

    assert Story(scenes=[done], checks=[check]).passed
    assert not Story(scenes=[done, waiting], checks=[check]).passed
    assert not Story(scenes=[done], checks=[check, provenance_is_whole([], LISTING)]).passed
    assert not Story(scenes=[done]).passed
