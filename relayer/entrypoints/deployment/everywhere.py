"""Deploys to many chains at once, and writes their address files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp

from light_clients.types import ChainId
from relayer.entrypoints.deployment.addresses import write_addresses
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.clients import ClientStart
from relayer.entrypoints.deployment.deploy import Done, Nudge, deploy
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
) -> list[Done]:
    """Bring all chains to one plan. `mine`: tell them to mine, as idle local chains need it.

    `hub`: the others know each other only through this one.
    """
    whole = plan(chains, admin.address, starts, hub)
    async with aiohttp.ClientSession() as session:
        nodes = [Node(chain.url, session) for chain in chains]
        async with asyncio.TaskGroup() as checks:
            for chain, node in zip(chains, nodes, strict=True):
                checks.create_task(node.check_chain(chain.name, chain.id))
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(deploy(whole, chain, Wallet(node, admin, chain.id), _mine(node) if mine else _wait))
                for chain, node in zip(chains, nodes, strict=True)
            ]
    done = [task.result() for task in tasks]
    for each in done:
        write_addresses(out, each.addresses)
    return done


def _mine(node: Node) -> Nudge:
    async def mine() -> None:
        await node.rpc("evm_mine")

    return mine


async def _wait() -> None:
    """Real chains mine by themselves."""
