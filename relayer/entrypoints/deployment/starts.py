"""What each light client begins with: read from its chain, and held against the hash that the operator vouches for."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from light_clients.bft.extra_data import Dialect, block_hash, sealed
from light_clients.bft.validators import Validators
from light_clients.clique.seal import ExtraData
from light_clients.clique.signers import Signers
from light_clients.errors import LightClientError
from light_clients.evm.header import Header, check_announced
from light_clients.types import ChainId, Hash32, Height
from relayer.adapters.beacon.api import BeaconNodes
from relayer.adapters.beacon.trust import trusted_start
from relayer.chain_presets import CliquePreset, Preset, SyncCommitteePreset, names, preset, read_preset
from relayer.domain.errors import Misconfigured
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.clients import (
    EPOCH_LENGTH,
    TRUSTING_PERIOD,
    BftStart,
    ClientStart,
    CliqueStart,
    CommitteeStart,
    SyncCommitteeStart,
)
from relayer.entrypoints.onchain.node import Node
from relayer.preset_clients import network

CLIENT = re.compile(r"([a-z0-9-]+)=(qbft|ibft2|clique):(\d+):(0x[0-9a-fA-F]{64})")
BEACON = re.compile(r"([a-z0-9-]+)=sync_committee:(0x[0-9a-fA-F]{64})@(https?://\S+)")
CONTRACTS = {"qbft": "QbftLightClient", "ibft2": "Ibft2LightClient"}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A header that the operator vouches for: everything after it is verified from there."""

    chain: str
    kind: str
    height: Height
    hash: Hash32

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        if not (match := CLIENT.fullmatch(text)):
            raise Misconfigured(
                "--client",
                f"{text!r} is not NAME=KIND:HEIGHT:HASH with KIND qbft, ibft2 or clique",
                "for example harbour=qbft:1200:0x…, the hash as a validator you trust has it",
            )
        return cls(match[1], match[2], Height(int(match[3])), Hash32.from_hex(match[4]))


@dataclass(frozen=True, slots=True)
class BeaconCheckpoint:
    """The root of a finalized beacon block that the operator vouches for, and who is asked about it."""

    chain: str
    root: Hash32
    node: str


def checkpoint(text: str) -> Checkpoint | BeaconCheckpoint:
    """What `--client` says."""
    if match := BEACON.fullmatch(text):
        return BeaconCheckpoint(match[1], Hash32.from_hex(match[2]), match[3])
    return Checkpoint.parse(text)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every client of a deployment."""

    checkpoints: Sequence[Checkpoint | BeaconCheckpoint]
    presets: Mapping[str, str]
    """What kind of chain each is, by name: a preset, or a file like one."""
    committee: CommitteeStart | None
    """What vouches for chains without a checkpoint."""
    trusting_period: int | None
    """Seconds; None: what the preset says, or two weeks."""
    epoch_length: int | None
    """Of Clique chains; None: what the preset says, or EIP-225's."""
    confirmations: int | None
    """Of Clique chains; None: what the preset says, or as few as a majority of the signers makes."""


async def starts(chains: Sequence[Chain], terms: Terms) -> Mapping[ChainId, ClientStart]:
    """What verifies each chain on all the others."""
    _check_names(chains, terms)
    by_name = {checkpoint.chain: checkpoint for checkpoint in terms.checkpoints}
    found: dict[ChainId, ClientStart] = {}
    async with aiohttp.ClientSession() as session:
        for chain in chains:
            match by_name.get(chain.name):
                case Checkpoint() as sealed:
                    found[chain.id] = await _start(sealed, Node(chain.url, session), terms)
                case BeaconCheckpoint() as beacon:
                    found[chain.id] = await _beacon_start(beacon, chain, session, terms)
                case None if terms.committee is not None:
                    found[chain.id] = terms.committee
                case None:
                    wrong = f"nothing verifies {chain.name}"
                    raise Misconfigured("--client", wrong, "name its consensus by --client, or attesters by --member")
    return found


def _check_names(chains: Sequence[Chain], terms: Terms) -> None:
    known = {chain.name for chain in chains}
    named = [checkpoint.chain for checkpoint in terms.checkpoints]
    for option, names_ in {"--client": named, "--preset": list(terms.presets)}.items():
        for name in names_:
            if name not in known:
                raise Misconfigured(option, f"there is no chain {name!r}", "name it by --chain too")
    for name in named:
        if named.count(name) > 1:
            raise Misconfigured("--client", f"{name} has two", "name one header a chain")


