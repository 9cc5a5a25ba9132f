"""What an audit finds: who can do what, and what of it should not be."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from light_clients.types import Address


class Severity(StrEnum):
    CRITICAL = "critical"
    """Somebody can take everything, or already does."""
    WARNING = "warning"
    """A protection is missing, or used right now."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be."""

    severity: Severity
    name: str
    chain: str
    words: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a power, and those who move it."""

    address: Address
    kind: str
    """`key`, the name of a contract that we know, or `unknown code`."""
    waits: int = 0
    """Seconds that it lets pass before it acts."""
    by: tuple[Holder, ...] = ()
    """Whoever makes it act."""
    note: str = ""

    def path(self) -> str:
        """It and those behind it, in words."""
        waits = f" after {_time(self.waits)}" if self.waits else ""
        words = f"{self.kind} {self.address}{waits}" + (f" ({self.note})" if self.note else "")
        behind = " or ".join(each.path() for each in self.by)
        return f"{words} ← {behind}" if behind else words

    def to_json(self) -> dict[str, Any]:
        return {
            "address": str(self.address),
            "kind": self.kind,
            "delaySeconds": self.waits,
            "note": self.note,
            "by": [each.to_json() for each in self.by],
        }


@dataclass(frozen=True, slots=True)
class Power:
    """Something that not everybody can do, and who can."""

    contract: str
    function: str
    role: str
    holder: Holder | None
    """None: nobody."""
    delay: int = 0
    """Seconds that the AccessManager adds for this holder."""


@dataclass(frozen=True, slots=True)
class Forger:
    """Who could have false headers believed."""

    source: str
    contract: str
    address: Address
    words: str


@dataclass(slots=True)
class ChainReport:
    """What was found on one chain."""

    name: str
    chain: str
    block: int
    powers: list[Power] = field(default_factory=list)
    forgers: list[Forger] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def critical(self, name: str, words: str) -> None:
        self.findings.append(Finding(Severity.CRITICAL, name, self.name, words))

    def warning(self, name: str, words: str) -> None:
        self.findings.append(Finding(Severity.WARNING, name, self.name, words))

    def to_json(self) -> dict[str, Any]:
        return {
            "chain": self.chain,
            "name": self.name,
            "block": self.block,
            "powers": [
                {
                    "contract": power.contract,
                    "function": power.function,
                    "role": power.role,
                    "delaySeconds": power.delay,
                    "holder": None if power.holder is None else power.holder.to_json(),
                }
                for power in self.powers
            ],
            "headers": [
                {"source": each.source, "contract": each.contract, "client": str(each.address), "forged": each.words}
                for each in self.forgers
            ],
        }


def _time(seconds: int) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"
