"""Every revert says its name: the daemon knows the errors of every contract."""

from __future__ import annotations

import re
from pathlib import Path

from relayer.adapters.evm.contract_errors import SIGNATURES

SOURCES = Path(__file__).parents[2] / "contracts" / "src"
DECLARATION = re.compile(r"^ *error (\w+)\(([^)]*)\);", re.MULTILINE)
UNDERLYING = {"ChainId": "uint64", "Height": "uint64", "ILightClient": "address", "ITransferPolicy": "address"}


def declared() -> set[str]:
    found = set()
    for source in SOURCES.rglob("*.sol"):
        for name, parameters in DECLARATION.findall(source.read_text()):
            kinds = [each.split()[0] for each in parameters.split(",") if each.strip()]
            found.add(f"{name}({','.join(UNDERLYING.get(kind, kind) for kind in kinds)})")
    return found


def test_the_daemon_names_every_error_of_the_contracts() -> None:
    assert declared() - set(SIGNATURES) == set()
