"""The configuration: what loads, and what every mistake says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from relayer.config import Config, json_schema, load, read
from relayer.config_checks import _models
from relayer.config_clients import CommitteeLightClient
from relayer.domain.errors import Misconfigured

EXAMPLE = Path(__file__).parents[2] / "config" / "relayer.example.toml"


def every_model(model: type[BaseModel], known: frozenset[type[BaseModel]] = frozenset()) -> Iterator[type[BaseModel]]:
    """Each once: light clients may hold light clients."""
    yield model
    for field in model.model_fields.values():
        for inner in _models(field.annotation):
            if inner not in known | {model}:
                yield from every_model(inner, known | {model})


def every_key(model: type[BaseModel]) -> set[str]:
    return {key for each in every_model(model) for key in each.model_fields}


def a_file(folder: Path, *changes: tuple[str, str]) -> Path:
    text = EXAMPLE.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "relayer.toml"
    path.write_text(text)
    return path


def test_the_example_loads() -> None:
    config = load(EXAMPLE)

    assert [chain.name for chain in config.chains] == ["harbour", "island"]
    client = config.lanes[0].light_client
    assert isinstance(client, CommitteeLightClient)
    assert client.committee().needed == 3


def test_every_key_occurs_in_the_example() -> None:
    text = EXAMPLE.read_text()

    assert [
        key for key in every_key(Config) if f"{key} = " not in text and f"{key}]" not in text and f"[{key}." not in text
    ] == []


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load(a_file(tmp_path))

    assert config.keys["main"].model_dump()["path"] == tmp_path / "relayer.key"
    assert config.store.url == f"sqlite+aiosqlite:///{tmp_path}/lockkeeper.db"


def test_fees_are_not_claimed_where_nothing_can_prove_them(tmp_path: Path) -> None:
    client = f'{{ kind = "qbft", address = "0x{7:040x}" }}'
    lane = f"[[lanes]]\nsource = 31338\ndestination = 31337\nlight_client = {client}\n"
    both = ("[[lanes]]", f"{lane}[[lanes]]"), ("# claim_above", "claim_above")

    assert load(a_file(tmp_path, *both)).lanes[1].rules().claim_above == 50_000_000_000_000_000
    with pytest.raises(Misconfigured, match=r"lanes\[1\]\.errands\.claim_above: the endpoints of 31338 serve no state"):
        load(a_file(tmp_path, *both, ('name = "island"', 'name = "island"\nproofs = "receipts"')))


def test_an_empty_file_is_a_configuration_of_defaults(tmp_path: Path) -> None:
    (tmp_path / "relayer.toml").write_text("")

    config = load(tmp_path / "relayer.toml")

    assert config.bus.broker == "embedded"
    assert config.store.url == f"sqlite+aiosqlite:///{tmp_path}/lockkeeper.db"


def test_the_schema_names_every_section() -> None:
    assert set(Config.model_fields) == set(json_schema()["properties"])  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("weight = 1 },\n]", "weight = 0 },\n]", "lanes[0].light_client.members[3].weight: input should be greater"),
        ("start_block", "start_blok", "chains[0].start_blok: there is no such key; did you mean `start_block`?"),
        ("password_file", "password", "keys.reserve.password_file: is missing; add it"),
        (
            'kind = "committee"',
            'kind = "comittee"',
            "lanes[0].light_client: input tag 'comittee' found",
        ),
        ('kind = "file"', 'kind = "fil"', "keys.main: input tag 'fil' found using 'kind' does not match any"),
        ("# claim_above", "claim_above", "lanes[0].errands.claim_above: nothing brings headers of 31338 to 31337"),
        ("retry_attempts = 12", "retry_attempts = 0", "lanes[0].errands.retry_attempts: input should be greater"),
        ("factor = 0.0", "factor = -1.0", "lanes[0].profit.factor: input should be greater"),
        ("id = 31338", "id = 31337", "chains[1].id: 31337 occurs twice; keep one of the two"),
        ("id = 31338", "id = 0", "chains[1].id: input should be greater than or equal to 1"),
        ("destination = 31338", "destination = 31339", "lanes[0].destination: there is no chain 31339; add it to [[ch"),
        ("destination = 31338", "destination = 31337", "lanes[0].destination: is the source; name another chain"),
        ("0x2222", "0x4422", "lanes[0].light_client.members[2].address: does not ascend; list the members by asc"),
        ("0x11111111111111111111", "0x00", "lanes[0].light_client.members[0].address: not an address"),
        ("[keys.main]", "[keys.other]", "chains[1].key: there is no key 'main'; add [keys.main]"),
        ('key = "attester"', 'key = "x"', "attest.key: there is no key 'x'; add [keys.x]"),
        ("ws://", "ftp://", "chains[0].endpoints[0]: not an http(s) or ws(s) URL"),
        ('"embedded"', '"mosquitto"', 'bus.broker: neither "embedded" nor "none" nor "mqtt://host:port"'),
        ('"127.0.0.1:9464"', '"9464"', "http.listen: not host:port"),
        ("depth = 12", "depht = 12", "chains[1].finality.depth: is missing"),
        ("[relayer]", "[relayer", "relayer.toml: no TOML"),
    ],
)
def test_a_mistake_names_its_key_and_how_to_mend_it(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = a_file(tmp_path, (old, new))

    with pytest.raises(Misconfigured) as refusal:
        load(path)

    assert says in str(refusal.value)


ONE_MEMBER = re.compile(r"members = \[ .*?\n\]", re.DOTALL)


def with_one_member(folder: Path, *more: str) -> Path:
    one = 'members = [{ address = "0x1111111111111111111111111111111111111111", weight = 1 }]'
    path = folder / "relayer.toml"
    path.write_text(ONE_MEMBER.sub("\n".join((one, *more)), EXAMPLE.read_text()))
    return path


def test_a_committee_of_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="whoever has that key can forge every message"):
        load(with_one_member(tmp_path))


def test_a_committee_of_one_is_accepted_in_writing(tmp_path: Path) -> None:
    path = with_one_member(tmp_path)
    path.write_text(path.read_text().replace("accept_single_signer = false", "accept_single_signer = true"))

    assert load(path).lanes


HUB = """
[lanes.light_client]
kind = "relay_chain"
address = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
hub = 31339
source = { kind = "qbft", address = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512" }
relay = { kind = "clique", address = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512", signers = [] }
"""


def test_mistakes_in_a_client_within_a_client_are_named_by_their_whole_key(tmp_path: Path) -> None:
    text = EXAMPLE.read_text()
    before, rest = text.split("[lanes.light_client]")
    path = tmp_path / "relayer.toml"
    path.write_text(before + HUB + "\n[attest]" + rest.split("\n[attest]", 1)[1])

    _, problems = read(path)
    path.write_text(
        path.read_text().replace("signers = []", 'signers = ["0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"]')
    )
    _, more = read(path)

    assert [problem.key for problem in problems] == ["lanes[0].light_client.relay.signers"]
    assert [problem.key for problem in more] == ["lanes[0].light_client.hub"]


def test_all_mistakes_are_found_at_once(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("start_block", "start_blok"), ("broker =", "brokr ="), ("[log]", "[logs]"))

    config, problems = read(path)

    assert config is None
    assert {problem.key for problem in problems} == {"chains[0].start_blok", "bus.brokr", "logs"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="there is no such file; copy config/relayer"):
        load(tmp_path / "relayer.toml")
