"""The ring of headers: what was trusted never changes, and two headers of one height end it.

place   0    1    2  …  255
holds 256  257    2  …  255      after heights 2 … 257; 0 and 1 are overwritten
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from light_clients.crypto.keccak import keccak256
from light_clients.errors import ClientFrozen, HeaderTooOld, HeaderUnknown
from light_clients.trusted_headers import RING, TrustedHeaders
from light_clients.types import Height
from tests.vectors.committees import a_header


def after(*heights: int) -> TrustedHeaders:
    held = TrustedHeaders()
    for height in heights:
        held = held.accept(a_header(height))
    return held


def test_a_header_is_served_at_its_height_and_no_other() -> None:
    held = after(7)

    assert held.header(Height(7)) == a_header(7)
    assert held.latest == 7
    for height in (6, 8, 7 + RING):
        with pytest.raises(HeaderUnknown):
            held.header(Height(height))


def test_the_same_header_again_changes_nothing() -> None:
    held = after(7)

    assert held.accept(a_header(7)) is held


def test_an_older_header_fills_an_empty_place() -> None:
    held = after(9, 7)

    assert held.header(Height(7)) == a_header(7)
    assert held.latest == 9


def test_a_place_does_not_go_back() -> None:
    held = after(7 + RING)

    with pytest.raises(HeaderTooOld) as error:
        held.accept(a_header(7))

    assert (error.value.height, error.value.held) == (7, 7 + RING)


def test_a_newer_header_takes_the_place_of_an_older_one() -> None:
    held = after(7, 7 + RING)

    assert held.header(Height(7 + RING)) == a_header(7 + RING)
    with pytest.raises(HeaderUnknown):
        held.header(Height(7))


@pytest.mark.parametrize("root", ["block_hash", "state_root", "receipts_root"])
def test_two_headers_of_one_height_freeze_everything(root: str) -> None:
    held = after(6, 7)

    frozen = held.accept(replace(a_header(7), **{root: keccak256(b"other")}))  # type: ignore[arg-type]

    assert frozen.frozen
    for height in (6, 7):
        with pytest.raises(ClientFrozen):
            frozen.header(Height(height))
    assert frozen.accept(a_header(8)) is frozen


@given(st.lists(st.integers(1, 600), unique=True, max_size=60))
def test_what_is_held_is_the_newest_of_each_place(heights: list[int]) -> None:
    held = TrustedHeaders()
    newest: dict[int, int] = {}
    for height in heights:
        if height < newest.get(height % RING, 0):
            with pytest.raises(HeaderTooOld):
                held.accept(a_header(height))
            continue
        held = held.accept(a_header(height))
        newest[height % RING] = height

    assert {place: header.height for place, header in held.places.items()} == newest
    assert held.latest == max(newest.values(), default=0)
