"""The walk of EIP-225: who may seal, whose turn it is, and what votes change."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from light_clients.clique.errors import (
    CheckpointMismatch,
    CliqueError,
    DifficultyInvalid,
    ExtraDataMalformed,
    HeaderReserved,
    HeadersUnlinked,
    SealInvalid,
    SignedRecently,
    SignerUnauthorized,
    VoteMalformed,
)
from light_clients.clique.seal import ExtraData, seal_hash, signer_of, unsealed, with_seal
from light_clients.clique.snapshot import FOR, Snapshot
from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import ORDER
from light_clients.evm.header import Header, decode_header
from light_clients.types import Address, Hash32
from tests.light_clients import shared
from tests.vectors.clique_chains import Block, addresses, chain, child_of, named, resealed

EPOCH = 30_000
FAILURES = {"errUnauthorizedSigner": SignerUnauthorized, "errRecentlySigned": SignedRecently}


@dataclass(frozen=True)
class Scenario:
    """One case of the table in EIP-225."""

    name: str
    signers: tuple[str, ...]
    blocks: tuple[Block, ...]
    results: tuple[str, ...] = ()
    failure: type[CliqueError] | None = None
    epoch: int = EPOCH


def names_in(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r'"(\w)"', text))


def scenarios_of_the_eip() -> list[Scenario]:
    path = shared.FOLDER / "clique" / "eip225_voting_scenarios.md"
    return parse(path) if path.is_file() else []


def parse(path: Path) -> list[Scenario]:
    table = path.read_text().partition("}{\n")[2]
    scenarios = []
    for place, text in enumerate(re.split(r"\n  \}, \{\n", table)):
        comment = " ".join(re.findall(r"^\s*// (.*)$", text.partition("signers:")[0], re.MULTILINE))
        blocks = []
        for line in re.findall(r'\{signer: "\w".*?\}(?:\}|)', text):
            signer, voted = re.search(r'signer: "(\w)"', line), re.search(r'voted: "(\w)"', line)
            assert signer
            listed = re.search(r"checkpoint: \[\]string\{(.*?)\}", line)
            blocks.append(
                Block(signer[1], voted[1] if voted else "", "auth: true" in line, names_in(listed[1]) if listed else ())
            )
        signers = re.search(r"signers: \[\]string\{(.*?)\}", text)
        results = re.search(r"results: \[\]string\{(.*?)\}", text)
        failure = re.search(r"failure: (\w+)", text)
        epoch = re.search(r"epoch: +(\d+)", text)
        assert signers
        scenarios.append(
            Scenario(
                f"{place} {comment}",
                names_in(signers[1]),
                tuple(blocks),
                names_in(results[1]) if results else (),
                FAILURES[failure[1]] if failure else None,
                int(epoch[1]) if epoch else EPOCH,
            )
        )
    return scenarios


OF_THE_EIP = scenarios_of_the_eip()


def holds(scenario: Scenario) -> None:
    genesis, *headers = chain(scenario.signers, scenario.blocks, scenario.epoch)
    start = Snapshot.of_checkpoint(genesis, scenario.epoch)

    if scenario.failure:
        before = start.walk(headers[:-1])
        with pytest.raises(scenario.failure):
            before.apply(headers[-1])
    else:
        assert start.walk(headers).signers == addresses(scenario.results)


def test_the_table_of_the_eip_is_read_whole() -> None:
    if not OF_THE_EIP:
        pytest.skip(f"no table of EIP-225 under {shared.FOLDER}")

    text = (shared.FOLDER / "clique" / "eip225_voting_scenarios.md").read_text()

    assert len(OF_THE_EIP) == text.count("blocks:") == 23
    assert sum(len(scenario.blocks) for scenario in OF_THE_EIP) == text.count("{signer:")
    assert sum(scenario.failure is not None for scenario in OF_THE_EIP) == text.count("failure: err") == 3


@pytest.mark.parametrize("scenario", OF_THE_EIP, ids=lambda scenario: scenario.name)
def test_a_scenario_of_the_eip_ends_as_it_says(scenario: Scenario) -> None:
    holds(scenario)


OURS = [
    Scenario("nobody votes", ("A", "B", "C"), tuple(map(Block, "ABCABC")), ("A", "B", "C")),
    Scenario(
        "half of the signers are not enough",
        ("A", "B", "C", "D"),
        (Block("A", "E", auth=True), Block("B", "E", auth=True)),
        ("A", "B", "C", "D"),
    ),
    Scenario(
        "who has just come in may seal the next block",
        ("A",),
        (Block("A", "B", auth=True), Block("B")),
        ("A", "B"),
    ),
    Scenario(
        "who has just been dropped may not",
        ("A", "B"),
        (Block("A", "B"), Block("B", "B"), Block("B")),
        failure=SignerUnauthorized,
    ),
    Scenario(
        "a vote withdrawn counts no more",
        ("A", "B"),
        (Block("A", "C", auth=True), Block("B"), Block("A", "C"), Block("B", "C", auth=True)),
        ("A", "B"),
    ),
    Scenario(
        "a smaller set frees a signer sooner",
        ("A", "B", "C", "D"),
        (Block("A", "D"), Block("B", "D"), Block("C", "D"), Block("B")),
        ("A", "B", "C"),
    ),
    Scenario(
        "a greater set holds a signer longer",
        ("A", "B", "C"),
        (Block("A", "D", auth=True), Block("B", "D", auth=True), Block("A")),
        failure=SignedRecently,
    ),
]


@pytest.mark.parametrize("scenario", OURS, ids=lambda scenario: scenario.name)
def test_a_scenario_of_our_own_ends_as_it_says(scenario: Scenario) -> None:
    holds(scenario)


def test_an_epoch_lists_the_signers_and_forgets_votes() -> None:
    blocks = [Block("A", "D", auth=True), Block("B", checkpoint=("A", "B", "C")), Block("C", "D", auth=True)]
    genesis, *headers = chain("ABC", blocks, epoch_length=2)

    before, at, after = (Snapshot.of_checkpoint(genesis, 2).walk(headers[:count]) for count in (1, 2, 3))

    assert [len(one.votes) for one in (before, at, after)] == [1, 0, 1]
    assert after.signers == addresses("ABC")
    assert at.recents == {1: named("A").address, 2: named("B").address}
    assert not at.may_seal(named("B").address)
    assert at.may_seal(named("C").address)


def refused(block: Block, error: type[CliqueError], changes: dict[str, object]) -> None:
    """The block after the first is refused for that reason alone."""
    genesis, first = chain("ABC", [Block("A")])
    snapshot = Snapshot.of_checkpoint(genesis, EPOCH).apply(first)
    difficulty = snapshot.difficulty_of(2, named(block.signer).address)
    snapshot.apply(child_of(first, replace(block, voted="", auth=False), difficulty))

    with pytest.raises(error):
        snapshot.apply(child_of(first, block, difficulty, changes))


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        (HeadersUnlinked, {"number": 3}),
        (HeadersUnlinked, {"parent_hash": keccak256(b"another")}),
        (HeaderReserved, {"mix_hash": keccak256(b"random")}),
        (HeaderReserved, {"ommers_hash": keccak256(b"ommers")}),
        (VoteMalformed, {"nonce": b"\xff" * 7 + b"\0"}),
        (DifficultyInvalid, {"difficulty": 0}),
        (DifficultyInvalid, {"difficulty": 3}),
        (ExtraDataMalformed, {"extra_data": bytes(98)}),
        (ExtraDataMalformed, {"extra_data": bytes(32 + 20 + 65)}),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else next(iter(value)),
)
def test_a_header_that_breaks_a_rule_is_refused(error: type[CliqueError], changes: dict[str, object]) -> None:
    refused(Block("B"), error, changes)


def test_a_header_without_room_for_a_seal_is_refused() -> None:
    with pytest.raises(ExtraDataMalformed):
        signer_of(replace(chain("A", [])[0], extra_data=bytes(96)))


@pytest.mark.parametrize("signer", "BC")
def test_the_difficulty_tells_whose_turn_it_is(signer: str) -> None:
    genesis, first = chain("ABC", [Block("A")])
    snapshot = Snapshot.of_checkpoint(genesis, EPOCH).apply(first)
    right = snapshot.difficulty_of(2, named(signer).address)

    assert (right == 2) == (snapshot.signers.index(named(signer).address) == 2)
    snapshot.apply(child_of(first, Block(signer), right))
    with pytest.raises(DifficultyInvalid):
        snapshot.apply(child_of(first, Block(signer), 3 - right))


@pytest.mark.parametrize(
    ("error", "block", "changes"),
    [
        (ExtraDataMalformed, Block("B"), {}),
        (CheckpointMismatch, Block("B", checkpoint=("A", "B")), {}),
        (CheckpointMismatch, Block("B", checkpoint=("A", "B", "D")), {}),
        (VoteMalformed, Block("B", voted="D", checkpoint=("A", "B", "C")), {}),
        (VoteMalformed, Block("B", checkpoint=("A", "B", "C")), {"nonce": FOR}),
    ],
)
def test_an_epoch_that_breaks_a_rule_is_refused(
    error: type[CliqueError], block: Block, changes: dict[str, object]
) -> None:
    genesis, first = chain("ABC", [Block("A")], epoch_length=2)
    snapshot = Snapshot.of_checkpoint(genesis, 2).apply(first)
    difficulty = snapshot.difficulty_of(2, named("B").address)
    snapshot.apply(child_of(first, Block("B", checkpoint=("A", "B", "C")), difficulty))

    with pytest.raises(error):
        snapshot.apply(child_of(first, block, difficulty, changes))


def test_a_walk_starts_at_an_epoch_only() -> None:
    _, first = chain("ABC", [Block("A")])

    with pytest.raises(ExtraDataMalformed):
        Snapshot.of_checkpoint(first, EPOCH)


def test_a_seal_that_is_nobodys_is_refused() -> None:
    _, header = chain("ABC", [Block("A")])
    seal = header.extra_data[-65:]
    high = ORDER - int.from_bytes(seal[32:64], "big")
    broken = [
        bytes(65),
        seal[:64] + b"\x1b",
        seal[:64] + b"\2",
        bytes(32) + seal[32:],
        seal[:32] + bytes(32) + seal[64:],
        seal[:32] + high.to_bytes(32, "big") + bytes((1 - seal[64],)),
    ]

    for bad in broken:
        with pytest.raises(SealInvalid) as error:
            signer_of(replace(header, extra_data=header.extra_data[:-65] + bad), 7)
        assert error.value.index == 7


def test_what_is_sealed_is_read_back() -> None:
    bare = unsealed(chain("A", [])[0], vanity=b"v" * 32, signers=addresses("AB"))

    sealed = with_seal(bare, named("B").sign(seal_hash(bare)))

    assert signer_of(sealed) == named("B").address
    assert seal_hash(sealed) == seal_hash(bare) != sealed.hash()
    extra = ExtraData.decode(sealed.extra_data)
    assert (extra.vanity, extra.signers) == (b"v" * 32, addresses("AB"))
    assert extra.encode() == sealed.extra_data
    assert resealed(sealed, "B") == sealed


def headers_of(file: str) -> list[dict[str, object]]:
    content = shared.load(f"clique/{file}")
    return content if isinstance(content, list) else [content]


def read(entry: dict[str, object]) -> Header:
    return decode_header(shared.data(str(entry["headerRlp"])))


@pytest.mark.parametrize("file", ["rinkeby_0_5.json", "besu_clique_london_0_4.json"])
def test_a_real_chain_is_walked_from_its_genesis(file: str) -> None:
    genesis, *headers = map(read, headers_of(file))

    snapshot = Snapshot.of_checkpoint(genesis, EPOCH)
    after = snapshot.walk(headers)

    assert after.number == len(headers)
    assert after.signers == snapshot.signers
    assert {signer_of(header) for header in headers} <= set(snapshot.signers)


@pytest.mark.parametrize(
    "file", ["rinkeby_0_5.json", "rinkeby_269.json", "goerli_1000000.json", "besu_clique_london_0_4.json"]
)
def test_a_real_header_has_the_signer_and_the_hash_it_is_known_by(file: str) -> None:
    for entry in headers_of(file):
        header = read(entry)

        if "blockHash" in entry:
            assert header.hash() == Hash32.from_hex(str(entry["blockHash"]))
        if "sealHash" in entry:
            assert seal_hash(header) == Hash32.from_hex(str(entry["sealHash"]))
        if "signer" in entry:
            assert signer_of(header) == Address.from_hex(str(entry["signer"]))
