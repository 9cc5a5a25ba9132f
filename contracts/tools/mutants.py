"""Delete each `require` of the core contracts in turn, and see a test turn red.

All mutants are compiled at once: `require(condition, …)` becomes `require(off(i) || (condition), …)` in a copy of the
sources, where `off(i)` holds when the block's prevrandao names mutant `i`. One compilation, one short test run each.

    python contracts/tools/mutants.py            every mutant
    python contracts/tools/mutants.py Gateway    those of files whose path contains the word
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

CONTRACTS = Path(__file__).parents[1]
ROOT = CONTRACTS.parent
FORGE = os.environ.get("FORGE", str(ROOT / "node_modules/@foundry-rs/forge-linux-amd64/bin/forge"))
TARGETS = ("src/Gateway.sol", "src/types", "src/proofs", "src/light_clients")
LEFT_OUT = ("out", "cache", "assets", "invariants", "bench", "script")
"""What is built on the mutated contracts, and only costs time here."""

MAGIC = 0x4D7574616E74 << 64
"""No test sets a prevrandao like this."""

SWITCH = f"""// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @dev Whether a mutant is switched on. Reads the block, yet is usable from pure code: mutation runs only.
function off(uint256 id) pure returns (bool) {{
    function(uint256) internal view returns (bool) impure = _off;
    function(uint256) internal pure returns (bool) disguised;
    assembly {{
        disguised := impure
    }}
    return disguised(id);
}}

function _off(uint256 id) view returns (bool) {{
    return block.prevrandao == {MAGIC} + id;
}}
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One check taken away."""

    id: int
    where: str
    condition: str

    @property
    def tests(self) -> str:
        """Where a test must turn red: light clients and proofs stand for themselves, whoever builds on them."""
        alone = self.where.startswith(("src/light_clients", "src/proofs"))
        return "test/{light_clients,proofs}/*" if alone else "test/**"


def main(words: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "contracts"
        shutil.copytree(CONTRACTS, copy, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        shutil.copytree(ROOT / "tests" / "vectors", Path(folder) / "tests" / "vectors")
        (Path(folder) / "node_modules").symlink_to(ROOT / "node_modules")
        mutants = _plant(copy)
        chosen = [m for m in mutants if not words or any(word in m.where for word in words)]
        print(f"{len(chosen)} of {len(mutants)} checks; building once", flush=True)
        for tests in sorted({m.tests for m in chosen}, reverse=True):
            if _tests_fail(copy, tests, 0):
                print(f"{tests} fails without any mutant")
                return 2
        survivors = []
        for mutant in chosen:
            killed = _tests_fail(copy, mutant.tests, mutant.id)
            print(f"{'killed  ' if killed else 'SURVIVED'} {mutant.where}: {mutant.condition}", flush=True)
            if not killed:
                survivors.append(mutant)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants killed")
    return 1 if survivors else 0


def _plant(copy: Path) -> list[Mutant]:
    (copy / "src" / "MutantSwitch.sol").write_text(SWITCH)
    mutants: list[Mutant] = []
    for target in TARGETS:
        place = copy / target
        for source in [place] if place.is_file() else sorted(place.rglob("*.sol")):
            _plant_in(source, copy, mutants)
    return mutants


def _plant_in(source: Path, copy: Path, mutants: list[Mutant]) -> None:
    text, out, position = source.read_text(), [], 0
    found = False
    for match in re.finditer(r"(?<![\w/])require\(", text):
        if text[text.rfind("\n", 0, match.start()) + 1 : match.start()].lstrip().startswith("//"):
            continue
        end = _end_of_condition(text, match.end())
        condition = text[match.end() : end]
        where = f"{source.relative_to(copy)}:{text.count(chr(10), 0, match.start()) + 1}"
        mutants.append(Mutant(len(mutants) + 1, where, " ".join(condition.split())))
        out += [text[position : match.end()], f"off({len(mutants)}) || ({condition})"]
        position, found = end, True
    if found:
        depth = len(source.relative_to(copy / "src").parts) - 1
        text = "".join([*out, text[position:]])
        switch = ("../" * depth or "./") + "MutantSwitch.sol"
        pragma = re.search(r"pragma solidity [^;]+;\n", text)
        assert pragma
        text = f'{text[: pragma.end()]}\nimport {{off}} from "{switch}";\n{text[pragma.end() :]}'
        source.write_text(text)


def _end_of_condition(text: str, start: int) -> int:
    depth = 0
    for index in range(start, len(text)):
        character = text[index]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            return index
    raise ValueError("a require without an error")


def _tests_fail(copy: Path, tests: str, mutant: int) -> bool:
    command = [FORGE, "test", "--fail-fast", "--match-path", tests]
    command += ["--block-prevrandao", f"{(MAGIC + mutant) if mutant else 0:#066x}"]
    environment = os.environ | {"FOUNDRY_FUZZ_RUNS": "32", "FOUNDRY_INVARIANT_RUNS": "4"}
    result = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if "Compiler run failed" in result.stdout + result.stderr:
        sys.exit(result.stdout + result.stderr)
    return result.returncode != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
