"""The vectors that Foundry reads too: both languages say the same, error names included."""

from __future__ import annotations

import pytest

from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain
from light_clients.committee.members import Committee
from light_clients.errors import LightClientError
from light_clients.evm.accounts import slot_value
from light_clients.evm.receipts import logged_word
from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader
from relayer.domain.ids import Lane, Nonce
from relayer.domain.message import Message, fold, lane_id
from tests.light_clients.vectors import Case, cases, name_of
from tests.vectors import generate


def client_of(case: Case) -> CommitteeClient:
    domain = Domain(ChainId(case.number("destinationChain")), Address(case.data("client")))
    committee = Committee.from_words(case.words("members"))
    return CommitteeClient(ChainId(case.number("sourceChain")), domain, case.number("epoch"), committee)


def rule_broken_by(error: pytest.ExceptionInfo[LightClientError]) -> str:
    return type(error.value).__name__


def test_the_generator_reproduces_every_vector_file() -> None:
    for path, content in generate.files().items():
        assert path.read_text() == generate.text(content), f"{path.name} is stale: python -m tests.vectors.generate"


@pytest.mark.parametrize("case", cases("storage_proof/valid.json"), ids=name_of)
def test_a_valid_storage_proof_yields_the_value(case: Case) -> None:
    value = slot_value(
        Hash32(case.data("stateRoot")), Address(case.data("account")), Hash32(case.data("slot")), case.data("proof")
    )

    assert value == case.data("value")


@pytest.mark.parametrize("case", cases("storage_proof/rejected.json"), ids=name_of)
def test_a_faulty_storage_proof_breaks_the_named_rule(case: Case) -> None:
    with pytest.raises(LightClientError) as error:
        slot_value(
            Hash32(case.data("stateRoot")), Address(case.data("account")), Hash32(case.data("slot")), case.data("proof")
        )

    assert rule_broken_by(error) == case.rejects


def word_logged(case: Case) -> Hash32:
    root, emitter = Hash32(case.data("receiptsRoot")), Address(case.data("emitter"))
    return logged_word(root, emitter, (Hash32(case.data("topic0")), Hash32(case.data("topic1"))), case.data("proof"))


@pytest.mark.parametrize("case", cases("receipt_proof/valid.json"), ids=name_of)
def test_a_valid_receipt_proof_yields_the_logged_word(case: Case) -> None:
    assert word_logged(case) == case.data("value")


@pytest.mark.parametrize("case", cases("receipt_proof/rejected.json"), ids=name_of)
def test_a_faulty_receipt_proof_breaks_the_named_rule(case: Case) -> None:
    with pytest.raises(LightClientError) as error:
        word_logged(case)

    assert rule_broken_by(error) == case.rejects


@pytest.mark.parametrize("case", cases("committee/committees.json"), ids=name_of)
def test_a_committee_is_hashed_or_breaks_the_named_rule(case: Case) -> None:
    if case.rejects:
        with pytest.raises(LightClientError) as error:
            Committee.from_words(case.words("members"))
        assert rule_broken_by(error) == case.rejects
    else:
        committee = Committee.from_words(case.words("members"))
        assert committee.hash == case.data("committeeHash")
        assert committee.needed == case.number("needed")


@pytest.mark.parametrize("case", cases("committee/updates.json"), ids=name_of)
def test_an_update_proves_its_header_or_breaks_the_named_rule(case: Case) -> None:
    client = client_of(case)
    expected = TrustedHeader(
        client.source,
        Height(case.number("height")),
        Hash32(case.data("blockHash")),
        Hash32(case.data("stateRoot")),
        Hash32(case.data("receiptsRoot")),
        case.number("timestamp"),
    )

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify(case.data("update"))
        assert rule_broken_by(error) == case.rejects
    else:
        assert client.verify(case.data("update")) == expected


@pytest.mark.parametrize("case", cases("committee/rotations.json"), ids=name_of)
def test_a_rotation_leads_to_the_next_epoch_or_breaks_the_named_rule(case: Case) -> None:
    client = client_of(case)

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify_rotation(case.data("rotation"))
        assert rule_broken_by(error) == case.rejects
    else:
        following = client.verify_rotation(case.data("rotation"))
        assert following.epoch == client.epoch + 1
        assert following.committee.hash == case.data("nextCommitteeHash")


@pytest.mark.parametrize("case", cases("committee/evidence.json"), ids=name_of)
def test_evidence_names_the_height_or_breaks_the_named_rule(case: Case) -> None:
    client = client_of(case)

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify_misbehaviour(case.data("evidence"))
        assert rule_broken_by(error) == case.rejects
    else:
        one, other = client.verify_misbehaviour(case.data("evidence"))
        assert one.height == other.height == case.number("height")
        assert one != other


@pytest.mark.parametrize("case", cases("message/leaves.json"), ids=name_of)
def test_a_message_has_its_leaf_and_moves_its_lane(case: Case) -> None:
    lane = Lane(
        ChainId(case.number("sourceChain")),
        Address(case.data("sourceGateway")),
        ChainId(case.number("destinationChain")),
        Address(case.data("destinationGateway")),
    )
    message = Message(
        Address(case.data("sender")),
        Address(case.data("recipient")),
        case.number("fee"),
        case.number("gasLimit"),
        case.number("deadline"),
        case.number("flags"),
        case.data("payload"),
    )

    leaf = message.leaf(lane, Nonce(case.number("nonce")))

    assert lane_id(lane) == case.data("laneId")
    assert leaf == case.data("leaf")
    assert fold(Hash32(case.data("accumulatorBefore")), leaf) == case.data("accumulator")
