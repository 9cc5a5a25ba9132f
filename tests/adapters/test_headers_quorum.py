"""Headers for a quorum of light clients: who is silent, frozen or wrong does not hold up those who agree."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from light_clients.crypto.keccak import keccak256
from light_clients.quorum.wire import decode_parts, decode_update
from light_clients.types import Height
from relayer.adapters.headers.quorum import QuorumHeaders
from relayer.domain.errors import Misbehaviour, Rejected, RelayerError, Transient
from relayer.ports import Conflict, Evidence, HeaderUpdate
from tests.adapters.support.sealed_source import FakeContract, FakeHeaders, never, word
from tests.vectors.committees import SOURCE, a_header

Newest = Callable[[Height, Height | None], Awaitable[HeaderUpdate]]


def proves(newest: int, part: bytes, state: bytes = b"") -> Newest:
    """A member that can be shown every header up to this one; `state` is in the place of the right one."""

    async def of(at_least: Height, at_most: Height | None) -> HeaderUpdate:
        height = newest if at_most is None else min(newest, at_most)
        assert height >= at_least
        header = a_header(height)
        return HeaderUpdate(replace(header, state_root=keccak256(state)) if state else header, part, signed=1)

    return of


def fails(error: RelayerError) -> Newest:
    async def of(at_least: Height, at_most: Height | None) -> HeaderUpdate:
        raise error

    return of


def a_quorum(
    members: Sequence[FakeHeaders], threshold: int = 2, frozen: Sequence[int] = (), patience: float = 30.0
) -> QuorumHeaders:
    views = {"threshold()": lambda: word(threshold), "latestHeight()": lambda: word(5)}
    clients = [FakeContract(frozen=place in frozen) for place in range(len(members))]
    return QuorumHeaders(SOURCE, members, clients, FakeContract(views), patience=patience)


def parts_of(update: HeaderUpdate, members: int = 3) -> tuple[Height, tuple[bytes, ...]]:
    return decode_update(update.update, members)


async def test_a_member_that_hangs_does_not_hold_up_the_others() -> None:
    quorum = a_quorum([FakeHeaders(proves(9, b"one")), FakeHeaders(never), FakeHeaders(proves(9, b"three"))])

    update = await quorum.newest(Height(5))

    assert parts_of(update) == (9, (b"one", b"", b"three"))
    assert (update.header, update.signed) == (a_header(9), 2)


async def test_the_header_is_one_that_as_many_as_must_can_be_shown() -> None:
    quorum = a_quorum([FakeHeaders(proves(9, b"ahead")), FakeHeaders(proves(6, b"behind"))])

    update = await quorum.newest(Height(5))

    assert parts_of(update, 2) == (6, (b"ahead", b"behind"))
    assert update.header == a_header(6)


async def test_no_more_members_are_shown_it_than_must_agree() -> None:
    quorum = a_quorum([FakeHeaders(proves(9, bytes((place,)))) for place in (1, 2, 3)])

    _, parts = parts_of(await quorum.newest(Height(5)))

    assert sum(map(bool, parts)) == 2


@pytest.mark.parametrize("error", [Transient("busy"), Rejected("expired"), Misbehaviour("two histories")])
async def test_a_member_that_cannot_be_served_is_left_out(error: RelayerError) -> None:
    quorum = a_quorum([FakeHeaders(fails(error)), FakeHeaders(proves(9, b"two")), FakeHeaders(proves(9, b"three"))])

    assert parts_of(await quorum.newest(Height(5))) == (9, (b"", b"two", b"three"))


async def test_a_frozen_member_is_left_out_though_it_could_be_shown_the_header() -> None:
    quorum = a_quorum([FakeHeaders(proves(9, bytes((place,)))) for place in (1, 2, 3)], frozen=[0])

    assert parts_of(await quorum.newest(Height(5))) == (9, (b"", b"\2", b"\3"))


async def test_too_few_members_are_trouble_that_says_why() -> None:
    quorum = a_quorum([FakeHeaders(proves(9, b"one")), FakeHeaders(fails(Transient("no attester answers")))])

    with pytest.raises(Transient, match=r"1 of 2 light clients .* no attester answers"):
        await quorum.newest(Height(5))


async def test_members_that_disagree_prove_nothing() -> None:
    quorum = a_quorum([FakeHeaders(proves(9, b"one")), FakeHeaders(proves(9, b"other", state=b"another"))])

    with pytest.raises(Transient, match=r"1 of 2 light clients .* disagree"):
        await quorum.newest(Height(5))


async def test_one_that_disagrees_is_outvoted() -> None:
    wrong = FakeHeaders(proves(9, b"wrong", state=b"another"))
    quorum = a_quorum([wrong, FakeHeaders(proves(9, b"two")), FakeHeaders(proves(9, b"three"))])

    update = await quorum.newest(Height(5))

    assert parts_of(update) == (9, (b"", b"two", b"three"))
    assert update.header == a_header(9)


async def caught() -> Evidence:
    return Evidence("two headers", b"proof")


async def in_conflict() -> Conflict:
    return Conflict("another header", b"update")


async def blind() -> Evidence:
    raise Transient("no endpoint answers")


async def test_misbehaviour_that_one_member_shows_is_passed_on_in_its_place() -> None:
    found = await a_quorum([FakeHeaders(), FakeHeaders(on_misbehaviour=caught), FakeHeaders()]).misbehaviour()

    assert isinstance(found, Evidence)
    assert decode_parts(found.proof, 3) == (b"", b"proof", b"")


async def test_a_conflict_of_one_member_is_passed_on_in_its_place() -> None:
    found = await a_quorum([FakeHeaders(), FakeHeaders(on_misbehaviour=in_conflict)]).misbehaviour()

    assert isinstance(found, Conflict)
    assert decode_update(found.update, 2) == (5, (b"", b"update"))


async def test_a_member_that_cannot_be_watched_does_not_blind_the_others() -> None:
    failed = asyncio.Event()

    async def fails_first() -> Evidence:
        failed.set()
        raise Transient("no endpoint answers")

    async def later() -> Evidence:
        await failed.wait()
        return await caught()

    members = [FakeHeaders(on_misbehaviour=fails_first), FakeHeaders(on_misbehaviour=later)]

    found = await a_quorum(members).misbehaviour()

    assert isinstance(found, Evidence)
    assert decode_parts(found.proof, 2) == (b"", b"proof")


@pytest.mark.parametrize("others", [[FakeHeaders()], []])
async def test_trouble_of_the_watch_is_told_in_the_end(others: Sequence[FakeHeaders]) -> None:
    quorum = a_quorum([FakeHeaders(on_misbehaviour=blind), *others], patience=0.01)

    with pytest.raises(Transient, match="no endpoint answers"):
        await quorum.misbehaviour()


async def test_what_is_overdue_for_one_member_is_for_it_alone() -> None:
    async def overdue() -> HeaderUpdate:
        return HeaderUpdate(a_header(8), b"hand-over", signed=3)

    update = await a_quorum([FakeHeaders(), FakeHeaders(on_overdue=overdue)]).overdue()

    assert parts_of(update, 2) == (8, (b"", b"hand-over"))
    assert update.header == a_header(8)
