"""The main job, as a newcomer sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from relayer.entrypoints.devnet.consensus import DEFAULT, makeup
from relayer.entrypoints.devnet.folder import Folder
from tests.entrypoints.support import lockkeeper, needs_contracts


@needs_contracts
@pytest.mark.xdist_group("devnet")
@pytest.mark.parametrize(
    ("before", "options"),
    [(DEFAULT, ()), (DEFAULT, ("--consensus", "qbft"))],
    ids=["as a newcomer has it", "in the place of chains of another consensus"],
)
def test_three_tokens_cross_three_chains_and_come_home(tmp_path: Path, before: str, options: Sequence[str]) -> None:
    folder = Folder(tmp_path / "devnet")
    folder.make()
    makeup(folder, before)

    ended = lockkeeper("demo", "--folder", str(folder.root), *options, "--json")

    assert ended.code == 0, ended.err
    told = ended.json
    assert told["passed"]
    assert len(told["hops"]) == 12
    assert all(hop["destinationTransaction"] for hop in told["hops"])
    assert all(check["passed"] for check in told["checks"])
    assert not list((folder.root / "pids").glob("*.json"))
    assert makeup(folder).profile == (options[-1] if options else before)
