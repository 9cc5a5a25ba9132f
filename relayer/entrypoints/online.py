"""What only the chains themselves can say about a configuration."""

from __future__ import annotations

import aiohttp

from relayer.config import Chain, Config
from relayer.domain.errors import Misconfigured, Transient
from relayer.entrypoints.onchain.node import Node


async def problems_online(config: Config) -> list[Misconfigured]:
    async with aiohttp.ClientSession() as session:
        return [problem for chain in config.chains for problem in await _chain_problems(chain, session)]


async def _chain_problems(chain: Chain, session: aiohttp.ClientSession) -> list[Misconfigured]:
    problems: list[Misconfigured] = []
    for url in chain.endpoints:
        node = Node(url.replace("ws", "http", 1) if url.startswith("ws") else url, session)
        try:
            await node.check_chain(chain.name, chain.id)
            if not await node.has_code(chain.gateway):
                wrong = f"there is no contract at {chain.gateway}"
                problems.append(Misconfigured(f"chains.{chain.name}.gateway", wrong, "deploy it or correct it"))
        except Misconfigured as problem:
            problems.append(problem)
        except Transient as trouble:
            problems.append(
                Misconfigured(f"chains.{chain.name}.endpoints", str(trouble), "start the node or correct the URL")
            )
    return problems
