"""Deploys to all chains of a devnet at once."""

from __future__ import annotations

from relayer.entrypoints.deployment.deploy import Done
from relayer.entrypoints.deployment.everywhere import deploy_everywhere
from relayer.entrypoints.devnet.accounts import DEPLOYER, account
from relayer.entrypoints.devnet.configs import committee
from relayer.entrypoints.devnet.folder import Folder


async def deploy_devnet(folder: Folder) -> list[Done]:
    return await deploy_everywhere(folder.read().chains, committee(), account(DEPLOYER), folder.addresses, mine=True)
