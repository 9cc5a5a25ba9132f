"""The configuration: what loads, and what every mistake says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from relayer.config import Config, json_schema, load, read
from relayer.config_checks import _models
from relayer.domain.errors import Misconfigured

EXAMPLE = Path(__file__).parents[2] / "config" / "relayer.example.toml"


def every_key(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for inner in _models(field.annotation):
            yield from every_key(inner)


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
    assert config.lanes[0].light_client.committee().needed == 3


def test_every_key_occurs_in_the_example() -> None:
    text = EXAMPLE.read_text()

    assert [
        key for key in every_key(Config) if f"{key} = " not in text and f"{key}]" not in text and f"[{key}." not in text
    ] == []


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load(a_file(tmp_path))

    assert config.keys["main"].model_dump()["path"] == tmp_path / "relayer.key"
    assert config.store.url == f"sqlite+aiosqlite:///{tmp_path}/lockkeeper.db"


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
        ('kind = "committee"', 'kind = "comittee"', "lanes[0].light_client.kind: input should be 'committee'"),
        ('kind = "file"', 'kind = "fil"', "keys.main: input tag 'fil' found using 'kind' does not match any"),
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


def test_all_mistakes_are_found_at_once(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("start_block", "start_blok"), ("broker =", "brokr ="), ("[log]", "[logs]"))

    config, problems = read(path)

    assert config is None
    assert {problem.key for problem in problems} == {"chains[0].start_blok", "bus.brokr", "logs"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="there is no such file; copy config/relayer"):
        load(tmp_path / "relayer.toml")
