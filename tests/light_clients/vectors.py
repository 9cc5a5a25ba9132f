"""Reads shared vectors, the way Foundry does on its side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

VECTORS = Path(__file__).parents[1] / "vectors"


class Case(dict[str, str | list[str]]):
    """One case of a vector file."""

    def text(self, key: str) -> str:
        value = self[key]
        assert isinstance(value, str)
        return value

    def data(self, key: str) -> bytes:
        return bytes.fromhex(self.text(key).removeprefix("0x"))

    def number(self, key: str) -> int:
        return int(self.text(key), 16)

    def words(self, key: str) -> bytes:
        return bytes.fromhex("".join(word.removeprefix("0x") for word in self[key]))

    @property
    def rejects(self) -> str:
        return self.text("rejects")


def cases(file: str) -> list[Case]:
    content = json.loads((VECTORS / file).read_text())
    return [Case(cast("dict[str, str | list[str]]", case)) for case in content["cases"]]


def name_of(case: Case) -> str:
    return case.text("name")
