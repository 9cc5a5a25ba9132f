"""The tree is tested: budgets are kept, names agree, and every promise has a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUDGETS = {
    "relayer/**/*.py": 300,
    "relayer/**/*.js": 300,
    "light_clients/**/*.py": 300,
    "contracts/src/**/*.sol": 300,
    "tests/**/*.py": 400,
}


def files(pattern: str) -> list[Path]:
    return [path for path in sorted(ROOT.glob(pattern)) if "node_modules" not in path.parts]


@pytest.mark.parametrize(("pattern", "budget"), BUDGETS.items())
def test_every_file_is_within_its_line_budget(pattern: str, budget: int) -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files(pattern)}

    assert sizes, f"nothing matches {pattern}"
    assert {name: size for name, size in sizes.items() if size > budget} == {}


def test_every_python_module_says_in_a_docstring_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in ("relayer", "light_clients")
        for path in files(f"{package}/**/*.py")
        if path.read_text().strip() and not path.read_text().lstrip().startswith('"""')
    ]

    assert silent == []


def test_every_invariant_has_a_test_in_solidity_or_python_of_the_name_it_is_given() -> None:
    text = (ROOT / "INVARIANTS.md").read_text()
    named = set(re.findall(r"`((?:test_)?invariant_\w+)`", text))
    tests = "\n".join(path.read_text() for path in [*files("tests/**/*.py"), *files("contracts/test/**/*.sol")])

    assert named
    assert {name for name in named if not re.search(rf"\b{name}\b", tests)} == set()


def test_names_that_mean_nothing_are_not_used_for_modules() -> None:
    banned = {"utils", "helpers", "common", "manager", "base", "misc"}

    found = [
        str(p) for package in ("relayer", "light_clients") for p in files(f"{package}/**/*.py") if p.stem in banned
    ]

    assert found == []


def test_a_rule_has_one_name_in_python_and_solidity() -> None:
    """An error is the same word in both languages. Families of errors, which end in Error, Solidity has no word for."""
    solidity = "\n".join(path.read_text() for path in files("contracts/src/**/*.sol"))
    python = [*files("light_clients/errors.py"), *files("light_clients/*/errors.py")]

    rules = {name for path in python for name in re.findall(r"^class (\w+)\(", path.read_text(), re.MULTILINE)}
    rules = {rule for rule in rules if not rule.endswith("Error")}
    missing = {rule for rule in rules if not re.search(rf"\b{rule}\b", solidity)}

    assert rules
    assert missing - PYTHON_ONLY == set()


PYTHON_ONLY = {
    # announced hashes and free-standing signatures are read only off-chain
    # families of errors, which Solidity has no word for
    "LightClientError",
    "CommitteeError",
    "DerivedError",
    "QuorumError",
    "UpdateError",
    "HeaderError",
    "ProofError",
    "RlpError",
    # headers, receipts and free-standing signatures are read only off-chain so far
    "HeaderMalformed",
    "HeaderHashMismatch",
    "RlpTrailingBytes",
    "SignatureMalformed",
    # single attestations, which the contract only sees as part of an update
    "EpochMismatch",
    "SignerUnknown",
    # what only the full walk of Clique's votes can tell, which no contract makes
    "CheckpointMismatch",
    "HeaderReserved",
    "SignerUnauthorized",
    "VoteMalformed",
    # where a sync-committee client begins, and what beacon nodes answer
    "BootstrapMismatch",
    "CurrentCommitteeBranchInvalid",
    "AggregateMismatch",
    "CommitteeSizeMismatch",
    "BeaconJsonMalformed",
}
