"""The presets of chains: each loads, builds its light client, and says what is wrong with a changed one."""

from __future__ import annotations

from pathlib import Path

import pytest

from light_clients.bft.validators import Validators
from light_clients.clique.signers import Signers
from light_clients.committee.client import CommitteeClient
from light_clients.committee.digests import Domain
from light_clients.committee.members import Committee, Member
from light_clients.errors import LightClientError
from light_clients.interface import LightClient
from light_clients.sync_committee import presets as beacon_chains
from light_clients.types import ChainId, Height, TrustedHeader
from relayer.chain_presets import (
    BftPreset,
    CliquePreset,
    CommitteePreset,
    Preset,
    SyncCommitteePreset,
    names,
    preset,
    read_preset,
)
from relayer.config import Chain, load
from relayer.domain.errors import Misconfigured
from relayer.ports import Finality
from relayer.preset_clients import bft_client, clique_client, network, sync_committee_client
from tests.makers import a_hash, an_address

FOLDER = Path(__file__).parents[2] / "config" / "chains"
ALL = ["anvil", "besu-ibft2", "besu-qbft", "ethereum", "geth-clique", "gnosis", "goquorum", "sepolia"]
BEACON_CHAINS = ["ethereum", "gnosis", "sepolia"]
PEOPLE = sorted(an_address(seed) for seed in range(4))
ANCHOR = TrustedHeader(ChainId(1337), Height(30_000), a_hash("block"), a_hash("state"), a_hash("rcpts"), 1_700_000_000)


def a_client_of(chosen: Preset) -> LightClient:
    """The Python client of this preset, from an anchor and a set of signers that an operator would name."""
    match chosen.light_client:
        case SyncCommitteePreset() as parameters:
            slot = parameters.forks[-1].epoch * parameters.slots_per_epoch
            period = network(parameters).period(slot)
            return sync_committee_client(parameters, chosen.id or ANCHOR.chain, slot, {period: a_hash("committee")})
        case BftPreset() as parameters:
            return bft_client(parameters, ANCHOR, Validators.of(PEOPLE))
        case CliquePreset() as parameters:
            return clique_client(parameters, ANCHOR, Signers.of(PEOPLE))
        case CommitteePreset():
            committee = Committee(tuple(Member(person) for person in PEOPLE))
            return CommitteeClient(chosen.id or ANCHOR.chain, Domain(ChainId(1), an_address()), 1, committee)


def a_config(folder: Path, chain: str) -> Path:
    path = folder / "relayer.toml"
    path.write_text(f'[keys.main]\nkind = "file"\npath = "key"\n[[chains]]\n{chain}')
    return path


ENDPOINT = f'endpoints = ["http://127.0.0.1:1"]\ngateway = "{an_address()}"\n'


def a_chain(folder: Path, said: str) -> Chain:
    return load(a_config(folder, said + "\n" + ENDPOINT)).chains[0]


def test_there_is_a_preset_of_every_kind_of_chain() -> None:
    assert names() == ALL


@pytest.mark.parametrize("name", ALL)
def test_a_preset_loads_and_is_named_as_its_file(name: str) -> None:
    assert preset(name).name == name


@pytest.mark.parametrize("name", ALL)
def test_a_preset_builds_its_light_client(name: str) -> None:
    client = a_client_of(preset(name))

    assert client.source == (preset(name).id or ANCHOR.chain)
    with pytest.raises(LightClientError):
        client.advance(b"no update", ANCHOR.timestamp)


@pytest.mark.parametrize("name", BEACON_CHAINS)
def test_a_beacon_chains_preset_is_the_network_that_the_client_knows(name: str) -> None:
    parameters = preset(name).light_client

    assert isinstance(parameters, SyncCommitteePreset)
    assert network(parameters) == getattr(beacon_chains, name.upper())


@pytest.mark.parametrize("name", BEACON_CHAINS)
def test_headers_and_sync_committees_fork_at_the_same_time(name: str) -> None:
    chosen = preset(name)
    assert isinstance(chosen.light_client, SyncCommitteePreset)
    chain = network(chosen.light_client)

    times = [chain.time(fork.epoch * chain.slots_per_epoch) for fork in chain.forks]

    assert times == [fork.time for fork in chosen.forks if fork.time is not None]
    assert chosen.block_seconds == float(chain.seconds_per_slot)


