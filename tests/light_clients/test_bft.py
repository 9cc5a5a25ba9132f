"""The BFT client: what a quorum of validators sealed, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from light_clients.bft.client import BftClient, Newest
from light_clients.bft.errors import OverlapNotReached, ValidatorsEmpty, ValidatorsMismatch
from light_clients.bft.extra_data import Dialect, ExtraData, decode_extra, sealed
from light_clients.bft.seals import sealed_by
from light_clients.bft.validators import Validators, one_honest, quorum
from light_clients.bft.wire import read_step, split_steps
from light_clients.crypto.secp256k1 import ORDER
from light_clients.errors import (
    EvidenceInvalid,
    HeaderFromFuture,
    LightClientError,
    QuorumNotReached,
    TrustExpired,
)
from light_clients.evm.header import Header
from light_clients.evm.rlp import encode
from light_clients.interface import LightClient
from light_clients.trusted_headers import TrustedHeaders
from light_clients.types import Address, Hash32
from tests.light_clients.shared import flipped
from tests.vectors.attesters import Attester, attesters
from tests.vectors.bft import NOW, QUORUM
from tests.vectors.bft_chain import ANCHOR, PERIOD, START, Scene, a_header, a_scene, a_step, hash_of, raw, seal

dialects = pytest.mark.parametrize("dialect", Dialect, ids=lambda dialect: dialect.value)


@pytest.mark.parametrize("count", range(1, 101))
def test_a_quorum_is_two_thirds_rounded_up(count: int) -> None:
    everybody = attesters(count)
    scene = Scene(everybody)
    needed = quorum(count)

    assert 3 * needed >= 2 * count > 3 * (needed - 1)
    _, header = scene.client.advance(scene.step(range(count - needed, count)), NOW)
    assert header.block_hash == hash_of(scene.header())
    with pytest.raises(QuorumNotReached) as error:
        scene.client.advance(scene.step(range(needed - 1)), NOW)
    assert str(error.value) == f"QuorumNotReached(signed={needed - 1}, needed={needed})"


@pytest.mark.parametrize("count", range(1, 101))
@pytest.mark.parametrize("rule", ["the next block", "blocks later", "blocks later, a third"])
def test_a_new_list_needs_enough_of_the_trusted(count: int, rule: str) -> None:
    trusted = attesters(count)
    scene = Scene(trusted, one_third=rule == "blocks later, a third")
    needed = quorum(count) if rule == "blocks later" else one_honest(count)
    assert rule == "blocks later" or 3 * needed > count - 1 >= 3 * (needed - 1)

    for kept in (needed, needed - 1):
        listed = sorted(trusted[:kept] + attesters(count + 2, first=1000), key=lambda one: one.address)
        header = scene.child(listed) if rule == "the next block" else scene.header(ANCHOR + 9, listed)
        update = scene.change(header, listed, range(len(listed)))
        if kept == needed:
            client, _ = scene.client.advance(update, NOW)
            assert client.validators.addresses == tuple(one.address for one in listed)
        else:
            with pytest.raises(OverlapNotReached) as error:
                scene.client.advance(update, NOW)
            assert str(error.value) == f"OverlapNotReached(signed={kept}, needed={needed})"


@dialects
@pytest.mark.parametrize("where", ["same list", "new list"])
def test_every_byte_of_an_update_counts(dialect: Dialect, where: str) -> None:
    scene = a_scene(4, dialect)
    more = attesters(5)
    update = scene.step(QUORUM) if where == "same list" else scene.change(scene.child(more), more, range(4))
    expected = scene.client.advance(update, NOW)

    for place in range(len(update)):
        for mask in (0x01, 0x80, 0xFF):
            try:
                outcome = scene.client.advance(flipped(update, place, mask), NOW)
            except LightClientError:
                continue
            assert outcome == expected


@dialects
def test_no_byte_may_be_missing_or_follow(dialect: Dialect) -> None:
    scene = a_scene(4, dialect)
    update = scene.step(QUORUM)

    for length in range(len(update)):
        with pytest.raises(LightClientError):
            scene.client.advance(update[:length], NOW)
    for byte in range(256):
        with pytest.raises(LightClientError):
            scene.client.advance(update + bytes((byte,)), NOW)


@dialects
@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 12),
    st.one_of(st.sampled_from([0, 1, 127, 128, 300, 2**32 - 1]), st.integers(0, 2**32 - 1)),
    st.data(),
)
def test_whatever_is_built_is_accepted_with_the_fewest_seals(
    dialect: Dialect, size: int, round_: int, draw: st.DataObject
) -> None:
    change, later = draw.draw(st.sampled_from(["none", "added", "dropped"])), draw.draw(st.booleans())
    scene = a_scene(size, dialect)
    listed = list(scene.signers)
    if change == "added":
        listed = attesters(size + 1)
    elif change == "dropped" and size > 2:  # of two, both must agree to the one that stays
        listed.pop(draw.draw(st.integers(0, size - 1)))
    header = scene.header(150, listed, round_=round_) if later else scene.child(listed, round_=round_)
    served = seal(header, draw.draw(st.permutations([*listed, *attesters(3, first=500)])), dialect)

    update = scene.client.build_update([served], NOW + 100)

    client, trusted = scene.client.advance(update, NOW + 100)
    assert trusted == header.trusted(scene.client.source, hash_of(header, dialect))
    assert client.validators.addresses == tuple(one.address for one in listed)
    step, _ = read_step(update, 0, dialect)
    least = quorum(len(listed))
    if listed != list(scene.signers):
        assert step.trusted == scene.client.validators.payload
        least = max(least, (quorum if later else one_honest)(size))
    assert step.signed == least


def test_surplus_invalid_foreign_and_high_seals_are_seen_to() -> None:
    scene = a_scene()
    header = scene.header()
    digest = sealed(header, Dialect.QBFT).digest
    fine = [raw(one.sign(digest)) for one in scene.signers[:3]]
    stranger = raw(attesters(1, first=99)[0].sign(digest))
    junk = [b"", bytes(65), b"\xff" * 65, fine[0][:64], fine[0][:64] + b"\x1b", stranger, fine[1]]
    extra = replace(sealed(header, Dialect.QBFT).extra, seals=(*junk, high(fine[0]), fine[1], fine[2]))
    served = replace(header, extra_data=extra.encode(Dialect.QBFT))

    assert scene.client.sealed_by(served) == tuple(one.address for one in scene.signers[:3])
    assert scene.client.build_update([served], NOW) == scene.step(QUORUM)


def high(seal_: bytes) -> bytes:
    """The other of the two forms of a seal."""
    s = ORDER - int.from_bytes(seal_[32:64], "big")
    return seal_[:32] + s.to_bytes(32, "big") + bytes((seal_[64] ^ 1,))


def test_a_high_s_is_refused_in_an_update() -> None:
    scene = a_scene()
    update = scene.step(QUORUM)
    word = int.from_bytes(update[-34:-2], "big")
    parity, s = divmod(word, 1 << 255)

    for bit in (parity, 1 - parity):
        forged = (ORDER - s) % (1 << 255) | bit << 255
        with pytest.raises(LightClientError):
            scene.client.advance(update[:-34] + forged.to_bytes(32, "big") + b"\0\0", NOW)


def test_too_few_seals_make_no_update() -> None:
    scene = a_scene()

    with pytest.raises(QuorumNotReached):
        scene.client.build_update([seal(scene.header(), scene.signers[:2])], NOW)


def test_a_list_that_a_contract_keeps_is_refused() -> None:
    scene = a_scene()

    with pytest.raises(ValidatorsEmpty):
        scene.client.build_update([a_header([])], NOW)
    with pytest.raises(ValidatorsEmpty):
        sealed_by(a_header([]), Dialect.QBFT)


@dialects
def test_a_list_changes_step_by_step_through_one_update(dialect: Dialect) -> None:
    scene = a_scene(4, dialect)
    everybody = attesters(9)
    lists: list[list[Attester]] = [everybody[:5], everybody[:6], everybody[1:6], everybody[1:8]]
    headers: list[Header] = []
    parent = hash_of(scene.anchor, dialect)
    client = replace(scene.client, validators=Validators.of(one.address for one in everybody[:4]))
    for number, listed in enumerate(lists):
        header = a_header(listed, ANCHOR + 1 + number, dialect, parent_hash=parent)
        headers.append(seal(header, listed, dialect))
        parent = hash_of(header, dialect)

    update = client.build_update(headers, NOW)

    after, proven = client.verify(update, NOW)
    assert [header.height for header in proven] == [101, 102, 103, 104]
    assert after.validators.addresses == tuple(one.address for one in lists[-1])
    assert set(after.retired) == {
        Validators.of(one.address for one in listed).hash for listed in [everybody[:4], *lists[:-1]]
    }
    assert b"".join(split_steps(update, dialect)) == update
    with pytest.raises(ValidatorsMismatch):
        after.advance(update, NOW)


def test_trust_runs_out_and_the_future_waits() -> None:
    scene = a_scene()
    far = scene.step(QUORUM, scene.header(timestamp=NOW + 61))
    late = scene.step(QUORUM, scene.header(timestamp=NOW + 60))

    scene.client.advance(late, NOW)
    with pytest.raises(HeaderFromFuture):
        scene.client.advance(far, NOW)
    scene.client.advance(late, START + PERIOD)
    with pytest.raises(TrustExpired):
        scene.client.advance(late, START + PERIOD + 1)


def test_equivocation_freezes_whoever_proves_it() -> None:
    scene = a_scene()
    one, other = scene.header(), scene.header(state_root=Hash32(b"\1" * 32))
    first = scene.client.build_step(seal(one, scene.signers))
    second = scene.client.build_step(seal(other, scene.signers))

    evidence = scene.client.build_evidence(first, second, NOW)

    assert [found.state_root for found in scene.client.verify_misbehaviour(evidence, NOW)] == [
        one.state_root,
        other.state_root,
    ]
    with pytest.raises(EvidenceInvalid):
        scene.client.build_evidence(first, first, NOW)
    held = TrustedHeaders()
    for update in (first, second):
        held = held.accept(scene.client.advance(update, NOW)[1])
    assert held.frozen


def test_those_replaced_answer_for_what_they_sealed_until_the_period_is_over() -> None:
    scene, more = a_scene(), attesters(5)
    client = scene.client.advance(scene.change(scene.child(more), more, range(4)), NOW)[0]
    headers = [scene.header(), scene.header(state_root=Hash32(b"\1" * 32))]
    one, other = (client.build_step(seal(header, scene.signers)) for header in headers)

    client.build_evidence(one, other, NOW)
    client = replace(client, newest=Newest(120, NOW + PERIOD, bytes(16)))
    client.build_evidence(one, other, NOW + PERIOD - 1)
    with pytest.raises(ValidatorsMismatch):
        client.build_evidence(one, other, NOW + PERIOD)


@dialects
@given(
    st.binary(max_size=40),
    st.integers(0, 5),
    st.integers(0, 2**32 - 1),
    st.lists(st.binary(max_size=70), max_size=4),
)
def test_extra_data_reads_back(dialect: Dialect, vanity: bytes, count: int, round_: int, seals: list[bytes]) -> None:
    addresses = tuple(one.address for one in attesters(count))
    extra = ExtraData(vanity, addresses, None, round_, tuple(seals))

    assert decode_extra(extra.encode(dialect), dialect) == extra


@dialects
@settings(max_examples=200)
@given(data=st.data())
def test_extra_data_that_is_read_encodes_to_the_same_bytes(dialect: Dialect, data: st.DataObject) -> None:
    good = a_header(attesters(2), dialect=dialect, round_=1).extra_data
    mutated = flipped(good, data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(1, 255)))

    try:
        extra = decode_extra(mutated, dialect)
    except LightClientError:
        return
    assert extra.encode(dialect) == mutated


def test_a_step_of_another_kind_of_header_is_refused() -> None:
    scene = a_scene()

    for junk in (b"", b"\xc0", b"\x80", encode([b""] * 15), b"\xf9\xff\xff" + bytes(100)):
        with pytest.raises(LightClientError):
            scene.client.advance(junk, NOW)


def test_the_genesis_block_is_hashed_as_it_stands() -> None:
    header = a_header(attesters(4), 0)

    assert hash_of(header) == header.hash()


def test_one_signer_has_one_bit() -> None:
    scene = a_scene()
    one = scene.signers[0]
    header = scene.header()

    update = a_step(header, [one, one, one, one], QUORUM)
    doubled = a_step(header, scene.signers, QUORUM)

    with pytest.raises(LightClientError):
        scene.client.advance(update[: len(doubled) - 194] + doubled[-194:-130] * 3 + b"\0\0", NOW)


def test_the_client_is_what_the_relayer_asks_for() -> None:
    scene = a_scene()

    client: LightClient = BftClient(
        scene.client.source,
        Dialect.QBFT,
        Validators.of([Address(b"\1" * 20)]),
        Newest(1, START, bytes(16)),
        trusting_period=PERIOD,
    )

    assert client.source == scene.client.source