async def _start(checkpoint: Checkpoint, node: Node, terms: Terms) -> ClientStart:
    header = await _vouched_for(checkpoint, node)
    try:
        if checkpoint.kind == "clique":
            return _clique_start(checkpoint, header, terms)
        return BftStart(
            CONTRACTS[checkpoint.kind],
            Validators.of(sealed(header, Dialect(checkpoint.kind)).extra.validators).addresses,
            header.number,
            header.timestamp,
            checkpoint.hash,
            terms.trusting_period or TRUSTING_PERIOD,
        )
    except LightClientError as error:
        raise Misconfigured("--client", f"block {header.number} of {checkpoint.chain}: {error}", _EPOCH) from error


_EPOCH = "name a header of that consensus; of a Clique chain, one that begins an epoch"


def _clique_start(checkpoint: Checkpoint, header: Header, terms: Terms) -> CliqueStart:
    known = terms.presets.get(checkpoint.chain)
    usual = _read(known).light_client if known else None
    if usual is not None and not isinstance(usual, CliquePreset):
        raise Misconfigured("--preset", f"{known} is no preset of a Clique chain", "name one, or none")
    signers = Signers(ExtraData.decode(header.extra_data).signers).addresses
    epoch_length = terms.epoch_length or (usual.epoch_blocks if usual else EPOCH_LENGTH)
    if header.number % epoch_length:
        wrong = f"block {header.number} of {checkpoint.chain} begins no epoch of {epoch_length} blocks"
        raise Misconfigured("--client", wrong, "name a multiple, or correct --clique-epoch")
    return CliqueStart(
        signers,
        header.number,
        header.timestamp,
        epoch_length,
        terms.confirmations or (usual.confirmations if usual else 0),
        terms.trusting_period or (usual.trusting_seconds if usual else TRUSTING_PERIOD),
    )


async def _beacon_start(
    beacon: BeaconCheckpoint, chain: Chain, session: aiohttp.ClientSession, terms: Terms
) -> SyncCommitteeStart:
    known = _preset(terms.presets.get(chain.name, ""), chain)
    if not isinstance(known.light_client, SyncCommitteePreset):
        raise Misconfigured("--preset", f"{known.name} has no sync committees", "name the preset of a beacon chain")
    followed = network(known.light_client)
    if terms.trusting_period is not None:
        followed = replace(followed, trusting_period=terms.trusting_period)
    nodes = BeaconNodes([beacon.node], session)
    client = await trusted_start(nodes, chain.id, followed, beacon.root, int(time.time()))
    return SyncCommitteeStart(followed, client.timestamp, client.committees)


def _preset(name: str, chain: Chain) -> Preset:
    """The one that the operator names, or the one of the chain's id."""
    if name:
        return _read(name)
    for each in map(preset, names()):
        if each.id == chain.id:
            return each
    raise Misconfigured("--preset", f"nothing is known of {chain.name}", "name its preset by --preset NAME=PRESET")


def _read(name: str) -> Preset:
    return read_preset(Path(name)) if name.endswith(".toml") else preset(name)


async def _vouched_for(checkpoint: Checkpoint, node: Node) -> Header:
    """The header of that height, if it is the one the operator vouches for."""
    block = await node.rpc("eth_getBlockByNumber", hex(checkpoint.height), False)
    if block is None:
        raise Misconfigured("--client", f"{checkpoint.chain} has no block {checkpoint.height} yet", "name an older one")
    dialect = None if checkpoint.kind == "clique" else Dialect(checkpoint.kind)
    try:
        rule = Header.hash if dialect is None else lambda header: block_hash(header, dialect)
        header, found = check_announced(block, rule)
    except LightClientError as error:
        wrong = f"block {checkpoint.height} of {checkpoint.chain} is no header of {checkpoint.kind}: {error}"
        raise Misconfigured("--client", wrong, "name the consensus that the chain has") from error
    if found != checkpoint.hash:
        wrong = f"block {checkpoint.height} of {checkpoint.chain} is {found}, not {checkpoint.hash}"
        raise Misconfigured("--client", wrong, "ask somebody you trust which of the two it is")
    return header
