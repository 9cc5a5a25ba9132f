"""What forge compiled: ABI and bytecode, and the encoding of calls, results, events and errors by it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, Hash32
from relayer.domain.errors import Misconfigured

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"


@dataclass(frozen=True)
class Artifact:
    """One compiled contract."""

    name: str
    abi: tuple[Mapping[str, Any], ...]
    bytecode: bytes
    links: Mapping[str, tuple[int, ...]]
    """Where in the bytecode the address of each library belongs."""
    runtime: bytes
    """The code that is left on the chain, zero where it is filled in when it is created."""
    variable: tuple[tuple[int, int], ...]
    """Start and length of each such place."""

    def linked(self, libraries: Mapping[str, Address]) -> Artifact:
        """The same, calling these libraries."""
        code = bytearray(self.bytecode)
        for library, places in self.links.items():
            for place in places:
                code[place : place + Address.LENGTH] = libraries[library]
        return replace(self, bytecode=bytes(code))

    def constructor(self, *arguments: Any) -> bytes:
        """Creation code with its arguments."""
        inputs: list[Mapping[str, Any]] = next(
            (entry["inputs"] for entry in self.abi if entry["type"] == "constructor"), []
        )
        return self.bytecode + encode(_types(inputs), arguments)

    def call(self, function: str, *arguments: Any) -> bytes:
        entry = self._function(function, len(arguments))
        return _selector(entry) + encode(_types(entry["inputs"]), arguments)

    def selector(self, function: str) -> bytes:
        """Of a function whose name it bears alone."""
        (entry,) = (each for each in self.abi if each["type"] == "function" and each["name"] == function)
        return _selector(entry)

    def calls_that_write(self) -> Iterator[tuple[str, bytes]]:
        """Each function that may change something, with a call of it whose arguments have nothing in them."""
        for entry in self.abi:
            if entry["type"] == "function" and entry["stateMutability"] in ("nonpayable", "payable"):
                values = [_empty(field) for field in entry["inputs"]]
                yield entry["name"], _selector(entry) + encode(_types(entry["inputs"]), values)

    def arguments(self, function: str, data: bytes) -> tuple[Any, ...]:
        """The arguments of a call to the function."""
        entry = next(
            e for e in self.abi if e["type"] == "function" and e["name"] == function and _selector(e) == data[:4]
        )
        decoded: tuple[Any, ...] = decode(_types(entry["inputs"]), data[4:])
        return decoded

    def attribute(self, signature: str, *values: Any) -> bytes:
        """An ERC-7786 attribute: a selector with its values."""
        kinds = signature[signature.index("(") + 1 : -1].split(",")
        return keccak256(signature.encode())[:4] + encode(kinds, values)

    def result(self, function: str, data: bytes, *, arguments: int = 0) -> tuple[Any, ...]:
        decoded: tuple[Any, ...] = decode(_types(self._function(function, arguments)["outputs"]), data)
        return decoded

    def event(self, log: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Name and values of a log; None when it is not an event of this contract."""
        topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
        entry = self._events.get(topics[0]) if topics else None
        if entry is None:
            return None
        indexed = [field for field in entry["inputs"] if field["indexed"]]
        plain = [field for field in entry["inputs"] if not field["indexed"]]
        values: dict[str, Any] = {}
        for field, topic in zip(indexed, topics[1:], strict=True):
            values[field["name"]] = topic if _hashed(field) else decode([_type(field)], topic)[0]
        data = decode(_types(plain), bytes.fromhex(log["data"][2:]))
        values.update(zip((field["name"] for field in plain), data, strict=True))
        return entry["name"], values

    def topic(self, event: str) -> Hash32:
        return next(Hash32(topic) for topic, entry in self._events.items() if entry["name"] == event)

    def error(self, data: bytes) -> str | None:
        """The custom error in revert data, with its values."""
        entry = self._errors.get(data[:4])
        if entry is None:
            return None
        try:
            values = decode(_types(entry["inputs"]), data[4:])
        except DecodingError:
            return str(entry["name"])
        return f"{entry['name']}({', '.join(_shown(value) for value in values)})"

    def _function(self, name: str, arguments: int) -> Mapping[str, Any]:
        named = [entry for entry in self.abi if entry["type"] == "function" and entry["name"] == name]
        fitting = [entry for entry in named if len(entry["inputs"]) == arguments]
        return (fitting or named)[0]

    @cached_property
    def _events(self) -> dict[bytes, Mapping[str, Any]]:
        return {bytes(_topic(entry)): entry for entry in self.abi if entry["type"] == "event"}

    @cached_property
    def _errors(self) -> dict[bytes, Mapping[str, Any]]:
        return {_selector(entry): entry for entry in self.abi if entry["type"] == "error"}


@cache
def artifact(name: str) -> Artifact:
    """Load an artifact that `make contracts` exported."""
    path = ARTIFACTS / f"{name}.json"
    if not path.exists():
        raise Misconfigured("artifacts", f"{path} is missing", "run `make contracts`")
    found = json.loads(path.read_text())
    links = {library: tuple(places) for library, places in found["links"].items()}
    code, runtime = (bytes.fromhex(found[each].removeprefix("0x")) for each in ("bytecode", "runtime"))
    variable = tuple((start, length) for start, length in found["variable"])
    return Artifact(name, tuple(found["abi"]), code, links, runtime, variable)


def available() -> Iterator[Artifact]:
    """Every exported artifact; none before `make contracts`."""
    for path in sorted(ARTIFACTS.glob("*.json")):
        yield artifact(path.stem)


def explain(data: bytes) -> str:
    """Revert data in words: the error of whichever contract knows it."""
    if data[:4] == keccak256(b"Error(string)")[:4]:
        return str(decode(["string"], data[4:])[0])
    for known in available():
        if words := known.error(data):
            return words
    return "0x" + data.hex() if data else "without a reason"


def _type(field: Mapping[str, Any]) -> str:
    kind: str = field["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(_types(field['components']))}){kind.removeprefix('tuple')}"


def _empty(field: Mapping[str, Any]) -> Any:
    """A value of the field's type with nothing in it."""
    kind: str = field["type"]
    if kind.endswith("[]"):
        return []
    if kind == "tuple":
        return tuple(_empty(each) for each in field["components"])
    if kind == "address":
        return "0x" + "00" * Address.LENGTH
    if kind.startswith("bytes"):
        return b""
    return {"string": "", "bool": False}.get(kind, 0)


def _types(fields: list[Mapping[str, Any]]) -> list[str]:
    return [_type(field) for field in fields]


def _topic(entry: Mapping[str, Any]) -> Hash32:
    return keccak256(f"{entry['name']}({','.join(_types(entry['inputs']))})".encode())


def _selector(entry: Mapping[str, Any]) -> bytes:
    return _topic(entry)[:4]


def _hashed(field: Mapping[str, Any]) -> bool:
    kind: str = field["type"]
    return kind in ("string", "bytes") or kind.endswith("]") or kind.startswith("tuple")


def _shown(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
