"""What is believed of Clique, held against a node that others wrote.

It has the rules of London, too old for the gateway, so headers and a storage proof are followed, and no lane.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from light_clients.clique.client import CliqueClient
from light_clients.clique.errors import CliqueError, DepthNotReached, ExtraDataMalformed, SignersMismatch
from light_clients.clique.seal import signer_of
from light_clients.clique.signers import Signers
from light_clients.clique.snapshot import IN_TURN, Snapshot
from light_clients.errors import LightClientError, SlotAbsent
from light_clients.evm.accounts import pack_proof, slot_value
from light_clients.evm.header import Header
from light_clients.types import Address, Hash32, Height, TrustedHeader
from relayer.adapters.evm.consensus import EvmSealedHeaders
from relayer.adapters.evm.headers import BlockReader
from tests.adapters.support.opened import opened
from tests.assumptions.clique_node import CHAIN, SIGNER, CliqueNode, a_clique_node, a_genesis
from tests.light_clients.shared import flipped

WHO = Address.from_hex(SIGNER.address)
EPOCH = 30_000
DEPTH = 3
FIRST, SECOND = Hash32(b"\x11" * 32), Hash32(bytes(31) + b"\x22")
KEPT, NEVER = Hash32(bytes(32)), Hash32(bytes(31) + b"\x01")

KEEPER = bytes.fromhex("6000356000550000")
"""SSTORE(0, CALLDATALOAD(0)), STOP."""


def a_keeper_of(word: Hash32) -> bytes:
    """Code that makes a contract which keeps a word in slot 0, and takes others later."""
    store = b"\x7f" + word + b"\x60\x00\x55"
    give = b"\x67" + KEEPER + bytes.fromhex("60005260086018f3")
    return store + give


def a_client(genesis: Header) -> CliqueClient:
    """One that trusts the genesis."""
    signers = Signers(Snapshot.of_checkpoint(genesis, EPOCH).signers)
    return CliqueClient(CHAIN, signers, Height(0), genesis.timestamp, EPOCH, DEPTH, trusting_period=3600)


async def blocks_of(node: CliqueNode, last: int) -> list[Header]:
    """Every header from the genesis on, each of which hashes to what the node announces."""
    await node.reaches(last)
    answers = [await node.rpc("eth_getBlockByNumber", hex(number), False) for number in range(last + 1)]
    return [BlockReader().block(answer, Height(number))[0] for number, answer in enumerate(answers)]


async def the_slot(chain: EvmSealedHeaders, account: Address, slot: Hash32, header: TrustedHeader) -> Hash32:
    """What the header's state proves of the slot."""
    nodes = await chain.storage(account, [slot], header.height)
    return slot_value(header.state_root, account, slot, pack_proof(nodes.account, nodes.slots[0]))


async def test_its_blocks_are_walked_from_its_genesis_and_its_seals_name_their_signer(tmp_path: Path) -> None:
    async with a_clique_node(tmp_path, a_genesis([WHO])) as node:
        genesis, *headers = await blocks_of(node, 4)

    snapshot = Snapshot.of_checkpoint(genesis, EPOCH).walk(headers)

    assert (snapshot.number, snapshot.signers) == (4, (WHO,))
    assert {signer_of(header) for header in headers} == {WHO}
    assert {header.difficulty for header in headers} == {IN_TURN}
    assert all(header.base_fee_per_gas is not None and header.withdrawals_root is None for header in headers)
    for place in range(0, len(headers[-1].extra_data), 5):
        forged = replace(headers[-1], extra_data=flipped(headers[-1].extra_data, place, 1))
        with pytest.raises(CliqueError):
            snapshot.walk([*headers[:-1], forged])


async def test_it_is_followed_at_a_depth_and_its_storage_is_proven_under_trusted_headers(tmp_path: Path) -> None:
    async with a_clique_node(tmp_path, a_genesis([WHO])) as node, opened(node.http, chain=CHAIN) as open_:
        chain = EvmSealedHeaders(open_.pool)
        (genesis,) = await chain.headers(Height(0), Height(0))
        made = await node.send(a_keeper_of(FIRST))
        keeper = Address.from_hex(made["contractAddress"])

        client, before = await follow(a_client(genesis), chain, int(made["blockNumber"], 16))
        assert await the_slot(chain, keeper, KEPT, before) == FIRST
        with pytest.raises(SlotAbsent):
            await the_slot(chain, keeper, NEVER, before)

        changed = await node.send(SECOND, keeper)
        client, after = await follow(client, chain, int(changed["blockNumber"], 16))
        assert await the_slot(chain, keeper, KEPT, after) == SECOND
        assert await the_slot(chain, keeper, KEPT, before) == FIRST
        stale = await chain.storage(keeper, [KEPT], before.height)
        with pytest.raises(LightClientError):
            slot_value(after.state_root, keeper, KEPT, pack_proof(stale.account, stale.slots[0]))
        assert client.height == after.height > before.height


async def follow(client: CliqueClient, chain: EvmSealedHeaders, height: int) -> tuple[CliqueClient, TrustedHeader]:
    """The client after it has trusted the block of this height, once enough stands on it."""
    await chain.head(Height(height + DEPTH))
    run = await chain.headers(Height(height), Height(height + DEPTH))
    refuses(client, run)
    after, header = client.advance(client.build_update(run), int(time.time()))
    assert header == run[0].trusted(CHAIN, run[0].hash())
    return after, header


def refuses(client: CliqueClient, run: Sequence[Header]) -> None:
    with pytest.raises(DepthNotReached):
        client.build_update(run[:-1])
    stranger = replace(client, signers=Signers.of([Address(b"\xee" * 20)]))
    with pytest.raises(SignersMismatch):
        stranger.advance(client.build_update(run), run[0].timestamp)


async def test_its_epochs_list_nobody_which_the_eip_forbids_and_the_walk_refuses(tmp_path: Path) -> None:
    async with a_clique_node(tmp_path, a_genesis([WHO], epoch=2)) as node:
        genesis, first, epoch = await blocks_of(node, 2)

    before = Snapshot.of_checkpoint(genesis, 2).apply(first)

    assert signer_of(epoch) == WHO
    with pytest.raises(ExtraDataMalformed):
        before.apply(epoch)
