"""Real headers of Besu's QBFT and IBFT 2.0, and extra data of other codecs' tests."""

from __future__ import annotations

from typing import Any

import pytest

from light_clients.bft.client import HALF, BftClient, Newest
from light_clients.bft.errors import ExtraDataMalformed
from light_clients.bft.extra_data import Dialect, Vote, block_hash, decode_extra, sealed
from light_clients.bft.seals import sealed_by
from light_clients.bft.validators import Validators
from light_clients.errors import LightClientError, SignerMismatch
from light_clients.evm.header import Header, decode_header
from light_clients.types import Address, ChainId, Hash32, Height
from tests.light_clients.shared import data, flipped, load

HEADERS = (
    "qbft_besu_block7528_round1_4val",
    "ibft2_besu_block1_round1_4val",
    "ibft2_besu_block100655_1val",
    "ibft2_besu_block5618555_4val",
)
every_header = pytest.mark.parametrize("name", HEADERS)


def read(name: str) -> tuple[dict[str, Any], Header, Dialect]:
    fixture = load(f"bft/{name}.json")
    return fixture, decode_header(data(fixture["headerRlp"])), Dialect(fixture["consensus"])


def client_before(header: Header, dialect: Dialect) -> BftClient:
    """One that trusts the header's parent, and its list."""
    listed = Validators.of(sealed(header, dialect).extra.validators)
    newest = Newest(header.number - 1, header.timestamp - 2, header.parent_hash[:HALF])
    return BftClient(ChainId(1), dialect, listed, newest, trusting_period=100)


@every_header
def test_a_real_header_has_its_hashes(name: str) -> None:
    fixture, header, dialect = read(name)
    expected = fixture["expected"]

    parts = sealed(header, dialect)

    assert str(parts.digest) == expected["commitSealHash"]
    assert str(block_hash(header, dialect)) == expected["blockHash"]
    assert parts.extra.round == expected["round"]
    assert [str(one) for one in parts.extra.validators] == expected["validators"]
    assert parts.extra.encode(dialect) == header.extra_data
    assert {str(one) for one in sealed_by(header, dialect)} == set(expected["signers"])


@every_header
def test_a_real_header_is_final(name: str) -> None:
    fixture, header, dialect = read(name)
    client = client_before(header, dialect)

    update = client.build_update([header], header.timestamp)

    _, trusted = client.advance(update, header.timestamp)
    assert trusted == header.trusted(ChainId(1), Hash32.from_hex(fixture["expected"]["blockHash"]))


@every_header
def test_every_byte_of_a_real_header_counts(name: str) -> None:
    _, header, dialect = read(name)
    client = client_before(header, dialect)
    update = client.build_update([header], header.timestamp)
    expected = client.advance(update, header.timestamp)

    for place in range(len(update)):
        try:
            outcome = client.advance(flipped(update, place, 1 << place % 8), header.timestamp)
        except LightClientError:
            continue
        assert outcome == expected


@every_header
def test_a_real_header_is_not_final_in_the_other_dialect(name: str) -> None:
    _, header, dialect = read(name)
    other = Dialect.IBFT2 if dialect is Dialect.QBFT else Dialect.QBFT
    client = client_before(header, dialect)
    update = client.build_update([header], header.timestamp)

    with pytest.raises(ExtraDataMalformed):
        sealed(header, other)
    wrong = BftClient(ChainId(1), other, client.validators, client.newest, client.trusting_period)
    with pytest.raises(ExtraDataMalformed):
        wrong.advance(update, header.timestamp)


def test_seals_of_another_round_are_of_another_digest() -> None:
    _, header, dialect = read(HEADERS[0])
    client = client_before(header, dialect)
    update = client.build_update([header], header.timestamp)
    at = sealed(header, dialect).header.encode().index(b"\xc0\x01\xc0\xa0ctical byz") + 1

    with pytest.raises(SignerMismatch):
        client.advance(update[:at] + b"\x02" + update[at + 1 :], header.timestamp)


def test_besus_own_extra_data_is_read() -> None:
    vectors = load("bft/extradata_vectors.json")
    besu = vectors["besu_qbft_codec_vector"]

    extra = decode_extra(data(besu["hex"]), Dialect.QBFT)

    assert [str(one) for one in extra.validators] == besu["decoded"]["validators"]
    assert extra.vote == Vote(Address.from_hex(besu["decoded"]["vote"]["recipient"]), add=True)
    assert extra.round == 0xFEDCBA
    assert len(extra.seals) == 2
    assert extra.encode(Dialect.QBFT) == data(besu["hex"])


def test_goquorums_extra_data_is_read() -> None:
    rounds = []
    for text in load("bft/extradata_vectors.json")["goquorum_qbft_extra_vectors"]:
        extra = decode_extra(data(text), Dialect.QBFT)
        assert extra.encode(Dialect.QBFT) == data(text)
        assert len(extra.validators) == 4
        rounds.append(extra.round)
    assert rounds == [5, 0, 0]


def test_legacy_extra_data_is_refused() -> None:
    for text in load("bft/extradata_vectors.json")["goquorum_extra_vectors"][:2]:
        for dialect in Dialect:
            with pytest.raises(ExtraDataMalformed):
                decode_extra(data(text), dialect)


def test_heights_are_the_chains_own() -> None:
    assert [read(name)[1].number for name in HEADERS] == [Height(7528), Height(1), Height(100655), Height(5618555)]
