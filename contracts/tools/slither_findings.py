"""Refuse findings of Slither that nobody has answered, and answers to findings that are gone.

Slither needs what the compiler understood, not what it wrote, so the contracts are parsed and not translated, which
takes seconds. `slither_answers.toml` says of each finding why the code is as it is.

    python contracts/tools/slither_findings.py            compare with the answers
    python contracts/tools/slither_findings.py --all      print every finding in Slither's own words
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Collection
from os.path import normpath
from pathlib import Path
from typing import Any

from crytic_compile import CryticCompile
from crytic_compile.compilation_unit import CompilationUnit
from crytic_compile.compiler.compiler import CompilerVersion
from crytic_compile.platform.solc_standard_json import SolcStandardJson, parse_standard_json_output
from slither import Slither
from slither.__main__ import get_detectors_and_printers

CONTRACTS = Path(__file__).parents[1]
COMPILER = CONTRACTS / "tools/solc"
ANSWERS = Path(__file__).with_name("slither_answers.toml")
IMPORT = re.compile(r'^import\b[^;"]*"([^"]+)"', re.MULTILINE)
NO_CODE = {"object": "", "sourceMap": ""}


def main(words: list[str]) -> int:
    answers = tomllib.loads(ANSWERS.read_text())
    findings = _findings(left_out=answers["left_out"].keys())
    if "--all" in words:
        for key, description in findings:
            print(f"{key[0]}: {key[1]}\n    {description.strip()}\n")
        return 0
    found = Counter(key for key, _ in findings)
    answered = Counter((answer["detector"], place) for answer in answers["answer"] for place in answer["where"])
    unanswered, gone = found - answered, answered - found
    for key, description in findings:
        if key in unanswered:
            print(f"no answer to {key[0]} in {key[1]}\n    {description.strip()}\n")
    for detector, place in gone.elements():
        print(f"answered, but not found: {detector} in {place}")
    if not unanswered and not gone:
        print(f"{found.total()} findings, all answered")
    return 1 if unanswered or gone else 0


def _findings(left_out: Collection[str]) -> list[tuple[tuple[str, str], str]]:
    """Detector, place and description of each finding; one that is reached in several ways is one finding."""
    logging.getLogger("Slither").setLevel(logging.ERROR)
    slither = Slither(CryticCompile(Parsed(_standard_input())), filter_paths=["node_modules/"])
    detectors = get_detectors_and_printers()[0]
    assert set(left_out) <= {detector.ARGUMENT for detector in detectors}
    for detector in detectors:
        if detector.ARGUMENT not in left_out:
            slither.register_detector(detector)
    distinct = {}
    for result in (result for found in slither.run_detectors() for result in found):
        mentioned = frozenset((e["name"], e["source_mapping"]["start"]) for e in result["elements"])
        key = (result["check"], _place(result["elements"][0]))
        distinct[key, mentioned] = result["description"]
    return sorted((key, description) for (key, _), description in distinct.items())


def _place(element: dict[str, Any]) -> str:
    """`Contract.function` of what a finding begins with; lines move, names stay."""
    if element["type"] in {"node", "variable", "enum", "struct", "event", "function"}:
        parent = element["type_specific_fields"].get("parent")
        within = _place(parent) if parent else ""
        if element["type"] == "node":
            return within
        if parent and parent["type"] != "contract" and not within:
            return str(element["name"])
        return f"{within}.{element['name']}" if within else str(element["name"])
    if element["type"] == "pragma":
        return "".join(element["type_specific_fields"]["directive"][1:])
    return str(element["name"])


class Parsed(SolcStandardJson):
    """What the compiler understood of the contracts, without any code."""

    def compile(self, crytic_compile: CryticCompile, **_: object) -> None:
        output = json.loads(_compiler("--standard-json", given=json.dumps(self.to_dict())))
        errors = [error["formattedMessage"] for error in output.get("errors", []) if error["severity"] == "error"]
        if errors:
            sys.exit("\n".join(errors))
        for contracts in output["contracts"].values():
            for contract in contracts.values():
                contract["evm"] = {"bytecode": NO_CODE, "deployedBytecode": NO_CODE}
        unit = CompilationUnit(crytic_compile, "contracts")
        number = re.search(r"Version: (\d+\.\d+\.\d+)", _compiler("--version"))
        assert number
        unit.compiler_version = CompilerVersion(compiler="solc", version=number[1], optimized=True, via_ir=True)
        parse_standard_json_output(output, unit, solc_working_dir=str(CONTRACTS))


def _compiler(command: str, given: str = "") -> str:
    return subprocess.run([COMPILER, command], input=given, stdout=subprocess.PIPE, text=True, check=True).stdout


def _standard_input() -> dict[str, Any]:
    foundry = tomllib.loads((CONTRACTS / "foundry.toml").read_text())["profile"]["default"]
    remappings = [remapping.split("=", 1) for remapping in foundry["remappings"]]
    sources: dict[str, dict[str, str]] = {}
    waiting = [str(path.relative_to(CONTRACTS)) for path in sorted((CONTRACTS / "src").rglob("*.sol"))]
    while waiting:
        name = waiting.pop()
        if name in sources:
            continue
        content = (CONTRACTS / name).read_text()
        sources[name] = {"content": content}
        waiting += [_resolved(target, name, remappings) for target in IMPORT.findall(content)]
    settings = {
        "remappings": foundry["remappings"],
        "evmVersion": foundry["evm_version"],
        "outputSelection": {"*": {"": ["ast"], "*": ["abi"]}},
    }
    return {"language": "Solidity", "sources": sources, "settings": settings}


def _resolved(target: str, importer: str, remappings: list[list[str]]) -> str:
    if target.startswith("."):
        return normpath(Path(importer).parent / target)
    for prefix, folder in remappings:
        if target.startswith(prefix):
            return folder + target.removeprefix(prefix)
    return target


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
