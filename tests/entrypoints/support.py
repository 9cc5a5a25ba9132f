"""The command line as a person uses it: a process, its words and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "relayer" / "artifacts" / "AssetGateway.json"

needs_contracts = pytest.mark.skipif(not ARTIFACTS.exists(), reason="run `make contracts` first")


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def lockkeeper(*arguments: str, cwd: Path = ROOT, timeout: float = 90) -> Ended:
    ended = subprocess.run(
        [sys.executable, "-m", "relayer", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)
