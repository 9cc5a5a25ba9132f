"""Deploys to all chains of a devnet at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import aiohttp

from light_clients.evm.header import header_from_json
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.deploy import Done
from relayer.entrypoints.deployment.everywhere import deploy_everywhere
from relayer.entrypoints.devnet.accounts import DEPLOYER, account
from relayer.entrypoints.devnet.consensus import EPOCH, Anchor, Makeup, keep, makeup
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.devnet.sealing.kinds import kind_of
from relayer.entrypoints.onchain.node import Node


async def anchored(folder: Folder, made: Makeup, chains: Sequence[Chain]) -> Makeup:
    """The same, knowing the genesis block of each sealed chain: what its light clients begin with."""
    anchors: dict[str, Anchor] = {}
    async with aiohttp.ClientSession() as session:
        for chain in chains:
            if made.of(chain.name).sealed:
                mined = await Node(chain.url, session).rpc("eth_getBlockByNumber", "0x0", False)
                kind = kind_of(made.of(chain.name).value, EPOCH)
                genesis = kind.genesis(header_from_json(mined), made.sealers(chain.name))
                anchors[chain.name] = Anchor(genesis.timestamp, kind.block_hash(genesis))
    return keep(folder, replace(made, anchors=anchors))


async def deploy_devnet(folder: Folder) -> list[Done]:
    """Onto the executing nodes: what they mine now, validators seal when they start."""
    made, ports = makeup(folder), folder.read().ports
    chains = [
        Chain(chain.id, chain.name, f"http://127.0.0.1:{ports[made.execution(chain.name)]}")
        for chain in folder.read().chains
    ]
    if not made.anchors:
        made = await anchored(folder, made, chains)
    starts = {chain.id: made.start(chain.name) for chain in chains}
    return await deploy_everywhere(chains, starts, account(DEPLOYER), folder.addresses, mine=True)
