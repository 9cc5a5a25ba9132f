"""From the configuration of a chain to its ports."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import partial

from light_clients.bft.extra_data import Dialect, block_hash
from light_clients.evm.header import Header
from light_clients.types import Address, ChainId
from relayer.adapters.evm.chain import FinalityRule
from relayer.adapters.evm.connect import ChainSettings, OpenChain, open_chain
from relayer.adapters.evm.headers import HashRule
from relayer.adapters.evm.pool import RpcObserver
from relayer.adapters.mqtt.bus import Broker
from relayer.config import Chain, Config, Lane
from relayer.domain import ids
from relayer.ports import Clock


def opened(config: Config, chain: Chain, clock: Clock, observer: RpcObserver) -> AbstractAsyncContextManager[OpenChain]:
    """Follow the chain while the context lasts."""
    settings = ChainSettings(
        id=chain.id,
        endpoints=chain.endpoints,
        gateway=chain.gateway,
        remotes=remotes_of(config, chain),
        finality=FinalityRule(chain.finality.kind, chain.finality.depth),
        block_seconds=chain.block_seconds,
        deadline=chain.deadline,
        hash_of=_hash_rule(chain.hashing),
    )
    return open_chain(settings, clock, observer)


def remotes_of(config: Config, chain: Chain) -> dict[ChainId, Address]:
    """The gateways of the chains that lanes lead to from this one, or from which they lead here."""
    ends = [(lane.source, lane.destination) for lane in config.lanes]
    others = {other for ends_ in ends if chain.id in ends_ for other in ends_} - {chain.id}
    return {other: config.chain(other).gateway for other in sorted(others)}


def broker_of(config: Config) -> Broker | None:
    """Where the bus is; None where there is none."""
    if config.bus.broker == "none":
        return None
    embedded = config.bus.broker == "embedded"
    host, port = host_and_port(config.bus.listen if embedded else config.bus.broker.removeprefix("mqtt://"))
    return Broker(host, port)


def host_and_port(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host, int(port)


def lane_of(config: Config, lane: Lane) -> ids.Lane:
    """The lane by its gateways."""
    gateways = config.chain(lane.source).gateway, config.chain(lane.destination).gateway
    return ids.Lane(lane.source, gateways[0], lane.destination, gateways[1])


def _hash_rule(hashing: str) -> HashRule:
    return Header.hash if hashing == "ethereum" else partial(block_hash, dialect=Dialect(hashing))
