"""The quorum client: what k of n agree on, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from light_clients.errors import ClientFrozen, EvidenceInvalid, LightClientError
from light_clients.interface import LightClient
from light_clients.quorum.client import Member, QuorumClient
from light_clients.quorum.errors import AgreementNotReached
from light_clients.quorum.wire import encode_parts, encode_update
from light_clients.serving import Serving
from light_clients.types import Address, ChainId, Height, TrustedHeader
from tests.light_clients.shared import flipped
from tests.light_clients.vectors import Case, cases, name_of
from tests.vectors.committees import DESTINATION, SOURCE, a_header
from tests.vectors.quorum import OTHER, a_client, a_scene, address, conflict, signed

NOW = 1_800_000_000


def list_of(case: Case, key: str) -> list[str]:
    value = case[key]
    assert isinstance(value, list)
    return value


def serving(client: QuorumClient, *held: TrustedHeader | None) -> QuorumClient:
    """The client, whose first members hold these headers."""
    members = list(client.members)
    for index, header in enumerate(held):
        if header is not None:
            members[index] = replace(
                members[index],
                serving=Serving(members[index].serving.client, members[index].serving.headers.accept(header)),
            )
    return replace(client, members=tuple(members))


def frozen(client: QuorumClient, *indices: int) -> QuorumClient:
    members = list(client.members)
    for index in indices:
        held = members[index].serving
        members[index] = replace(members[index], serving=replace(held, headers=held.headers.freeze()))
    return replace(client, members=tuple(members))


@pytest.mark.parametrize("case", cases("quorum/quorums.json"), ids=name_of)
def test_a_quorum_is_made_or_breaks_the_named_rule(case: Case) -> None:
    members = tuple(
        Member(Address.from_hex(one), Serving(a_scene(number, ChainId(int(source, 16))).client))
        for number, (one, source) in enumerate(zip(list_of(case, "clients"), list_of(case, "sources"), strict=True))
    )

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            QuorumClient(SOURCE, case.number("threshold"), members)
        assert type(error.value).__name__ == case.rejects
    else:
        assert QuorumClient(SOURCE, case.number("threshold"), members).source == SOURCE


@pytest.mark.parametrize("case", cases("quorum/updates.json"), ids=name_of)
def test_a_quorum_update_proves_its_header_or_breaks_the_named_rule(case: Case) -> None:
    client = a_client(case.number("threshold"), len(list_of(case, "clients")))
    held = [bytes.fromhex(one[2:]) for one in list_of(case, "held")]
    earlier = [client.members[i].serving.client.advance(one, NOW)[1] if one else None for i, one in enumerate(held)]
    client = serving(client, *earlier)

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.advance(case.data("update"), NOW)
        assert type(error.value).__name__ == case.rejects
    else:
        after, header = client.advance(case.data("update"), NOW)
        assert after.header(header.height) == header
        assert header.height == case.number("height")
        assert header.state_root == case.data("stateRoot")
        assert header.receipts_root == case.data("receiptsRoot")
        assert header.timestamp == case.number("timestamp")


@pytest.mark.parametrize("case", cases("quorum/evidence.json"), ids=name_of)
def test_quorum_evidence_shows_a_conflict_or_breaks_the_named_rule(case: Case) -> None:
    client = a_client(2, 3)

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify_misbehaviour(case.data("evidence"), NOW)
        assert type(error.value).__name__ == case.rejects
    else:
        one, other = client.verify_misbehaviour(case.data("evidence"), NOW)
        assert one.height == other.height
        assert one != other


def test_it_is_a_light_client() -> None:
    client: LightClient = a_client(2, 3)

    assert client.source == SOURCE


@pytest.mark.parametrize("n", range(1, 9))
def test_a_header_is_served_when_k_of_n_agree(n: int) -> None:
    for k in range(n // 2 + 1, n + 1):
        for agreeing in range(n + 1):
            client = serving(a_client(k, n), *[a_header()] * agreeing)

            if agreeing >= k:
                assert client.header(Height(7)) == a_header()
                assert client.latest == 7
            else:
                with pytest.raises(AgreementNotReached) as error:
                    client.header(Height(7))
                assert (error.value.agreeing, error.value.needed) == (agreeing, k)
                assert client.latest == 0


@pytest.mark.parametrize("dissent", range(32))
def test_the_majority_is_served_wherever_it_stands(dissent: int) -> None:
    held = [OTHER if dissent >> index & 1 else a_header() for index in range(5)]

    client = serving(a_client(3, 5), *held)

    assert client.header(Height(7)) == (OTHER if dissent.bit_count() >= 3 else a_header())


def test_a_hash_known_by_half_is_no_disagreement() -> None:
    halved = replace(a_header(), block_hash=type(a_header().block_hash)(a_header().block_hash[:16] + bytes(16)))

    client = serving(a_client(2, 2), a_header(), halved)

    assert client.header(Height(7)) == a_header()


def test_a_header_overwritten_in_its_ring_does_not_count() -> None:
    client = serving(a_client(2, 3), a_header(), a_header())

    overwritten = serving(client, None, a_header(7 + 256))

    with pytest.raises(AgreementNotReached):
        overwritten.header(Height(7))
    assert serving(overwritten, None, None, a_header()).header(Height(7)) == a_header()


def test_frozen_members_do_not_count() -> None:
    client = serving(a_client(2, 3), a_header(30), a_header(20), a_header(10))

    assert (client.latest, frozen(client, 0).latest, frozen(client, 0, 1).latest) == (20, 10, 0)
    agreed = serving(a_client(2, 3), *[a_header()] * 3)
    assert frozen(agreed, 1).header(Height(7)) == a_header()
    assert frozen(agreed, 1, 2).frozen
    with pytest.raises(ClientFrozen):
        frozen(agreed, 1, 2).header(Height(7))


def test_a_frozen_member_takes_no_update() -> None:
    client = frozen(a_client(2, 3), 0)
    update = encode_update(Height(7), [signed(0, a_header()), signed(1, a_header()), signed(2, a_header())])

    with pytest.raises(ClientFrozen):
        client.advance(update, NOW)


def test_evidence_for_who_is_frozen_already_is_none() -> None:
    with pytest.raises(EvidenceInvalid):
        frozen(a_client(2, 3), 1).verify_misbehaviour(encode_parts([b"", conflict(1), b""]), NOW)


def test_every_byte_of_an_update_counts() -> None:
    client = a_client(2, 3)
    update = encode_update(Height(7), [signed(0, a_header()), b"", signed(2, a_header())])

    for place in range(len(update)):
        for mask in (1, 0x80):
            with pytest.raises(LightClientError):
                client.advance(flipped(update, place, mask), NOW)
    for length in range(len(update)):
        with pytest.raises(LightClientError):
            client.advance(update[:length], NOW)


def test_what_is_built_was_verified() -> None:
    client = a_client(2, 3)
    updates = {address(0): signed(0, a_header()), address(2): signed(2, a_header())}

    update = client.build_update(Height(7), updates, NOW)
    evidence = client.build_evidence({address(1): conflict(1)}, NOW)

    assert update == encode_update(Height(7), [updates[address(0)], b"", updates[address(2)]])
    assert evidence == encode_parts([b"", conflict(1), b""])
    with pytest.raises(AgreementNotReached):
        client.build_update(Height(7), {address(0): updates[address(0)]}, NOW)
    with pytest.raises(ValueError, match="no members"):
        client.build_update(Height(7), {address(9): b"\1"}, NOW)


def test_a_quorum_may_be_a_member_of_another() -> None:
    inner = a_client(2, 3)
    outer = QuorumClient(SOURCE, 1, (Member(Address(b"\x77" * 20), Serving(inner)),))
    update = encode_update(Height(7), [signed(0, a_header()), signed(1, a_header()), b""])

    after, header = outer.advance(encode_update(Height(7), [update]), NOW)

    assert header == after.header(Height(7)) == a_header()
    assert DESTINATION != SOURCE
