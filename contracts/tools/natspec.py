"""Refuse contracts whose external functions, errors, events or structs are not documented.

Interfaces hold the words; an implementation says `@inheritdoc` or documents itself.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src"
DECLARATION = re.compile(r"^\s*(?:abstract )?(contract|library|interface|error|event|struct|enum|function)\s+(\w+)")


def undocumented(source: Path) -> list[str]:
    """The declarations of a file that need a comment and have none."""
    lines = source.read_text().splitlines()
    problems = []
    for number, line in enumerate(lines):
        match = DECLARATION.match(line)
        if not match or not _needs_words(match[1], lines, number):
            continue
        above = lines[number - 1].strip() if number else ""
        if not (above.startswith("///") or above.endswith("*/")):
            problems.append(f"{source.relative_to(SOURCES.parent)}:{number + 1}: {match[1]} {match[2]} has no NatSpec")
    return problems


def _needs_words(kind: str, lines: list[str], number: int) -> bool:
    if kind != "function":
        return True
    signature = ""
    for line in lines[number:]:
        signature += line + " "
        if "{" in line or ";" in line:
            break
    return " external" in signature or " public" in signature


def main() -> int:
    problems = [problem for source in sorted(SOURCES.rglob("*.sol")) for problem in undocumented(source)]
    print("\n".join(problems) or "NatSpec is complete")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
