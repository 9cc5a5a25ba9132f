"""Writes every shared vector file; the same code always writes the same bytes.

python -m tests.vectors.generate
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.vectors import (
    bft,
    bft_evidence,
    bft_headers,
    clique,
    committees,
    derived,
    listings,
    messages,
    op_stack,
    quorum,
    receipt_proofs,
    storage_proofs,
    sync_committee,
)

HERE = Path(__file__).parent

Case = Mapping[str, object]


def files() -> dict[Path, Sequence[Case]]:
    """Every vector file with its cases."""
    return {
        HERE / "message" / "leaves.json": messages.leaves(),
        HERE / "listing" / "hashes.json": listings.hashes(),
        HERE / "storage_proof" / "valid.json": storage_proofs.valid(),
        HERE / "storage_proof" / "rejected.json": storage_proofs.rejected(),
        HERE / "receipt_proof" / "valid.json": receipt_proofs.valid(),
        HERE / "receipt_proof" / "rejected.json": receipt_proofs.rejected(),
        HERE / "bft" / "updates.json": bft.updates(),
        HERE / "bft" / "evidence.json": bft_evidence.evidence(),
        HERE / "clique" / "updates.json": clique.updates(),
        HERE / "clique" / "evidence.json": clique.evidence(),
        HERE / "bft" / "headers.json": bft_headers.headers(),
        HERE / "committee" / "committees.json": committees.committees(),
        HERE / "committee" / "updates.json": committees.updates(),
        HERE / "committee" / "rotations.json": committees.rotations(),
        HERE / "committee" / "evidence.json": committees.evidence(),
        HERE / "sync_committee" / "updates.json": sync_committee.updates(),
        HERE / "sync_committee" / "evidence.json": sync_committee.evidence(),
        HERE / "sync_committee" / "bench.json": sync_committee.bench(),
        HERE / "derived" / "updates.json": derived.updates(),
        HERE / "derived" / "evidence.json": derived.evidence(),
        HERE / "derived" / "op_stack_updates.json": op_stack.updates(),
        HERE / "derived" / "op_stack_evidence.json": op_stack.evidence(),
        HERE / "quorum" / "quorums.json": quorum.quorums(),
        HERE / "quorum" / "updates.json": quorum.updates(),
        HERE / "quorum" / "evidence.json": quorum.evidence(),
    }


def text(cases: Sequence[Case]) -> str:
    """The contents of a file: keys sorted and the same in every case, as `vm.parseJson` wants them."""
    keys = {frozenset(case) for case in cases}
    if len(keys) != 1:
        raise ValueError(f"cases differ in their keys: {keys}")
    names = [case["name"] for case in cases]
    if len(set(names)) != len(names):
        raise ValueError("two cases of one name")
    return json.dumps({"cases": cases, "names": names}, indent=2, sort_keys=True) + "\n"


def main() -> None:
    for path, cases in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(cases))


if __name__ == "__main__":
    main()
