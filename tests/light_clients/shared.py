"""Real headers and proofs of public chains, read where they lie beside the checkout, and never copied.

`LOCKKEEPER_FIXTURES` names another place.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("LOCKKEEPER_FIXTURES", Path(__file__).resolve().parents[3] / "shared" / "fixtures"))


def load(file: str) -> Any:
    """The JSON of that file; the test is skipped where the folder is not there."""
    if not FOLDER.is_dir():
        pytest.skip(f"no real-world data at {FOLDER} (set LOCKKEEPER_FIXTURES)")
    return json.loads((FOLDER / file).read_text())


def data(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def flipped(original: bytes, place: int, mask: int) -> bytes:
    """The same with the bits of one byte changed."""
    return original[:place] + bytes((original[place] ^ mask,)) + original[place + 1 :]
