"""The main job, as a newcomer sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.entrypoints.support import lockkeeper, needs_contracts


@needs_contracts
@pytest.mark.xdist_group("devnet")
def test_three_tokens_cross_three_chains_and_come_home(tmp_path: Path) -> None:
    ended = lockkeeper("demo", "--folder", str(tmp_path / "devnet"), "--json")

    assert ended.code == 0, ended.err
    told = ended.json
    assert told["passed"]
    assert len(told["hops"]) == 12
    assert all(hop["destinationTransaction"] for hop in told["hops"])
    assert all(check["passed"] for check in told["checks"])
    assert not list((tmp_path / "devnet" / "pids").glob("*.json"))
