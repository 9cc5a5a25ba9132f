"""The executable consensus spec as the oracle, and its vectors as the client's values."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import snappy
from eth_consensus_specs.debug.encode import encode
from ruamel.yaml import YAML

from light_clients.sync_committee.beacon import LightClientUpdate
from light_clients.sync_committee.beacon_json import parse_bootstrap, parse_update
from light_clients.sync_committee.bootstrap import start
from light_clients.sync_committee.network import CAPELLA, DENEB, ELECTRA, FULU, Fork, Network
from light_clients.types import Hash32
from tests.light_clients.beacon_data import SOURCE, Follower, folder

SYNC_CASES = (
    "official_minimal/deneb/advance_finality_without_sync_committee",
    "official_minimal/deneb/light_client_sync",
    "official_minimal/deneb/supply_sync_committee_from_past_update",
    "official_minimal/electra/light_client_sync",
    *(
        f"pyspec_minimal/{fork}/light_client/sync/pyspec_tests/{case}"
        for fork in ("deneb", "electra", "fulu")
        for case in ("light_client_sync", "light_client_sync_no_force_update")
    ),
)

INDICES = {"CAPELLA": CAPELLA, "DENEB": DENEB, "ELECTRA": ELECTRA, "FULU": FULU}


def spec_of(fork: str) -> Any:
    """The executable spec of a fork, on the minimal preset."""
    return importlib.import_module(f"eth_consensus_specs.{fork}.minimal")


def fork_in(path: str) -> str:
    """The fork whose containers a vector is written in."""
    return path.split("/")[1]


def served(value: Any) -> Any:
    """A value of the spec as a beacon node serves it."""
    return _numbers_as_strings(encode(value))  # type: ignore[no-untyped-call]


def _numbers_as_strings(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers_as_strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers_as_strings(item) for item in value]
    return str(value) if isinstance(value, int) else value


def yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text())


def decoded(spec_type: Any, path: Path) -> Any:
    """What a vector's file holds."""
    return spec_type.decode_bytes(snappy.decompress(path.read_bytes()))


def spec_update(update: Any) -> LightClientUpdate:
    return parse_update(served(update))


@dataclass
class SpecCase:
    """One sync test of the consensus spec."""

    path: str

    def __post_init__(self) -> None:
        self.folder = folder("beacon_spec_vectors") / self.path
        self.spec = spec_of(fork_in(self.path))
        self.meta = yaml(self.folder / "meta.yaml")
        self.config = yaml(self.folder / "config.yaml")
        self.steps = yaml(self.folder / "steps.yaml")
        self.bootstrap = decoded(self.spec.LightClientBootstrap, self.folder / "bootstrap.ssz_snappy")

    @property
    def genesis_validators_root(self) -> Hash32:
        return Hash32.from_hex(_hex(self.meta["genesis_validators_root"], 32))

    @property
    def trusted_block_root(self) -> Hash32:
        return Hash32.from_hex(_hex(self.meta["trusted_block_root"], 32))

    @property
    def network(self) -> Network:
        """With the forks that the case's configuration schedules."""
        forks = [
            Fork(
                int(self.config[f"{name}_FORK_EPOCH"]),
                bytes.fromhex(_hex(self.config[f"{name}_FORK_VERSION"], 4)),
                indices,
            )
            for name, indices in INDICES.items()
            if int(self.config.get(f"{name}_FORK_EPOCH", 2**64 - 1)) < 2**64 - 1
        ]
        return Network(
            genesis_validators_root=self.genesis_validators_root,
            genesis_time=0,  # of the test states, whatever the configuration says
            forks=tuple(forks),
            seconds_per_slot=6,
            slots_per_epoch=8,
            epochs_per_period=8,
            committee_size=32,
        )

    def update(self, name: str) -> Any:
        """As the spec's own container."""
        return decoded(self.spec.LightClientUpdate, self.folder / f"{name.strip()}.ssz_snappy")

    def follower(self) -> Follower:
        """A client that began at the case's trusted block."""
        network = self.network
        bootstrap = parse_bootstrap(served(self.bootstrap))
        now = network.time(bootstrap.header.beacon.slot)
        client, committee = start(SOURCE, network, bootstrap, self.trusted_block_root, now)
        (period,) = client.committees
        return Follower(client, {period: committee})

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        """The spec, with the fork schedule of the case."""
        changes = {
            name: type(getattr(self.spec.config, name))(int(value))
            for name, value in self.config.items()
            if name.endswith("_FORK_EPOCH") and hasattr(self.spec.config, name)
        }
        monkeypatch.setattr(self.spec, "config", self.spec.config._replace(**changes))
        return self.spec


def _hex(value: Any, length: int) -> str:
    """YAML reads an unquoted 0x as a number."""
    return value if isinstance(value, str) else f"{value:0{2 * length}x}"
