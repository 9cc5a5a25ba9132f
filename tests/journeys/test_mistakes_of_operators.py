"""A mistake is told at the start in one line that says how to mend it, and ends with exit code 2."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.entrypoints.support import Ended, lockkeeper
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.relayers import a_config, replaced

pytestmark = pytest.mark.xdist_group("journeys")

START_SECONDS = 60


def run(config: Path, command: str = "run") -> Ended:
    return lockkeeper(command, "--config", str(config), timeout=START_SECONDS)


def assert_told(ended: Ended, *words: str) -> None:
    """One line, with the key that is wrong and how to mend it; no traceback."""
    (line,) = ended.err.strip().splitlines()
    assert ended.code == 2, line
    assert line.startswith("misconfigured: ")
    assert "; " in line
    for each in words:
        assert each in line


Change = Callable[[str], str]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: replaced(text, r"^\[http\]", "[http]\nport = 1"), ("http.port",)),
        (lambda text: text + "[bogus]\nkey = 1\n", ("bogus",)),
        (
            lambda text: (
                replaced(text, r"^id = 31337", "id = 4242")
                .replace("source = 31337", "source = 4242")
                .replace("destination = 31337", "destination = 4242")
            ),
            ("4242", "31337"),
        ),
        (lambda text: replaced(text, r'^path = ".*"', 'path = "nowhere.key"'), ("keys.main", "nowhere.key")),
        (lambda text: replaced(text, r"^endpoints = .*", 'endpoints = ["gopher://harbour"]'), ("endpoints",)),
        (lambda text: text.replace("[[lanes]]", "[lanes", 1), ("newcomer.toml",)),
    ],
    ids=["unknown key", "unknown section", "wrong chain id", "missing key file", "bad endpoint", "no TOML"],
)
def test_a_wrong_configuration_is_told_with_its_key(
    devnet: Devnet, tmp_path: Path, change: Change, words: tuple[str, ...]
) -> None:
    config = a_config(devnet, tmp_path)
    config.write_text(change(config.read_text()))

    assert_told(run(config), *words)


def test_a_missing_configuration_is_told_with_its_path(tmp_path: Path) -> None:
    assert_told(run(tmp_path / "nowhere.toml"), "nowhere.toml")


def test_a_key_file_that_others_can_read_is_refused(devnet: Devnet, tmp_path: Path) -> None:
    config = a_config(devnet, tmp_path)
    (tmp_path / "newcomer.key").chmod(0o644)

    assert_told(run(config), "keys.main", "chmod 600")


def test_an_account_without_funds_is_told_with_its_address(devnet: Devnet, tmp_path: Path) -> None:
    config = a_config(devnet, tmp_path, key=secrets.token_bytes(32))

    assert_told(run(config), "keys.main", "no funds", "0x", "send it")


def test_a_taken_port_is_told_with_its_key(devnet: Devnet, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config = a_config(devnet, tmp_path, port)

        assert_told(run(config), "http.listen", str(port))


def test_a_second_relayer_on_one_database_is_refused(devnet: Devnet, tmp_path: Path) -> None:
    config = a_config(devnet, tmp_path)
    database = devnet.folder.root.resolve() / "lockkeeper.db"
    config.write_text(replaced(config.read_text(), r"^url = .*", f'url = "sqlite+aiosqlite:///{database}"'))

    assert_told(run(config), "store.url")


def test_an_attester_that_may_not_read_its_key_is_told(devnet: Devnet, tmp_path: Path) -> None:
    config = tmp_path / "attester.toml"
    text = devnet.folder.config("attester-1").read_text()
    text = replaced(text, r"^url = .*", f'url = "sqlite+aiosqlite:///{tmp_path}/attester.db"')
    config.write_text(replaced(text, r"^path = .*", f'path = "{tmp_path}/nowhere.key"'))

    assert_told(run(config, "attest"), "keys.main", "nowhere.key")
