"""Deploys to many chains at once, and writes their address files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp

from light_clients.types import Address, ChainId
from relayer.entrypoints.deployment.addresses import write_addresses
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.clients import ClientStart
from relayer.entrypoints.deployment.deploy import Done, Nudge, deploy
from relayer.entrypoints.deployment.governance import Governance
from relayer.entrypoints.deployment.handover import hand_over
from relayer.entrypoints.deployment.plan import plan
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.onchain.wallet import Account, Wallet


async def deploy_everywhere(
    chains: Sequence[Chain],
    starts: Mapping[ChainId, ClientStart],
    admin: Account,
    out: Path,
    *,
    mine: bool = False,
    hub: ChainId | None = None,
    governance: Governance | None = None,
    treasury: Address | None = None,
) -> list[Done]:
    """Bring all chains to one plan. `mine`: tell them to mine, as idle local chains need it.

    `hub`: the others know each other only through this one. Every lane is open before anybody gives up a power.
    """
    whole = plan(chains, admin.address, starts, hub, governance=governance, treasury=treasury)
    async with aiohttp.ClientSession() as session:
        nodes = [Node(chain.url, session) for chain in chains]
        async with asyncio.TaskGroup() as checks:
            for chain, node in zip(chains, nodes, strict=True):
                checks.create_task(node.check_chain(chain.name, chain.id))
        wallets = [Wallet(node, admin, chain.id) for chain, node in zip(chains, nodes, strict=True)]
        nudges = [_mine(node) if mine else _wait for node in nodes]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(deploy(whole, *each)) for each in zip(chains, wallets, nudges, strict=True)]
        done = [task.result() for task in tasks]
        async with asyncio.TaskGroup() as group:
            for each, wallet, nudge in zip(done, wallets, nudges, strict=True):
                group.create_task(hand_over(whole, wallet, nudge, each))
    for each in done:
        write_addresses(out, each.addresses)
    return done


def _mine(node: Node) -> Nudge:
    async def mine() -> None:
        await node.rpc("evm_mine")

    return mine


async def _wait() -> None:
    """Real chains mine by themselves."""
