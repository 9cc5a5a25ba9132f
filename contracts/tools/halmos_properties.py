"""Prove the properties in `contracts/symbolic` for every input within their bounds.

Stricter than Halmos by itself: a property of which a loop was cut short is not proven. Prints what each took, as
`symbolic/README.md` has it.

    python contracts/tools/halmos_properties.py                          every property
    python contracts/tools/halmos_properties.py --match-contract Rlp     or whatever else Halmos understands
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).parents[1]
BUILD = CONTRACTS.parent / "build/analysis"
FORGE = Path(os.environ.get("FORGE", CONTRACTS.parent / "node_modules/@foundry-rs/forge-linux-amd64/bin/forge"))


def main(words: list[str]) -> int:
    BUILD.mkdir(parents=True, exist_ok=True)
    report, log = BUILD / "properties.json", BUILD / "halmos.log"
    report.unlink(missing_ok=True)
    path = f"{FORGE.parent}{os.pathsep}{os.environ['PATH']}"
    with log.open("w") as written:
        ended = subprocess.run(
            [sys.executable, "-m", "halmos", "--root", ".", "--no-status", "--json-output", str(report), *words],
            cwd=CONTRACTS,
            env=os.environ | {"PATH": path, "FOUNDRY_PROFILE": "symbolic"},
            stdout=written,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    results = json.loads(report.read_text())["test_results"] if report.exists() else {}
    properties = [result for contract in results.values() for result in contract]
    unproven = [result for result in properties if not _is_proven(result)]
    for result in sorted(properties, key=lambda result: str(result["name"])):
        state = "proven" if _is_proven(result) else "NOT PROVEN"
        print(f"{state:10} {result['time'][0]:6.1f} s  {result['name'].partition('(')[0]}")
    if ended or unproven or not properties:
        print(f"{len(unproven)} of {len(properties)} properties are not proven; Halmos ended with {ended}, see {log}")
        return 1
    print(f"{len(properties)} properties proven")
    return 0


def _is_proven(result: dict[str, Any]) -> bool:
    return result["exitcode"] == 0 and result["num_bounded_loops"] == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
