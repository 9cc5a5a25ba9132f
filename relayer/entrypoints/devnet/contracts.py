"""Deploys to all chains of a devnet at once."""

from __future__ import annotations

from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.deploy import Done
from relayer.entrypoints.deployment.everywhere import deploy_everywhere
from relayer.entrypoints.devnet.accounts import DEPLOYER, account
from relayer.entrypoints.devnet.consensus import makeup
from relayer.entrypoints.devnet.folder import Folder


async def deploy_devnet(folder: Folder) -> list[Done]:
    """Onto the executing nodes: what they mine now, validators seal when they start."""
    made, ports = makeup(folder), folder.read().ports
    chains = [
        Chain(chain.id, chain.name, f"http://127.0.0.1:{ports[made.execution(chain.name)]}")
        for chain in folder.read().chains
    ]
    starts = {chain.id: made.start(chain.name) for chain in chains}
    return await deploy_everywhere(chains, starts, account(DEPLOYER), folder.addresses, mine=True)
