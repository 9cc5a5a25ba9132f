"""Gas: what the Forge benchmarks left in contracts/snapshots, under the names of the figures."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.machine import ROOT

METHOD = (
    "gas      Forge, each call a transaction of its own (isolate): storage cold, calldata and its floor included, "
    "committee of 3 of 4, a BFT quorum of validators, the client's ring gone round, Cancun (sync committee: Prague), "
    "via-IR, 1,000 runs"
)
CONTRACTS = ROOT / "contracts"
SNAPSHOTS = {
    "gas.storage_proof_8_2": ("proofs", "storage_proof_8_2", "8 account and 2 storage nodes, execution only"),
    "gas.committee_update_3of4": ("light_clients", "committee_update_3of4", "execution only"),
    "gas.marginal_message_32": ("gateway", "marginal_message_32", "one more in a batch of 10"),
    "gas.send_message_32": ("gateway", "send_message_32", "whole transaction"),
    "gas.message_batch10": ("gateway", "message_batch10", "whole transaction ÷ 10"),
    "gas.erc20_batch10_known": ("assets", "erc20_batch10_known", "whole transaction ÷ 10"),
    "gas.erc20_batch50_known": ("assets", "erc20_batch50_known", "whole transaction ÷ 50"),
    "gas.erc20_batch50_distinct": ("assets", "erc20_batch50_distinct", "the same to 50 recipients"),
    "gas.erc721_batch10": ("assets", "erc721_batch10", "whole transaction ÷ 10"),
    "gas.message_single": ("gateway", "message_single", "batch of 1"),
    "gas.erc20_single_known": ("assets", "erc20_single_known", "batch of 1"),
    "gas.erc721_single": ("assets", "erc721_single", "batch of 1"),
    "gas.header_update_share": ("gateway", "header_update_share", "of every delivery that brings a header"),
    "gas.proof_share": ("gateway", "proof_share", "of every delivery"),
    "gas.erc20_lock": ("assets", "erc20_lock", "the sender's transaction, no fee"),
    "gas.erc721_lock": ("assets", "erc721_lock", "the sender's transaction, first departure, no fee"),
    "gas.erc20_batch50_fresh": ("assets", "erc20_batch50_fresh", "whole transaction ÷ 50, recipients who held none"),
    "gas.erc721_batch50_uri60": ("assets", "erc721_batch50_uri60", "whole transaction ÷ 50, URIs of 60 bytes"),
    "gas.erc1155_per_id_of_10": ("assets", "erc1155_per_id_of_10", "one message of ten ids ÷ 10"),
    "gas.first_wrapped_erc20": ("assets", "first_wrapped_erc20", "what the description of a token costs on arrival"),
    "gas.send_message_32_paid": ("gateway", "send_message_32_paid", "the same with a fee"),
    "gas.message_batch10_paid": ("gateway", "message_batch10_paid", "the same with fees"),
    "gas.fee_claim": ("gateway", "fee_claim", "whole transaction, the header held"),
    "gas.express_past_100": ("gateway", "express_past_100", "whole transaction, the header held"),
    "gas.express_past_100_with_update": ("gateway", "express_past_100_with_update", "the header brought along"),
    "gas.erc20_batch50_qbft": ("assets", "erc20_batch50_qbft", "whole transaction ÷ 50"),
    "gas.erc20_batch10_qbft": ("assets", "erc20_batch10_qbft", "whole transaction ÷ 10"),
    "gas.erc20_single_qbft": ("assets", "erc20_single_qbft", "batch of 1"),
    "gas.qbft_update_4_execution": ("light_clients", "qbft_update_4_execution", "execution only"),
    "gas.qbft_update_4": ("light_clients", "qbft_update_4", "whole transaction"),
    "gas.qbft_update_21": ("light_clients", "qbft_update_21", "whole transaction"),
    "gas.qbft_change_4to5_execution": ("light_clients", "qbft_change_4to5_execution", "a validator more; execution"),
    "gas.ibft2_update_4_execution": ("light_clients", "ibft2_update_4_execution", "execution only"),
    "gas.ibft2_update_4": ("light_clients", "ibft2_update_4", "whole transaction"),
    "gas.clique_update_4_execution": ("light_clients", "clique_update_4_execution", "3 confirmations; execution"),
    "gas.clique_update_4": ("light_clients", "clique_update_4", "3 confirmations; whole transaction"),
    "gas.sync_update_512_execution": ("light_clients", "sync_update_512_execution", "execution only"),
    "gas.sync_update_512": ("light_clients", "sync_update_512", "whole transaction, nobody missing"),
    "gas.sync_update_446": ("light_clients", "sync_update_446", "whole transaction, 66 missing"),
    "gas.sync_handover": ("light_clients", "sync_handover", "on top of an update"),
    "gas.derived_update": ("light_clients", "derived_update", "execution only, the hub's header is held"),
    "gas.derived_update_whole": ("light_clients", "derived_update_whole", "the same, whole transaction"),
    "gas.derived_update_hub_3of4": ("light_clients", "derived_update_hub_3of4", "the hub's update too; execution"),
    "gas.quorum_header_2of3": ("light_clients", "quorum_header_2of3", "a view, execution only"),
    "gas.receipt_proof_1": ("proofs", "receipt_proof_1", "1 message, execution only"),
    "gas.receipt_proof_10": ("proofs", "receipt_proof_10", "10 messages, execution only"),
    "gas.receipt_proof_1_with_calldata": ("proofs", "receipt_proof_1_with_calldata", "1 message"),
    "gas.receipt_proof_10_with_calldata": ("proofs", "receipt_proof_10_with_calldata", "10 messages"),
    "gas.receipt_batch10": ("gateway", "receipt_batch10", "whole transaction ÷ 10, header held"),
}
"""Figure → snapshot file, its key there, and what is counted."""


class Missing(Exception):
    """A figure that nobody measured."""


def measure() -> list[Figure]:
    """Run the Forge benchmarks and read what they wrote; their own assertions may fail, their figures stand."""
    run_forge()
    return figures(CONTRACTS / "snapshots")


def run_forge() -> None:
    forge = os.environ.get("FORGE") or str(ROOT / "node_modules/@foundry-rs/forge-linux-amd64/bin/forge")
    environment = {name: value for name, value in os.environ.items() if name != "FORGE_SNAPSHOT_CHECK"}
    environment["FOUNDRY_SPARSE_MODE"] = "true"  # compile what the benchmarks need, and no other test
    done = subprocess.run(
        [forge, "test", "--match-path", "test/bench/*"],
        cwd=CONTRACTS,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 and "Suite result" not in done.stdout:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.startswith("Error")]
        raise Missing(f"forge did not run: {'; '.join(said[:5])}")
    failures = [line for line in done.stdout.splitlines() if line.startswith("[FAIL")]
    for line in failures:
        print(f"forge: {line}")
    if any("setUp()" in line for line in failures):
        raise Missing("a benchmark's setUp fails: what it should measure is from an earlier run")


def figures(snapshots: Path) -> list[Figure]:
    files: dict[str, Mapping[str, str]] = {
        path.stem: json.loads(path.read_text()) for path in sorted(snapshots.glob("*.json"))
    }
    missing = [
        f"{name} ({file}.json: {key})" for name, (file, key, _) in SNAPSHOTS.items() if key not in files.get(file, {})
    ]
    if missing:
        raise Missing(f"no Forge benchmark writes {', '.join(missing)}")
    return [Figure(name, int(files[file][key]), "gas", remark) for name, (file, key, remark) in SNAPSHOTS.items()]
