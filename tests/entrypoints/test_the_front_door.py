"""The command line answers quickly, and says what is wrong in one line."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import rich_click as click

from relayer.entrypoints.cli import COMMANDS
from tests.entrypoints.support import ROOT, lockkeeper

HEAVY = {
    "web3",
    "eth_account",
    "eth_abi",
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "amqtt",
    "aiohttp",
    "pydantic",
    "alembic",
}

LOADED = """
import json, sys
from relayer.entrypoints.cli import cli
try:
    cli.main({arguments!r}, prog_name="lockkeeper")
except SystemExit as end:
    assert end.code == 0, end.code
sys.stderr.write(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = LOADED.format(arguments=arguments)

    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert HEAVY.isdisjoint(json.loads(ended.stderr))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_is_listed_exists(name: str) -> None:
    module = importlib.import_module(f"relayer.entrypoints.commands.{name.replace('-', '_')}")

    assert isinstance(module.command, click.Command)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["devnet", "status", "--folder", "nowhere"], "there is no devnet in nowhere"),
        (["lanes", "--api", "gopher://x"], "is no URL"),
        (["run", "--config", "nowhere.toml"], "there is no such file"),
        (["attest", "--config", "nowhere.toml"], "there is no such file"),
        (["api", "--config", "nowhere.toml"], "there is no such file"),
        (["broker", "--listen", "here"], "is not HOST:PORT"),
        (["deploy", "--chain", "harbour"], "name the key file"),
        (["keys", "show", "nowhere.key"], "No such file"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(arguments: list[str], words: str, tmp_path: Path) -> None:
    ended = lockkeeper(*arguments, cwd=tmp_path)

    assert ended.code == 2
    assert ended.err.startswith("misconfigured: ")
    assert len(ended.err.strip().splitlines()) == 1
    assert words in ended.err


def test_an_api_that_is_away_is_a_failure_not_a_mistake() -> None:
    ended = lockkeeper("lanes", "--api", "http://127.0.0.1:1")

    assert ended.code == 1
    assert ended.err.startswith("failed: no API answers at http://127.0.0.1:1")


def test_a_configuration_is_checked_key_by_key(tmp_path: Path) -> None:
    config = tmp_path / "relayer.toml"
    config.write_text('[relayer]\nid = "one"\nnam = "two"\n')

    ended = lockkeeper("config", "check", "--config", str(config), "--json")

    assert ended.code == 2
    assert [problem["key"] for problem in ended.json["problems"]] == ["relayer.nam"]


def test_the_example_configuration_is_in_order() -> None:
    ended = lockkeeper("config", "check", "--config", "config/relayer.example.toml", "--json")

    assert ended.json["problems"] == []
    assert ended.code == 0


def test_shell_completion_knows_the_commands() -> None:
    code = "from relayer.entrypoints.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"_LOCKKEEPER_COMPLETE": "bash_complete", "COMP_WORDS": "lockkeeper devnet ", "COMP_CWORD": "2"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert {line.removeprefix("plain,") for line in ended.stdout.split()} >= {"up", "down", "status"}