@pytest.mark.parametrize(
    ("name", "number", "timestamp", "fields"),
    [
        ("ethereum", 0, 1_438_269_973, 15),
        ("ethereum", 12_964_999, 1_628_166_812, 15),
        ("ethereum", 12_965_000, 1_628_166_822, 16),
        ("ethereum", 17_034_869, 1_681_338_443, 16),
        ("ethereum", 17_034_870, 1_681_338_455, 17),
        ("ethereum", 19_426_587, 1_710_338_135, 20),
        ("ethereum", 22_431_084, 1_746_612_311, 21),
        ("ethereum", 24_000_000, 1_770_000_000, 21),
        ("sepolia", 0, 1_633_267_481, 16),
        ("goquorum", 5, 1_700_000_000, 15),
        ("besu-qbft", 0, 0, 16),
    ],
)
def test_a_header_has_the_fields_of_its_fork(name: str, number: int, timestamp: int, fields: int) -> None:
    assert preset(name).header_fields(number, timestamp) == fields


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("ethereum", ("id = 1", "id = 0"), "id: input should be greater"),
        ("ethereum", ("id = 1", 'id = "one"'), "id: input should be a valid integer"),
        ("ethereum", ("block_seconds", "block_second"), "block_seconds: is missing; add it"),
        ("ethereum", ('"finalized"', '"final"'), "finality: input tag 'final'"),
        (
            "ethereum",
            ('hashing = "ethereum"', 'hashing = "qbft"'),
            "light_client: a sync_committee chain has `hashing`",
        ),
        ("ethereum", ("block = 60000000", "block = 0"), "gas.block: input should be greater"),
        ("ethereum", ("block = 60000000", "block = 6e7"), "gas.block: input should be a valid integer"),
        ("ethereum", ('"eip1559"', '"free"'), "gas.model: input should be 'eip1559' or 'legacy'"),
        ("ethereum", ('"london"', '"lodnon"'), "forks[1].name: no fork that changes headers"),
        ("ethereum", ("fields = 16", "fields = 17"), "forks[1].fields: a header of london has 16"),
        ("ethereum", ("block = 12965000, ", ""), "forks[1].time: a fork starts either at a `block` or at a `time`"),
        ("ethereum", ("time = 1681338455", "block = 1, time = 1681338455"), "forks[2].time: a fork starts either"),
        ("ethereum", ("1710338135", "1681338455"), "forks: cancun does not follow shanghai"),
        ("ethereum", ('"0x03000000"', '"0x030000"'), "light_client.forks[0].version: not 4 bytes in hex"),
        ("ethereum", ('"0x03000000"', '"0x0300000g"'), "light_client.forks[0].version: not 4 bytes in hex"),
        ("ethereum", ('"0x4b36', '"0x4b'), "light_client.genesis_validators_root: not 32 bytes in hex"),
        ("ethereum", ("epoch = 269568", "epoch = 194048"), "light_client.forks: do not ascend by epoch"),
        ("ethereum", ("finality = 105", "finality = 0"), "light_client.forks[0].finality: input should be greater"),
        ("ethereum", ("committee_size = 512", "committee_size = 511"), "light_client.committee_size: input should be"),
        ("ethereum", ("slots_per_epoch", "slots_per_epohc"), "light_client.slots_per_epoch: is missing"),
        ("ethereum", ("trusting_seconds = 864000", "trusting_seconds = 0"), "light_client.trusting_seconds: input"),
        ("ethereum", ('hashing = "Yellow', 'hash = "Yellow'), "sources: must name the source of every value"),
        ("besu-qbft", ('kind = "qbft"', 'kind = "ibft2"'), "light_client: a ibft2 chain has `hashing` 'ibft2'"),
        ("besu-qbft", ("one_third_overlap = false\n", ""), "light_client.one_third_overlap: is missing"),
        ("geth-clique", ("depth = 32", "depth = 0"), "finality.depth: input should be greater"),
        ("geth-clique", ("confirmations = 32", "confirmations = 0"), "light_client.confirmations: input should be"),
        ("anvil", ('kind = "committee"', 'kind = "comittee"'), "light_client: input tag 'comittee'"),
        ("anvil", ("[sources]", "[sources"), "no TOML"),
    ],
)
def test_a_mistake_in_a_preset_names_its_key(tmp_path: Path, name: str, change: tuple[str, str], says: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text()
    assert change[0] in text
    path = tmp_path / f"{name}.toml"
    path.write_text(text.replace(change[0], change[1], 1))

    with pytest.raises(Misconfigured) as refusal:
        read_preset(path)

    assert f"{name}.toml: {says}" in str(refusal.value)


def test_a_preset_fills_in_what_the_operator_does_not_say(tmp_path: Path) -> None:
    chain = a_chain(tmp_path, 'preset = "besu-ibft2"\nid = 1337')

    assert (chain.id, chain.name, chain.block_seconds, chain.hashing) == (1337, "besu-ibft2", 2.0, "ibft2")
    assert chain.finality.kind is Finality.LATEST


def test_a_public_chains_preset_brings_its_id(tmp_path: Path) -> None:
    chain = a_chain(tmp_path, 'preset = "sepolia"')

    assert (chain.id, chain.block_seconds, chain.finality.kind) == (11_155_111, 12.0, Finality.FINALIZED)


def test_the_operators_own_keys_win(tmp_path: Path) -> None:
    said = 'id = 7\nname = "mine"\nblock_seconds = 1.5\nfinality = { kind = "confirmations", depth = 3 }'

    chain = a_chain(tmp_path, f'preset = "besu-qbft"\n{said}')

    assert (chain.id, chain.name, chain.block_seconds, chain.finality.depth) == (7, "mine", 1.5, 3)
    assert chain.hashing == "qbft"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ('preset = "besu"', "chains[0].preset: there is no preset 'besu'; known: anvil, besu-ibft2"),
        ('preset = "besu-qbft"', "chains[0].id: is missing; add it"),
        ('preset = ["besu-qbft"]', "chains[0].preset: input should be a valid string"),
        ('preset = "../chains/anvil"', "chains[0].preset: there is no preset '../chains/anvil'"),
        ('preset = "anvil"\nblock_seconds = 0', "chains[0].block_seconds: input should be greater"),
    ],
)
def test_a_mistake_beside_a_preset_names_its_key(tmp_path: Path, said: str, says: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        a_chain(tmp_path, said)

    assert says in str(refusal.value)


def test_a_preset_that_is_not_there_is_named() -> None:
    with pytest.raises(Misconfigured, match="there is no preset 'mainnet'; known: anvil"):
        preset("mainnet")
