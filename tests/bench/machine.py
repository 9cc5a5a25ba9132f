"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def description() -> list[str]:
    """Machine, software and commit, a line each."""
    one, five, fifteen = os.getloadavg()
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return [
        f"machine  {_processor()}, {os.cpu_count()} cores, {_memory_gib():.1f} GiB, {system}",
        f"load     {one:.2f} {five:.2f} {fifteen:.2f} (1, 5, 15 minutes) before the first measurement",
        f"commit   {_commit()}",
    ]


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"
