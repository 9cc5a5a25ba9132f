"""Headers of QBFT and IBFT 2.0 chains for a contract: which are shown to it, in how many steps, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pytest

from light_clients.bft.client import HALF, BftClient, Newest
from light_clients.bft.extra_data import Dialect
from light_clients.bft.validators import Validators
from light_clients.bft.wire import read_steps
from light_clients.crypto.keccak import keccak256
from light_clients.evm.header import Header
from light_clients.types import ZERO_HASH, Height
from relayer.adapters.headers.bft import BftRules
from relayer.adapters.headers.sealed import WATCHED, SealedChainHeaders
from relayer.domain.errors import Transient
from relayer.ports import Conflict, Evidence, HeaderUpdate
from tests.adapters.support.sealed_source import BftContract, Endpoints, SetClock, word
from tests.vectors.attesters import Attester, attesters
from tests.vectors.bft_chain import ANCHOR, PERIOD, SOURCE, START, a_header, hash_of, payload_of, seal

NOW = START + 1_000
POOL = attesters(12)
FOUR = POOL[:4]


def a_chain(
    lists: Iterable[Sequence[Attester]], dialect: Dialect = Dialect.QBFT, *, above: Header | None = None
) -> list[Header]:
    """Headers from the anchor on, or those above another header, each sealed by all whom it lists."""
    headers: list[Header] = [] if above is None else [above]
    for listed in lists:
        parent = hash_of(headers[-1], dialect) if headers else ZERO_HASH
        header = a_header(listed, headers[-1].number + 1 if headers else ANCHOR, dialect, parent_hash=parent)
        headers.append(seal(header, listed, dialect))
    return headers if above is None else headers[1:]


def trusting(anchor: Header, dialect: Dialect = Dialect.QBFT, listed: Sequence[Attester] = FOUR) -> BftContract:
    newest = Newest(anchor.number, anchor.timestamp, hash_of(anchor, dialect)[:HALF])
    return BftContract(BftClient(SOURCE, dialect, Validators(payload_of(listed)), newest, PERIOD))


@dataclass
class Watched:
    """A chain, a contract that trusts its first header, and the headers for it."""

    endpoints: Endpoints
    contract: BftContract
    clock: SetClock
    dialect: Dialect = Dialect.QBFT

    @property
    def headers(self) -> SealedChainHeaders:
        rules = BftRules(SOURCE, self.dialect, self.endpoints, self.contract, self.clock)
        return SealedChainHeaders("harbour", rules, self.endpoints, self.contract)

    def submit(self, update: bytes) -> None:
        self.contract.submit(update, self.clock.time)


def watched(*shown: Sequence[Header], dialect: Dialect = Dialect.QBFT) -> Watched:
    before = [a_header(FOUR, height, dialect) for height in range(ANCHOR - WATCHED, ANCHOR)]
    return Watched(
        Endpoints(*([*before, *run] for run in shown)), trusting(shown[0][0], dialect), SetClock(NOW), dialect
    )


@pytest.mark.parametrize("dialect", Dialect)
async def test_the_newest_header_is_proven_with_no_more_seals_than_it_takes(dialect: Dialect) -> None:
    chain = a_chain([FOUR] * 6, dialect)
    scene = watched(chain, dialect=dialect)

    update = await scene.headers.newest(Height(ANCHOR + 2))

    assert (update.header.height, update.signed) == (ANCHOR + 5, 3)
    assert scene.contract.submit(update.update, NOW) == update.header
    assert update.header.block_hash == hash_of(chain[-1], dialect)


async def test_a_header_in_between_is_shown_when_no_newer_is_wanted() -> None:
    scene = watched(a_chain([FOUR] * 6))

    update = await scene.headers.newest(Height(ANCHOR + 1), Height(ANCHOR + 2))

    assert update.header.height == ANCHOR + 2


async def test_a_header_that_is_yet_to_be_sealed_is_awaited() -> None:
    chain = a_chain([FOUR] * 2)
    scene = watched(chain)
    waiting = asyncio.create_task(scene.headers.newest(Height(ANCHOR + 2)))
    (next_,) = a_chain([FOUR], above=chain[-1])

    scene.endpoints.show(next_)

    assert (await waiting).header.height == ANCHOR + 2


async def test_where_validators_changed_much_the_contract_is_led_by_halves() -> None:
    terms = [POOL[shift : shift + 4] for shift in range(9) for _ in range(10)]
    scene = watched(a_chain(terms))

    update = await scene.headers.newest(Height(ANCHOR + 85))

    steps = [step.header.number for step, _ in read_steps(update.update, Dialect.QBFT)]
    assert steps == sorted(steps)
    assert len(steps) == 8  # each skip may lose one of four
    assert len(scene.endpoints.asked) < 30
    assert scene.contract.submit(update.update, NOW) == update.header
    assert scene.contract.client.validators.addresses == tuple(each.address for each in POOL[8:])


async def test_a_contract_that_somebody_else_brought_to_other_validators_is_understood() -> None:
    terms = [POOL[shift : shift + 4] for shift in (0, 1, 2, 3)]
    chain = a_chain(terms)
    scene = watched(chain)
    scene.submit(scene.contract.client.build_update(chain[1:3], NOW))

    update = await scene.headers.newest(Height(ANCHOR + 3))

    assert (ANCHOR + 2, ANCHOR + 2) in scene.endpoints.asked
    assert scene.contract.submit(update.update, NOW) == update.header


async def test_validators_that_no_header_lists_are_not_guessed() -> None:
    scene = watched(a_chain([FOUR] * 3))
    scene.contract.client = replace(scene.contract.client, validators=Validators(payload_of(POOL[5:9])))

    with pytest.raises(Transient, match=f"block {ANCHOR} does not list whom its light client trusts"):
        await scene.headers.newest(Height(ANCHOR + 1))


async def test_of_an_endpoint_whose_header_does_not_hold_nothing_is_believed() -> None:
    chain = a_chain([FOUR] * 2)
    forged = seal(a_header(FOUR, ANCHOR + 1, state_root=keccak256(b"forged")), FOUR[:2])
    scene = watched([chain[0], forged], chain)

    update = await scene.headers.newest(Height(ANCHOR + 1))

    assert update.header.block_hash == hash_of(chain[1])


async def test_a_header_that_nobody_sealed_proves_nothing() -> None:
    chain = a_chain([FOUR] * 2)
    forged = [seal(a_header(FOUR, ANCHOR + 1, state_root=keccak256(text)), FOUR[:2]) for text in (b"one", b"other")]
    scene = watched(*([chain[0], each] for each in forged))

    with pytest.raises(Transient, match=rf"block {ANCHOR + 1} is not proven.*2"):
        await scene.headers.newest(Height(ANCHOR + 1))


async def test_views_that_nobody_answers_are_trouble_of_the_ordinary_kind() -> None:
    scene = watched(a_chain([FOUR] * 2))
    scene.contract.down = True

    with pytest.raises(Transient, match="no endpoint answers"):
        await scene.headers.newest(Height(ANCHOR + 1))


async def test_two_sealed_headers_of_one_height_are_evidence() -> None:
    chain = a_chain([FOUR] * 3)
    other = seal(a_header(FOUR, ANCHOR + 2, state_root=keccak256(b"another history")), FOUR[1:])
    scene = watched(chain, [*chain[:2], other])

    found = await scene.headers.misbehaviour()

    assert isinstance(found, Evidence)
    one, two = scene.contract.client.verify_misbehaviour(found.proof, NOW)
    assert {one.block_hash, two.block_hash} == {hash_of(chain[2]), hash_of(other)}


async def test_validators_that_were_replaced_answer_for_what_they_sealed() -> None:
    chain = a_chain([FOUR, FOUR, POOL[1:5]])
    other = seal(a_header(FOUR, ANCHOR + 1, state_root=keccak256(b"another history")), FOUR)
    scene = watched(chain, [chain[0], other, chain[2]])
    scene.contract.client, _ = scene.contract.client.verify(scene.contract.client.build_update(chain[1:], NOW), NOW)
    before = trusting(chain[0]).client
    one, two = (before.build_update([each], NOW) for each in (chain[1], other))
    rules = BftRules(SOURCE, Dialect.QBFT, scene.endpoints, scene.contract, scene.clock)

    evidence = await rules.incriminate(update_of(one, before), update_of(two, before))

    assert len(scene.contract.client.verify_misbehaviour(evidence, NOW)) == 2


async def test_evidence_that_comes_too_late_is_trouble_of_the_ordinary_kind() -> None:
    chain = a_chain([FOUR] * 3)
    other = seal(a_header(FOUR, ANCHOR + 2, state_root=keccak256(b"another history")), FOUR[1:])
    scene = watched(chain, [*chain[:2], other])
    looks = iter(range(100))
    scene.contract.answers["latestTimestamp()"] = lambda: word(START if next(looks) < 2 else START - PERIOD)

    with pytest.raises(Transient, match=r"no evidence.*TrustExpired"):
        await scene.headers.misbehaviour()


async def test_what_an_endpoint_makes_up_is_no_evidence() -> None:
    chain = a_chain([FOUR] * 3)
    forged = seal(a_header(FOUR, ANCHOR + 2, state_root=keccak256(b"forged")), FOUR[:2])
    scene = watched(chain, [*chain[:2], forged])

    watching = asyncio.create_task(scene.headers.misbehaviour())
    await scene.endpoints.awaited.wait()
    more = a_chain([FOUR] * 2, above=chain[-1])
    equivocal = seal(a_header(FOUR, ANCHOR + 4, state_root=keccak256(b"another")), FOUR)
    scene.endpoints.shown[1][Height(ANCHOR + 4)] = equivocal
    scene.endpoints.show(more[0])
    scene.endpoints.shown[0][Height(ANCHOR + 4)] = more[1]
    found = await watching

    assert isinstance(found, Evidence)
    assert f"height {ANCHOR + 4}" in found.what


async def test_another_header_in_the_contract_is_a_conflict() -> None:
    chain = a_chain([FOUR] * 3)
    other = seal(a_header(FOUR, ANCHOR + 1, state_root=keccak256(b"what somebody else submitted")), FOUR)
    scene = watched(chain)
    scene.submit(scene.contract.client.build_update([other], NOW))

    found = await scene.headers.misbehaviour()

    assert isinstance(found, Conflict)
    assert f"height {ANCHOR + 1}" in found.what
    _, shown = scene.contract.client.advance(found.update, NOW)
    assert shown.block_hash == hash_of(chain[1])


@pytest.mark.parametrize("state", ["frozen", "only started"])
async def test_a_contract_that_can_be_told_nothing_new_is_in_no_conflict(state: str) -> None:
    chain = a_chain([FOUR] * 3)
    scene = watched(chain)
    if state == "frozen":
        scene.submit(scene.contract.client.build_update([seal(a_header(FOUR), FOUR)], NOW))
        scene.contract.frozen = True

    watching = asyncio.create_task(scene.headers.misbehaviour())
    await scene.endpoints.awaited.wait()
    scene.contract.frozen = False
    scene.contract.held[ANCHOR + 3] = replace(
        a_chain([FOUR], above=chain[-1])[0].trusted(SOURCE, keccak256(b"")), state_root=keccak256(b"another")
    )
    scene.contract.client = replace(
        scene.contract.client, newest=replace(scene.contract.client.newest, height=ANCHOR + 3)
    )
    scene.endpoints.show(*a_chain([FOUR], above=chain[-1]))

    assert isinstance(await watching, Conflict)


async def test_trust_is_renewed_long_before_it_runs_out() -> None:
    chain = a_chain([FOUR] * 4)
    scene = watched(chain)
    scene.clock.time = START + PERIOD // 2

    update = await scene.headers.overdue()

    assert update.header.height == ANCHOR + 3
    scene.submit(update.update)


async def test_nothing_is_overdue_while_trust_is_fresh() -> None:
    chain = a_chain([FOUR] * 4)
    scene = watched(chain)
    waiting = asyncio.create_task(scene.headers.overdue())
    await scene.endpoints.awaited.wait()

    scene.clock.time = START + PERIOD // 2
    scene.endpoints.show(*a_chain([FOUR] * 8, above=chain[-1]))

    assert (await waiting).header.height == ANCHOR + 11


def update_of(update: bytes, client: BftClient) -> HeaderUpdate:
    _, header = client.advance(update, NOW)
    return HeaderUpdate(header, update, signed=3)
