"""Deploys to all chains of a devnet at once."""

from __future__ import annotations

import asyncio

import aiohttp

from relayer.entrypoints.deployment.addresses import write_addresses
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.deploy import Done, deploy
from relayer.entrypoints.deployment.plan import plan
from relayer.entrypoints.devnet.accounts import DEPLOYER, account
from relayer.entrypoints.devnet.configs import committee
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.onchain.wallet import Wallet


async def deploy_devnet(folder: Folder) -> list[Done]:
    chains = folder.read().chains
    deployer = account(DEPLOYER)
    whole = plan(chains, deployer.address, committee())

    async def one(chain: Chain, session: aiohttp.ClientSession) -> Done:
        node = Node(chain.url, session)

        async def mine() -> None:
            await node.rpc("evm_mine")

        done = await deploy(whole, chain, Wallet(node, deployer, chain.id), mine)
        write_addresses(folder.addresses, whole.addresses(chain))
        print(f"{chain.name}: created {len(done.created)}, opened {len(done.opened)}, gas {done.gas}", flush=True)
        return done

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(chain, session)) for chain in chains]
    return [task.result() for task in tasks]
