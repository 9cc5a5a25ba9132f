"""The relay-chain client: what it reads from a hub, and when it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from light_clients.crypto.keccak import keccak256
from light_clients.derived.errors import HubIsSource, SourceClientFrozen
from light_clients.derived.relay_chain import TRUST_SLOT, RelayChainClient, header_slots
from light_clients.derived.wire import HubPart
from light_clients.errors import (
    ClientFrozen,
    EvidenceInvalid,
    HeaderUnknown,
    LightClientError,
    SlotAbsent,
    TrieKeyAbsent,
)
from light_clients.evm.accounts import pack_proofs, slot_value, slot_values
from light_clients.interface import LightClient
from light_clients.quorum.client import Member, QuorumClient
from light_clients.quorum.wire import encode_update
from light_clients.serving import Serving
from light_clients.trusted_headers import TrustedHeaders
from light_clients.types import ZERO_HASH, Address, Hash32, Height
from tests.light_clients.shared import flipped
from tests.light_clients.vectors import Case, cases, name_of
from tests.vectors import derived
from tests.vectors.committees import a_header
from tests.vectors.derived import (
    HUB_HEIGHT,
    NOW,
    SOURCE_CLIENT,
    HubState,
    a_client,
    an_update,
    halved,
    hub_header,
    hub_scene,
    hub_update,
    slots_of,
)


def client_of(case: Case) -> RelayChainClient:
    client = a_client()
    held = case.data("held")
    return replace(client, hub=client.hub.advance(held, NOW)[0]) if held else client


def holding(state: HubState) -> RelayChainClient:
    return a_client(hub_header(state.state.root))


@pytest.mark.parametrize("case", cases("derived/updates.json"), ids=name_of)
def test_a_derived_update_proves_its_header_or_breaks_the_named_rule(case: Case) -> None:
    client = client_of(case)

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.advance(case.data("update"), NOW)
        assert type(error.value).__name__ == case.rejects
    else:
        _, header = client.advance(case.data("update"), NOW)
        assert header.height == case.number("height")
        assert header.block_hash == case.data("blockHash")
        assert header.state_root == case.data("stateRoot")
        assert header.receipts_root == case.data("receiptsRoot")
        assert header.timestamp == case.number("timestamp")
        assert header.chain == derived.SOURCE


@pytest.mark.parametrize("case", cases("derived/evidence.json"), ids=name_of)
def test_derived_evidence_shows_the_freezing_or_breaks_the_named_rule(case: Case) -> None:
    client = client_of(case)

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify_misbehaviour(case.data("evidence"), NOW)
        assert type(error.value).__name__ == case.rejects
    else:
        one, other = client.verify_misbehaviour(case.data("evidence"), NOW)
        assert one == other
        assert one.chain == derived.HUB


def test_it_is_a_light_client() -> None:
    client: LightClient = a_client()

    assert client.source == derived.SOURCE


def test_a_chain_is_not_known_through_itself() -> None:
    with pytest.raises(HubIsSource):
        RelayChainClient(derived.HUB, Serving(hub_scene().client), SOURCE_CLIENT)


def test_the_client_after_an_update_has_the_hub_after_it() -> None:
    state = HubState(slots_of(a_header(), a_header(8)))
    update = an_update(7, state.header_proof(7), hub_update(state.state.root))

    client, header = a_client().advance(update, NOW)

    assert header == halved(a_header())
    assert client.hub.header(HUB_HEIGHT) == hub_header(state.state.root)
    assert client.advance(an_update(8, state.header_proof(8)), NOW)[1] == halved(a_header(8))


def test_a_quorum_may_know_the_hub() -> None:
    state = HubState(slots_of(a_header()))
    quorum = QuorumClient(derived.HUB, 1, (Member(derived.HUB_CLIENT, Serving(hub_scene().client)),))
    client = RelayChainClient(derived.SOURCE, Serving(quorum), SOURCE_CLIENT)
    of_quorum = encode_update(HUB_HEIGHT, [hub_update(state.state.root)])

    _, header = client.advance(an_update(7, state.header_proof(7), of_quorum), NOW)

    assert header == halved(a_header())


def test_two_headers_of_one_height_under_two_of_the_hub_freeze_what_holds_them() -> None:
    one, other = HubState(slots_of(a_header())), HubState(slots_of(a_header(state_root=Hash32(b"\5" * 32))))
    client, first = a_client().advance(an_update(7, one.header_proof(7), hub_update(one.state.root)), NOW)
    later = an_update(7, other.header_proof(7), hub_update(other.state.root, 101), hub_height=101)

    _, second = client.advance(later, NOW)

    assert TrustedHeaders().accept(first).accept(second).frozen


def test_a_frozen_hub_proves_nothing() -> None:
    state = HubState(slots_of(a_header()))
    client = holding(state)
    frozen = replace(client, hub=replace(client.hub, headers=client.hub.headers.freeze()))

    with pytest.raises(ClientFrozen):
        frozen.advance(an_update(7, state.header_proof(7)), NOW)
    with pytest.raises(ClientFrozen):
        frozen.advance(an_update(7, state.header_proof(7), hub_update(state.state.root)), NOW)
    with pytest.raises(ClientFrozen):
        frozen.verify_misbehaviour(HubPart(HUB_HEIGHT).encode() + state.proof(TRUST_SLOT), NOW)


def test_an_update_that_freezes_the_hub_proves_nothing() -> None:
    state = HubState(slots_of(a_header()))
    update = an_update(7, state.header_proof(7), hub_update(Hash32(b"\6" * 32)))

    with pytest.raises(ClientFrozen):
        holding(state).advance(update, NOW)


def test_every_byte_of_an_update_counts() -> None:
    state = HubState(slots_of(a_header(3)))
    update = an_update(3, state.header_proof(3), hub_update(state.state.root))
    client = a_client()

    for place in range(len(update)):
        with pytest.raises(LightClientError):
            client.advance(flipped(update, place, 1 << place % 8), NOW)
    for length in range(len(update)):
        with pytest.raises(LightClientError):
            client.advance(update[:length], NOW)


@given(place=st.integers(0), byte=st.integers(0, 255))
def test_any_other_byte_is_refused_or_proves_the_same(place: int, byte: int) -> None:
    state = HubState(slots_of(a_header()))
    update = an_update(7, state.header_proof(7))
    place %= len(update)
    mutant = update[:place] + bytes((byte,)) + update[place + 1 :]

    try:
        _, header = holding(state).advance(mutant, NOW)
    except LightClientError:
        assert mutant != update
    else:
        assert header == halved(a_header())
        assert mutant == update


def test_what_is_built_was_verified() -> None:
    state = HubState(slots_of(a_header()))
    frozen = HubState(slots_of(a_header(), frozen=1))
    part = HubPart(HUB_HEIGHT)
    nodes = [state.storage_nodes(slot) for slot in header_slots(Height(7))]

    update = holding(state).build_update(part, Height(7), state.account_nodes(), nodes, NOW)
    evidence = holding(frozen).build_evidence(part, frozen.account_nodes(), frozen.storage_nodes(TRUST_SLOT), NOW)

    assert update == an_update(7, state.header_proof(7))
    assert evidence == part.encode() + frozen.proof(TRUST_SLOT)
    absent = [state.storage_nodes(slot) for slot in header_slots(Height(8))]
    with pytest.raises(HeaderUnknown):
        holding(state).build_update(part, Height(8), state.account_nodes(), absent, NOW)
    with pytest.raises(EvidenceInvalid):
        holding(state).build_evidence(part, state.account_nodes(), state.storage_nodes(TRUST_SLOT), NOW)
    with pytest.raises(SourceClientFrozen):
        holding(frozen).build_update(
            part,
            Height(7),
            frozen.account_nodes(),
            [frozen.storage_nodes(slot) for slot in header_slots(Height(7))],
            NOW,
        )


def test_several_slots_are_what_each_proof_alone_says() -> None:
    state = HubState(slots_of(*(a_header(height) for height in range(1, 30))))
    slots = [slot for height in (3, 9) for slot in header_slots(Height(height))]
    proof = pack_proofs(state.account_nodes(), map(state.storage_nodes, slots))

    values, end = slot_values(state.state.root, SOURCE_CLIENT, slots, b"\xff\xff" + proof + b"\xff", 2)

    assert end == 2 + len(proof)
    alone = [slot_value(state.state.root, SOURCE_CLIENT, slot, state.proof(slot)) for slot in slots]
    assert list(values) == alone


def test_a_slot_that_is_not_there_is_zero_among_several_and_an_account_is_an_error() -> None:
    state = HubState(slots_of(a_header()))
    absent = Hash32(b"\7" * 32)

    values, _ = slot_values(state.state.root, SOURCE_CLIENT, (absent,), state.proof(absent))

    assert values == (ZERO_HASH,)
    with pytest.raises(SlotAbsent):
        slot_value(state.state.root, SOURCE_CLIENT, absent, state.proof(absent))
    empty = HubState({}, account=Address(b"\1" * 20))
    with pytest.raises(TrieKeyAbsent):
        slot_values(empty.state.root, Address(b"\2" * 20), (), b"".join(empty.state.path(keccak256(b"\2" * 20))))
