"""Copies ABI and creation bytecode of what operators deploy from forge's output into the Python package.

Run by `make contracts` after `forge build`; the wheel ships the result, so that operators need no Node.
`make samples` adds what only journeys deploy.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).resolve().parent.parent
ARTIFACTS = CONTRACTS.parent / "relayer" / "artifacts"

EXPORTED = (
    "AccessManager",
    "Gateway",
    "CommitteeLightClient",
    "QbftLightClient",
    "Ibft2LightClient",
    "CliqueLightClient",
    "RelayChainLightClient",
    "QuorumLightClient",
    "SyncCommitteeLightClient",
    "OpStackLightClient",
    "AssetGateway",
    "Administration",
    "Bounces",
    "Descriptions",
    "ERC20Departures",
    "ItemDepartures",
    "Homecomings",
    "LinkedTokens",
    "NativeCoin",
    "Refreshing",
    "Refusals",
    "Waiting",
    "PriceBreaker",
    "PriceFeeds",
    "CredentialPolicy",
    "SanctionsPolicy",
    "PolicySet",
    "WrappedERC20",
    "WrappedERC721",
    "WrappedERC1155",
    "Marketplace",
    "DeliveryBox",
    "Settlement",
    "TimelockController",
    "CrosschainRemoteExecutor",
    "RemoteTimelock",
    "LockkeeperVotes",
    "LockkeeperGovernor",
    "SampleERC20",
    "SampleERC721",
    "SampleERC1155",
    "SampleInbox",
    "SampleCorrespondent",
)

SAMPLES = (
    "SampleBridgeERC20",
    "SampleBridgeERC721",
    "SampleBridgeERC1155",
    "SampleBridgeERC7802",
    "SampleERC20Crosschain",
    "SampleERC721Crosschain",
    "SampleERC1155Crosschain",
    "SampleERC20Bridgeable",
    "SampleGovernor",
)
"""OpenZeppelin's applications of ERC-7786. Operators deploy none of them, and `make demo` need not compile them."""


def export(name: str, out: Path, target: Path, *, from_tests: bool) -> bool:
    """Write one contract's artifact, unless the same is there already. True when it was found."""
    compiled = _compiled(name, out, from_tests=from_tests)
    if compiled is None:
        return False
    bytecode, links = unlinked(compiled["bytecode"])
    deployed = compiled["deployedBytecode"]
    artifact = {
        "name": name,
        "abi": compiled["abi"],
        "bytecode": bytecode,
        "links": links,
        "runtime": unlinked(deployed)[0],
        "variable": variable(deployed),
    }
    text = json.dumps(artifact, indent=1, sort_keys=True) + "\n"
    path = target / f"{name}.json"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return True


def _compiled(name: str, out: Path, *, from_tests: bool) -> dict[str, Any] | None:
    """What forge made of it. Tests have contracts of the same names, and which of two comes first is forge's choice."""
    for path in sorted(out.glob(f"**/{name}.sol/{name}.json")):
        found: dict[str, Any] = json.loads(path.read_text())
        (source,) = found["metadata"]["settings"]["compilationTarget"]
        if source.startswith("test/") == from_tests:
            return found
    return None


def unlinked(bytecode: dict[str, Any]) -> tuple[str, dict[str, list[int]]]:
    """Creation code with zeros where libraries are called, and the byte offsets of these places by library."""
    code: str = bytecode["object"]
    links: dict[str, list[int]] = {}
    for libraries in bytecode.get("linkReferences", {}).values():
        for library, places in libraries.items():
            links[library] = [place["start"] for place in places]
            for start in links[library]:
                at = 2 + 2 * start
                code = code[:at] + "0" * 40 + code[at + 40 :]
    return code, links


def variable(deployed: dict[str, Any]) -> list[list[int]]:
    """Which bytes of the deployed code are filled in when it is created: start and length of each place."""
    references = [*deployed.get("immutableReferences", {}).values()]
    for libraries in deployed.get("linkReferences", {}).values():
        references += libraries.values()
    return sorted([place["start"], place["length"]] for places in references for place in places)


def main(arguments: list[str]) -> int:
    samples = arguments == ["--samples"]
    wanted = SAMPLES if samples else EXPORTED
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    missing = [name for name in wanted if not export(name, CONTRACTS / "out", ARTIFACTS, from_tests=samples)]
    if missing:
        print(f"not in contracts/out: {', '.join(missing)}; run `forge build` first", file=sys.stderr)
        return 1
    print(f"{len(wanted)} artifacts in relayer/artifacts")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
