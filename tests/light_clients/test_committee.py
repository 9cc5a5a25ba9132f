"""The committee client: nothing short of more than two thirds of the weight, each signature by its member."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account.messages import encode_typed_data
from hypothesis import given, settings
from hypothesis import strategies as st

from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain, attestation_digest, rotation_digest
from light_clients.committee.errors import CommitteeMismatch, EpochMismatch, SignerUnknown
from light_clients.committee.members import MAXIMUM, Committee, Member
from light_clients.committee.wire import decode_update, encode_update
from light_clients.crypto.keccak import keccak256
from light_clients.errors import (
    EvidenceInvalid,
    HeaderIncomplete,
    LightClientError,
    QuorumNotReached,
    SignatureInvalid,
    SignerMismatch,
    UpdateMalformed,
)
from light_clients.interface import LightClient
from light_clients.types import ZERO_HASH, Address, ChainId, Hash32, Height, TrustedHeader
from tests.light_clients.shared import flipped
from tests.vectors.attesters import attesters, committee_of
from tests.vectors.committees import Scene, a_header, a_scene

u64 = st.integers(1, 2**64 - 1)
hashes = st.binary(min_size=32, max_size=32).filter(any).map(Hash32)
headers = st.builds(TrustedHeader, st.just(ChainId(31337)), u64.map(Height), hashes, hashes, hashes, u64)


def signatures(scene: Scene, digest: Hash32, who: range) -> dict[Address, bytes]:
    return {scene.signers[index].address: scene.signers[index].sign(digest) for index in who}


@pytest.mark.parametrize("size", range(1, 101))
def test_a_quorum_is_more_than_two_thirds(size: int) -> None:
    members = [Member(Address(number.to_bytes(20, "big"))) for number in range(1, size + 1)]

    needed = Committee(tuple(members)).needed

    assert 3 * needed > 2 * size >= 3 * (needed - 1)
    assert needed <= size


@pytest.mark.parametrize("size", range(1, 101))
def test_one_signature_less_than_a_quorum_is_too_few(size: int) -> None:
    scene = a_scene(size)
    header = a_header()
    needed = scene.client.committee.needed
    digest = scene.client.attestation_digest(header)
    enough = scene.endorsement(range(size - needed, size), digest)
    short = replace(enough, bitmap=enough.bitmap & enough.bitmap - 1, signatures=enough.signatures[1:])

    assert scene.client.verify(encode_update(header, enough)) == header
    with pytest.raises(QuorumNotReached) as error:
        scene.client.verify(encode_update(header, short))
    assert (error.value.signed, error.value.needed) == (needed - 1, needed)


@given(st.lists(st.integers(1, 2**96 - 1), min_size=1, max_size=MAXIMUM))
def test_a_quorum_is_more_than_two_thirds_of_the_weight(weights: list[int]) -> None:
    members = [Member(Address((n + 1).to_bytes(20, "big")), weight) for n, weight in enumerate(weights)]
    committee = Committee(tuple(members))

    everybody = (1 << len(weights)) - 1

    assert committee.weight_of(everybody) == committee.total == sum(weights)
    assert 3 * committee.needed > 2 * committee.total >= 3 * (committee.needed - 1)


def test_digests_are_eip_712() -> None:
    header = a_header()
    client = a_scene().client
    domain = {
        "name": "Lockkeeper Committee",
        "version": "1",
        "chainId": client.domain.destination,
        "verifyingContract": str(client.domain.client),
    }
    attestation = {
        "Attestation": [
            {"name": "sourceChain", "type": "uint64"},
            {"name": "epoch", "type": "uint64"},
            {"name": "height", "type": "uint64"},
            {"name": "blockHash", "type": "bytes32"},
            {"name": "stateRoot", "type": "bytes32"},
            {"name": "receiptsRoot", "type": "bytes32"},
            {"name": "timestamp", "type": "uint64"},
        ]
    }
    rotation = {
        "CommitteeRotation": [
            {"name": "sourceChain", "type": "uint64"},
            {"name": "epoch", "type": "uint64"},
            {"name": "committeeHash", "type": "bytes32"},
        ]
    }
    attested = {
        "sourceChain": header.chain,
        "epoch": 5,
        "height": header.height,
        "blockHash": bytes(header.block_hash),
        "stateRoot": bytes(header.state_root),
        "receiptsRoot": bytes(header.receipts_root),
        "timestamp": header.timestamp,
    }
    rotated = {"sourceChain": header.chain, "epoch": 6, "committeeHash": bytes(client.committee.hash)}

    theirs = [
        keccak256(b"\x19" + message.version + message.header + message.body)
        for message in (encode_typed_data(domain, attestation, attested), encode_typed_data(domain, rotation, rotated))
    ]

    assert attestation_digest(client.domain, 5, header) == theirs[0]
    assert rotation_digest(client.domain, header.chain, 6, client.committee.hash) == theirs[1]


@settings(max_examples=30)
@given(headers, st.integers(1, 12), st.data())
def test_whatever_is_built_is_accepted_and_reads_back(header: TrustedHeader, size: int, draw: st.DataObject) -> None:
    scene = a_scene(size, draw.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size)))
    given_ = signatures(scene, scene.client.attestation_digest(header), range(size))

    update = scene.client.build_update(header, given_)

    assert scene.client.verify(update) == header
    read, endorsement = decode_update(update, header.chain)
    assert encode_update(read, endorsement) == update


def test_every_byte_of_an_update_counts() -> None:
    scene = a_scene()
    update = scene.update(range(3), a_header())

    for place in range(len(update)):
        for mask in (0x01, 0x80, 0xFF):
            with pytest.raises(LightClientError):
                scene.client.verify(flipped(update, place, mask))


def test_every_byte_of_a_rotation_counts() -> None:
    scene = a_scene()
    following = committee_of(attesters(5, first=50))
    digest = scene.client.rotation_digest(following)
    rotation = scene.client.build_rotation(following, signatures(scene, digest, range(4)))

    for place in range(len(rotation)):
        with pytest.raises(LightClientError):
            scene.client.verify_rotation(flipped(rotation, place, 1 + place % 255))


def test_every_prefix_of_an_update_is_malformed() -> None:
    scene = a_scene()
    update = scene.update(range(3), a_header())

    for length in range(len(update)):
        with pytest.raises(UpdateMalformed):
            scene.client.verify(update[:length])


def test_an_update_takes_the_heaviest_signers_and_no_more() -> None:
    scene = a_scene(5, [1, 5, 1, 6, 3])
    header = a_header()

    update = scene.client.build_update(header, signatures(scene, scene.client.attestation_digest(header), range(5)))

    _, endorsement = decode_update(update, header.chain)
    assert endorsement.bitmap == 0b01010


def test_too_few_signatures_make_no_update() -> None:
    scene = a_scene()
    header = a_header()
    strangers = {one.address: b"\1" * 64 for one in attesters(4, first=100)}
    two = signatures(scene, scene.client.attestation_digest(header), range(2))

    with pytest.raises(QuorumNotReached) as error:
        scene.client.build_update(header, two | strangers)

    assert str(error.value) == "QuorumNotReached(signed=2, needed=3)"


def test_an_update_is_not_built_of_signatures_the_contract_would_refuse() -> None:
    scene = a_scene()
    header = a_header()
    wrong = signatures(scene, scene.client.attestation_digest(a_header(8)), range(3))

    with pytest.raises(SignerMismatch):
        scene.client.build_update(header, wrong)


def test_a_header_of_another_chain_is_not_asked_about() -> None:
    with pytest.raises(ValueError, match="chain 5"):
        a_scene().client.attestation_digest(replace(a_header(), chain=ChainId(5)))


def test_after_a_rotation_only_the_new_committee_is_believed() -> None:
    old, new = a_scene(), a_scene(5, first=50)
    header = a_header()
    digest = old.client.rotation_digest(new.client.committee)
    rotation = old.client.build_rotation(new.client.committee, signatures(old, digest, range(3)))

    following = old.client.verify_rotation(rotation)

    assert (following.epoch, following.committee) == (2, new.client.committee)
    assert following.verify(new.update(range(4), header, following)) == header
    with pytest.raises(CommitteeMismatch):
        following.verify(old.update(range(3), header))
    with pytest.raises(CommitteeMismatch):
        following.verify_rotation(rotation)
    with pytest.raises(SignerMismatch):
        following.verify(new.update(range(4), header))


def test_two_signed_headers_of_one_height_are_evidence() -> None:
    scene = a_scene()
    header, other = a_header(), replace(a_header(), state_root=keccak256(b"other"))
    one, conflicting = scene.update(range(3), header), scene.update(range(1, 4), other)

    evidence = scene.client.build_evidence(one, conflicting)

    assert scene.client.verify_misbehaviour(evidence) == (header, other)
    with pytest.raises(EvidenceInvalid):
        scene.client.build_evidence(one, one)


def test_one_attestation_is_checked_before_it_is_counted() -> None:
    scene = a_scene()
    client, header = scene.client, a_header()
    one, two = scene.signers[:2]
    signature = one.sign(client.attestation_digest(header))

    client.check_attestation(header, 1, one.address, signature)

    with pytest.raises(EpochMismatch):
        client.check_attestation(header, 2, one.address, signature)
    with pytest.raises(SignerUnknown):
        client.check_attestation(header, 1, attesters(1, first=100)[0].address, signature)
    with pytest.raises(SignerMismatch):
        client.check_attestation(header, 1, two.address, signature)
    with pytest.raises(SignerMismatch):
        client.check_attestation(a_header(8), 1, one.address, signature)
    with pytest.raises(SignatureInvalid):
        client.check_attestation(header, 1, one.address, bytes(64))
    with pytest.raises(HeaderIncomplete):
        client.check_attestation(replace(header, state_root=ZERO_HASH), 1, one.address, signature)


def test_members_may_be_given_in_any_order() -> None:
    members = [Member(one.address) for one in attesters(5)]

    assert Committee.of(reversed(members)) == Committee(tuple(members))


def test_half_a_word_is_no_member() -> None:
    with pytest.raises(UpdateMalformed):
        Committee.from_words(bytes(33))


def test_the_client_is_what_the_relayer_asks_for() -> None:
    scene = a_scene()

    client: LightClient = CommitteeClient(
        scene.client.source, Domain(ChainId(1), Address(bytes(20))), epoch=1, committee=scene.client.committee
    )

    assert client.source == scene.client.source
