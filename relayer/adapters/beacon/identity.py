"""Whether the beacon nodes are of the chain that the configuration describes."""

from __future__ import annotations

from collections.abc import Mapping

from light_clients.sync_committee.errors import BeaconJsonMalformed
from light_clients.sync_committee.network import Network
from light_clients.types import Hash32
from relayer.adapters.beacon.api import BeaconNodes, Said, served
from relayer.domain.errors import Misconfigured

Settings = Mapping[object, object]


async def check_identity(nodes: BeaconNodes, network: Network, key: str) -> None:
    """At start: a node of another chain, or a network described wrongly, is a mistake of the operator's at that key.

    Raises `Transient` when no node can be asked.
    """
    for genesis in served(await nodes.ask("/eth/v1/beacon/genesis", _parse_genesis)):
        expected = (network.genesis_time, network.genesis_validators_root)
        if genesis.value != expected:
            wrong = f"{genesis.node} serves the chain with genesis {_shown(genesis.value)}"
            raise Misconfigured(key, wrong, f"name a node of the chain with genesis {_shown(expected)}")
    for settings in served(await nodes.ask("/eth/v1/config/spec", _parse_settings)):
        _check_settings(settings, network, key)


def _check_settings(said: Said[Settings], network: Network, key: str) -> None:
    expected = {
        "SECONDS_PER_SLOT": network.seconds_per_slot,
        "SLOTS_PER_EPOCH": network.slots_per_epoch,
        "EPOCHS_PER_SYNC_COMMITTEE_PERIOD": network.epochs_per_period,
        "SYNC_COMMITTEE_SIZE": network.committee_size,
    }
    for name, value in expected.items():
        found = said.value.get(name, str(value))  # not every node lists all of its preset
        if found != str(value):
            raise Misconfigured(key, f"{said.node} says that {name} is {found}", f"correct it: it is set to {value}")
    forks = _forks(said.value)
    for fork in network.forks:
        version = "0x" + fork.version.hex()
        if (str(fork.epoch), version) not in forks:
            wrong = f"{said.node} knows no fork {version} at epoch {fork.epoch}"
            raise Misconfigured(key, wrong, "correct the table of forks")


def _forks(settings: Settings) -> set[tuple[object, object]]:
    """Epoch and version of each."""
    names = [name.removesuffix("_FORK_EPOCH") for name in settings if isinstance(name, str)]
    return {(settings.get(f"{name}_FORK_EPOCH"), settings.get(f"{name}_FORK_VERSION")) for name in names}


def _parse_genesis(answer: object) -> tuple[int, Hash32]:
    match answer:
        case {"data": {"genesis_time": str(seconds), "genesis_validators_root": str(root)}}:
            try:
                return int(seconds), Hash32.from_hex(root)
            except ValueError as error:
                raise BeaconJsonMalformed("genesis", str(error)) from error
    raise BeaconJsonMalformed("genesis", "no time or no validators root")


def _parse_settings(answer: object) -> Settings:
    match answer:
        case {"data": dict(settings)}:
            return settings
    raise BeaconJsonMalformed("spec", "no settings")


def _shown(genesis: tuple[int, Hash32]) -> str:
    return f"{genesis[1]} at {genesis[0]}"
