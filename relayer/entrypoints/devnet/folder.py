"""The one folder of a devnet: what is where in it, and the description that other commands read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from light_clients.types import ChainId
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.deployment.addresses import Addresses, read_addresses
from relayer.entrypoints.deployment.chains import Chain

DEFAULT = Path(".devnet")
CHAINS = {"harbour": ChainId(31337), "island": ChainId(31338), "lagoon": ChainId(31339)}


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths inside a devnet's folder."""

    root: Path

    @property
    def description(self) -> Path:
        return self.root / "devnet.json"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def makeup(self) -> Path:
        return self.root / "consensus.json"

    def memory(self, part: str) -> Path:
        """What a validator has sealed, or the node that serves what they sealed."""
        return self.root / "chains" / f"{part}.sealed"

    @property
    def addresses(self) -> Path:
        return self.root / "addresses"

    def log(self, part: str) -> Path:
        return self.root / "logs" / f"{part}.log"

    def pid(self, part: str) -> Path:
        return self.root / "pids" / f"{part}.json"

    def key(self, name: str) -> Path:
        return self.root / "keys" / f"{name}.key"

    def config(self, name: str) -> Path:
        return self.root / "config" / f"{name}.toml"

    def snapshot(self, chain: str) -> Path:
        return self.root / "chains" / f"{chain}.snapshot"

    def journal(self, chain: str) -> Path:
        return self.root / "chains" / f"{chain}.journal"

    def make(self) -> None:
        for name in ("logs", "pids", "keys", "config", "chains", "addresses"):
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def describe(self, description: Description) -> None:
        write_atomically(self.description, json.dumps(description.to_json(), indent=2) + "\n")

    def read(self) -> Description:
        try:
            return Description.from_json(json.loads(self.description.read_text()))
        except FileNotFoundError:
            raise Misconfigured(
                "devnet", f"there is no devnet in {self.root}", "start one with `lockkeeper devnet up`"
            ) from None
        except (ValueError, KeyError, TypeError):
            raise Misconfigured(
                "devnet", f"{self.description} is damaged", "run `lockkeeper devnet down --wipe`, then up"
            ) from None

    def deployed(self, chain: str) -> Addresses:
        return read_addresses(self.addresses / f"{chain}.json")


@dataclass(frozen=True, slots=True)
class Description:
    """Where everything of a running devnet listens."""

    chains: tuple[Chain, ...]
    ports: dict[str, int]
    """By part."""
    ready: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "ready": self.ready,
            "chains": [{"id": chain.id, "name": chain.name, "url": chain.url} for chain in self.chains],
            "ports": self.ports,
            "urls": self.urls(),
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Description:
        chains = tuple(Chain(ChainId(chain["id"]), chain["name"], chain["url"]) for chain in found["chains"])
        return cls(chains, dict(found["ports"]), bool(found["ready"]))

    def urls(self) -> dict[str, str]:
        """What a person would open."""
        if "api" not in self.ports:
            return {}
        api, relayer = f"http://127.0.0.1:{self.ports['api']}", f"http://127.0.0.1:{self.ports['relayer']}"
        return {"explorer": f"{api}/", "api": f"{api}/v1/lanes", "docs": f"{api}/docs", "metrics": f"{relayer}/metrics"}


def write_atomically(path: Path, text: str) -> None:
    """Readers see the old file or the new one, whatever is killed when."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text)
    draft.replace(path)
