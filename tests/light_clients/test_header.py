"""Headers of every fork: they hash to what the chain calls them, and whatever was changed on the way shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from light_clients.crypto.keccak import keccak256
from light_clients.errors import HeaderHashMismatch, HeaderMalformed
from light_clients.evm import header as headers
from light_clients.evm.header import FIELDS, Field, Header, check_announced, decode_header, header_from_json
from light_clients.evm.rlp import decode_list, encode
from light_clients.types import Address, Bloom, ChainId, Hash32
from tests.light_clients.shared import data, flipped, load

FORKS = {
    "frontier": headers.FRONTIER,
    "london": headers.LONDON,
    "shanghai": headers.SHANGHAI,
    "tycho": headers.TYCHO,
    "cancun": headers.CANCUN,
    "prague": headers.PRAGUE,
}

EXAMPLES: dict[str, st.SearchStrategy[object]] = {
    "difficulty": st.integers(0, 2**256 - 1),
    "base_fee_per_gas": st.integers(0, 2**256 - 1),
    "extra_data": st.binary(max_size=200),
    "nonce": st.binary(min_size=8, max_size=8),
    "beneficiary": st.binary(min_size=20, max_size=20).map(Address),
    "logs_bloom": st.binary(min_size=1, max_size=1).map(lambda byte: Bloom(byte * 256)),
}
for name in ("number", "gas_limit", "gas_used", "timestamp", "blob_gas_used", "excess_blob_gas"):
    EXAMPLES[name] = st.integers(0, 2**64 - 1)


def values_of(fields: tuple[Field, ...]) -> st.SearchStrategy[Header]:
    hashes = st.binary(min_size=32, max_size=32).map(Hash32)
    return st.tuples(*(EXAMPLES.get(field.name, hashes) for field in fields)).map(lambda values: Header(*values))


any_header = st.sampled_from(list(FORKS.values())).flatmap(values_of)


def as_json(header: Header) -> dict[str, object]:
    """The header as a node would put it."""

    def text(value: object) -> str:
        return hex(value) if isinstance(value, int) else "0x" + bytes(value).hex()  # type: ignore[call-overload]

    values = {field.json: getattr(header, field.name) for field in FIELDS}
    present = {name: text(value) for name, value in values.items() if value is not None}
    return present | {"hash": str(header.hash()), "transactions": [], "uncles": [], "size": "0x220"}


def a_header(fork: str = "prague") -> Header:
    hashes = {field.name: keccak256(field.name.encode()) for field in FORKS[fork]}
    fixed = {
        "beneficiary": Address(b"\xbe" * 20),
        "logs_bloom": Bloom(bytes(256)),
        "difficulty": 0,
        "number": 7,
        "gas_limit": 30_000_000,
        "gas_used": 21_000,
        "timestamp": 1_800_000_000,
        "extra_data": b"anvil",
        "nonce": bytes(8),
        "base_fee_per_gas": 10**9,
        "blob_gas_used": 0,
        "excess_blob_gas": 0,
    }
    return Header(**{name: fixed.get(name, value) for name, value in hashes.items()})  # type: ignore[arg-type]


@given(any_header)
def test_decoding_undoes_encoding(header: Header) -> None:
    assert decode_header(header.encode()) == header


@given(any_header)
def test_a_node_s_json_is_the_header_that_hashes_to_its_hash(header: Header) -> None:
    assert check_announced(as_json(header)) == (header, keccak256(header.encode()))


@pytest.mark.parametrize("fork", FORKS)
def test_each_fork_has_its_fields(fork: str) -> None:
    header = a_header(fork)

    assert len(decode_list(header.encode())) == len(FORKS[fork])
    assert decode_header(header.encode()) == header


@pytest.mark.parametrize("fork", FORKS)
def test_every_byte_of_a_header_is_in_its_hash(fork: str) -> None:
    header = a_header(fork)
    encoded = header.encode()

    for place in range(len(encoded)):
        for mask in (0x01, 0x80, 0xFF):
            try:
                changed = decode_header(flipped(encoded, place, mask))
            except HeaderMalformed:
                continue
            assert changed.hash() != header.hash()


@pytest.mark.parametrize("field", [field.json for field in FIELDS])
def test_a_block_whose_json_was_changed_is_refused(field: str) -> None:
    block = as_json(a_header())
    text = str(block[field])
    block[field] = text[:-1] + ("1" if text[-1] == "0" else "0")

    with pytest.raises(HeaderHashMismatch):
        check_announced(block)


@pytest.mark.parametrize("field", [field.json for field in FIELDS])
def test_a_block_whose_json_lacks_a_field_is_refused(field: str) -> None:
    block = as_json(a_header())
    del block[field]

    with pytest.raises((HeaderMalformed, HeaderHashMismatch)):
        check_announced(block)


def drop(*names: str) -> Callable[[dict[str, object]], dict[str, object]]:
    return lambda block: {name: value for name, value in block.items() if name not in names}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (drop("hash"), "hash"),
        (lambda block: block | {"hash": "0x00"}, "hash"),
        (lambda block: block | {"hash": "zz"}, "hash"),
        (drop("parentHash"), "parent_hash"),
        (lambda block: block | {"number": 7}, "number"),
        (lambda block: block | {"number": "7"}, "number"),
        (lambda block: block | {"number": "0x"}, "number"),
        (lambda block: block | {"number": "0xzz"}, "number"),
        (lambda block: block | {"number": "0x" + "f" * 17}, "number"),
        (lambda block: block | {"number": "0x-1"}, "number"),
        (lambda block: block | {"nonce": None}, "nonce"),
        (lambda block: block | {"nonce": "0x0"}, "nonce"),
        (lambda block: block | {"miner": "0x" + "00" * 19}, "beneficiary"),
        (lambda block: block | {"logsBloom": "0x00"}, "logs_bloom"),
        (drop("baseFeePerGas"), "withdrawals_root"),
        (drop("excessBlobGas"), "excess_blob_gas"),
    ],
)
def test_what_is_wrong_with_a_json_header_is_named(
    change: Callable[[dict[str, object]], dict[str, object]], field: str
) -> None:
    with pytest.raises(HeaderMalformed) as error:
        check_announced(change(as_json(a_header())))

    assert error.value.field == field


def test_numbers_may_come_with_leading_zeros() -> None:
    block = as_json(a_header())
    block["number"] = "0x0007"

    assert check_announced(block)[0].number == 7


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parent_hash", bytes(31)),
        ("beneficiary", bytes(21)),
        ("logs_bloom", bytes(255)),
        ("number", b"\0"),
        ("number", b"\1" * 9),
        ("difficulty", b"\1" * 33),
        ("base_fee_per_gas", b"\0\1"),
        ("nonce", bytes(7)),
        ("extra_data", [b""]),
        ("state_root", [bytes(32)]),
        ("number", [b"\1"]),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(field: str, value: bytes | list[bytes]) -> None:
    items = decode_list(a_header().encode())
    items[[one.name for one in FIELDS].index(field)] = list(value) if isinstance(value, list) else value

    with pytest.raises(HeaderMalformed) as error:
        decode_header(encode(items))

    assert error.value.field == field


@pytest.mark.parametrize("count", [0, 14, 18, 22])
def test_no_fork_has_so_many_fields(count: int) -> None:
    items = [*decode_list(a_header().encode()), bytes(32)][:count]

    with pytest.raises(HeaderMalformed):
        decode_header(encode(items))


def test_a_header_of_no_fork_is_not_encoded() -> None:
    with pytest.raises(HeaderMalformed):
        replace(a_header("tycho"), excess_blob_gas=None).encode()
    with pytest.raises(HeaderMalformed):
        replace(a_header("cancun"), excess_blob_gas=None).encode()


@pytest.mark.parametrize("raw", [b"", b"\x80", b"\xc0\0", b"\xf9"])
def test_what_is_no_list_is_no_header(raw: bytes) -> None:
    with pytest.raises(HeaderMalformed):
        decode_header(raw)


def test_a_light_client_vouches_for_number_roots_and_time() -> None:
    header = a_header()

    trusted = header.trusted(ChainId(31337), header.hash())

    assert (trusted.chain, trusted.height, trusted.timestamp) == (31337, 7, 1_800_000_000)
    assert (trusted.state_root, trusted.receipts_root) == (header.state_root, header.receipts_root)
    assert trusted.block_hash == header.hash()


def test_a_json_header_of_the_bft_family_is_read_without_judging_its_hash() -> None:
    block = as_json(a_header()) | {"hash": "0x" + "11" * 32}

    assert header_from_json(block) == a_header()


CHAINS = [
    "clique/rinkeby_0_5.json",
    "clique/rinkeby_269.json",
    "clique/goerli_1000000.json",
    "clique/besu_clique_london_0_4.json",
    "parlia/mainnet_epoch31923600_11headers.json",
    "parlia/mainnet_31924101_11headers_one_missing_vote.json",
    "parlia/mainnet_epoch32160200_3headers.json",
    "parlia/chapel_epoch39981000_8headers.json",
    "parlia/chapel_epoch45214600_6headers_bohr.json",
    "mpt/broadcaster_ethereum_arb_pointer_proof_block_10128554.json",
    "mpt/broadcaster_ethereum_broadcast_proof_block_9496454.json",
    "arbitrum/broadcaster_arbitrum_broadcast_proof_block_207673361.json",
    "otherl2/taiko_taikoProofL2.json",
]


@pytest.mark.parametrize("file", CHAINS)
def test_real_headers_hash_to_their_hashes(file: str) -> None:
    content = load(file)
    listed = content if isinstance(content, list) else content.get("headers", [content])
    assert listed

    for entry in listed:
        raw = data(entry.get("headerRlp") or entry["rlpBlockHeader"])
        header = decode_header(raw)
        assert header.encode() == raw
        assert header.hash() == data(entry["blockHash"])
        assert header.state_root == data(entry["stateRoot"])


def test_real_blocks_of_the_proof_of_work_and_prague_era_are_what_they_announce() -> None:
    check_announced(load("mpt/mainnet_header_11408438.json"))
    check_announced(load("mpt/mainnet_getproof_deposit_contract.json")["block"])


@pytest.mark.parametrize("file", ["qbft_besu_block7528_round1_4val", "ibft2_besu_block5618555_4val"])
def test_real_bft_headers_hash_as_their_consensus_says(file: str) -> None:
    content = load(f"bft/{file}.json")
    raw = data(content["headerRlp"])
    header = decode_header(raw)
    vanity, validators, vote, round_, _seals = decode_list(header.extra_data)

    hashed = [vanity, validators, vote, b"", []] if content["consensus"] == "qbft" else [vanity, validators, vote]
    signed = [vanity, validators, vote, round_] + ([[]] if content["consensus"] == "qbft" else [])

    assert header.encode() == raw
    assert replace(header, extra_data=encode(hashed)).hash() == data(content["expected"]["blockHash"])
    assert replace(header, extra_data=encode(signed)).hash() == data(content["expected"]["commitSealHash"])
