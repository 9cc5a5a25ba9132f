"""What only the chains themselves can say about a configuration: `lockkeeper config check --online`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from light_clients.types import Address, ChainId
from relayer.adapters.evm.web3_access import open_web3
from relayer.config import Chain, Config, Lane
from relayer.config_clients import CommitteeLightClient, LightClient
from relayer.domain.errors import Misconfigured, Transient
from relayer.domain.slots import sent_accumulator_slot
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.ports import Proofs

if TYPE_CHECKING:
    from web3 import AsyncWeb3

ATTEMPTS = 3
PROBED_CHAIN = ChainId(1)
"""A slot is asked for to see whether the endpoint proves at all; which one does not matter."""


async def problems_online(config: Config) -> list[Misconfigured]:
    """Everything that chains and configuration disagree about."""
    problems = [problem for chain in config.chains async for problem in _chain_problems(chain)]
    unreachable = {problem.key for problem in problems if problem.key.endswith(".endpoints")}
    for number, lane in enumerate(config.lanes):
        destination = config.chain(lane.destination)
        if f"chains.{destination.name}.endpoints" not in unreachable:
            problems += [problem async for problem in _lane_problems(f"lanes[{number}]", lane, config)]
    return problems


async def _chain_problems(chain: Chain) -> AsyncIterator[Misconfigured]:
    """Each endpoint by itself: failover must not lead to one that cannot serve."""
    key = f"chains.{chain.name}"
    for url in chain.endpoints:
        try:
            async for attempt in _patiently():
                with attempt:
                    async with open_web3(chain.id, [url]) as web3:
                        found = [each async for each in _endpoint_problems(key, chain, web3)]
        except Misconfigured as problem:
            yield Misconfigured(f"{key}.endpoints", problem.wrong, problem.mend)
        except Transient as trouble:
            yield Misconfigured(f"{key}.endpoints", str(trouble), "start the node or correct the URL")
        else:
            for each in found:
                yield each


async def _endpoint_problems(key: str, chain: Chain, web3: AsyncWeb3[Any]) -> AsyncIterator[Misconfigured]:
    from web3.exceptions import Web3Exception
    from web3.types import RPCEndpoint

    if not await web3.eth.get_code(_address(web3, chain.gateway)):
        yield Misconfigured(f"{key}.gateway", f"there is no contract at {chain.gateway}", "deploy it or correct it")
    async for problem in _market_problems(key, chain, web3):
        yield problem
    method, parameters = _proof_request(chain)
    try:
        answer = await web3.provider.make_request(RPCEndpoint(method), parameters)
        refusal = answer.get("error")
    except Web3Exception as trouble:
        refusal = {"code": 0, "message": str(trouble)}
    if refusal:
        wrong = f"an endpoint serves no proofs ({refusal})"
        yield Misconfigured(f"{key}.endpoints", wrong, f"use a node that answers {method}")


async def _market_problems(key: str, chain: Chain, web3: AsyncWeb3[Any]) -> AsyncIterator[Misconfigured]:
    """Whether the contracts that the index is to read stand there, and work with each other."""
    from web3.exceptions import Web3Exception

    named = {"asset_gateway": chain.asset_gateway, "marketplace": chain.marketplace, "settlement": chain.settlement}
    standing = {name for name, where in named.items() if where and await web3.eth.get_code(_address(web3, where))}
    for name, where in named.items():
        if where and name not in standing:
            yield Misconfigured(f"{key}.{name}", f"there is no contract at {where}", "deploy it or correct it")
    asked = [("asset_gateway", "AssetGateway", "gateway", chain.gateway)]
    asked += [("settlement", "Settlement", "gateway", chain.gateway)]
    if chain.marketplace:
        asked += [("settlement", "Settlement", "marketplace", chain.marketplace)]
    for name, contract, view, expected in asked:
        where = named[name]
        if where is None or name not in standing:
            continue
        try:
            found = await _contract(web3, contract, where).functions[view]().call()
        except (Web3Exception, ValueError):
            yield Misconfigured(f"{key}.{name}", f"{where} is no {contract}", "correct it")
            continue
        if bytes.fromhex(found[2:]) != expected:
            yield Misconfigured(f"{key}.{name}", f"it works with the {view} {found}", "name those of one deployment")


def _proof_request(chain: Chain) -> tuple[str, list[object]]:
    """What the relayer will ask this chain's endpoints for, to prove a lane."""
    if chain.proofs is Proofs.RECEIPTS:
        return "eth_getBlockReceipts", ["latest"]
    slot = str(sent_accumulator_slot(PROBED_CHAIN))
    return "eth_getProof", [str(chain.gateway), [slot], "latest"]


async def _lane_problems(key: str, lane: Lane, config: Config) -> AsyncIterator[Misconfigured]:
    """Whether gateway and light client on the destination are those that the lane names."""
    destination, client = config.chain(lane.destination), lane.light_client
    async with open_web3(destination.id, destination.endpoints) as web3:
        if not await web3.eth.get_code(_address(web3, destination.gateway)):
            return  # said already
        gateway = _contract(web3, "Gateway", destination.gateway)
        used = await gateway.functions.inbound(lane.source).call()
        if bytes.fromhex(used[2][2:]) != client.address:
            wrong = f"the gateway of {destination.name} asks the light client {used[2]}"
            yield Misconfigured(f"{key}.light_client.address", wrong, "name that one, or re-point the gateway")
            return
        remote = (await gateway.functions.outbound(lane.source).call())[2]
        if bytes.fromhex(remote[2:]) != config.chain(lane.source).gateway:
            wrong = f"the gateway of {destination.name} knows chain {lane.source} by the gateway {remote}"
            yield Misconfigured(f"chains.{config.chain(lane.source).name}.gateway", wrong, "correct it")
        async for problem in _client_problems(f"{key}.light_client", client, web3):
            yield problem


async def _client_problems(key: str, client: LightClient, web3: AsyncWeb3[Any]) -> AsyncIterator[Misconfigured]:
    """What the contract says of itself; the contract of one kind answers the questions of every kind."""
    contract = _contract(web3, "CommitteeLightClient", client.address).functions
    if isinstance(client, CommitteeLightClient):
        if (epoch := await contract.epoch().call()) != client.epoch:
            wrong = f"the committee has come to epoch {epoch}"
            yield Misconfigured(f"{key}.epoch", wrong, f"say epoch = {epoch}, and its members")
        elif await contract.committeeHash().call() != client.committee().hash:
            wrong = "the light client holds another committee"
            yield Misconfigured(f"{key}.members", wrong, "name the members and weights it was given")
    if await contract.frozen().call():
        wrong = "the light client is frozen: it has seen two headers of one height"
        yield Misconfigured(f"{key}.address", wrong, "have governance replace it")


def _patiently() -> AsyncRetrying:
    """A node that is just starting is given a moment."""
    return AsyncRetrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.1, max=1),
        reraise=True,
    )


def _contract(web3: AsyncWeb3[Any], name: str, address: Address) -> Any:
    abi: list[Mapping[str, Any]] = list(artifact(name).abi)
    return web3.eth.contract(address=_address(web3, address), abi=abi)


def _address(web3: AsyncWeb3[Any], address: Address) -> Any:
    return web3.to_checksum_address(str(address))
