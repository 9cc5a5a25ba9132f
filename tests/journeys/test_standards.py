"""OpenZeppelin's applications of ERC-7786, as they are, over our gateways: bridges of tokens, and a governor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address
from relayer.entrypoints.deployment.plan import Creation, creation
from relayer.entrypoints.devnet.accounts import ALICE, BOB, DEPLOYER, account
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending.assets import interoperable
from relayer.entrypoints.sending.travel import sent_by
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.goods import Goods, Standard, an_erc20, an_erc721, an_erc1155
from tests.journeys.support.outcomes import Outcome, outcome
from tests.journeys.support.people import Person
from tests.journeys.support.scene import Scene, a_scene
from tests.journeys.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("scenes"), pytest.mark.timeout(240)]

LANES = (("harbour", "island"), ("island", "harbour"))
GAS = 1_000_000
"""A limit for calls whose estimate would need the block they are in."""
FOR, SUCCEEDED = 1, 4
"""A vote, and what becomes of a proposal by it."""
ADMINISTRATOR, PILOT = 0, 7
"""Roles."""

SENDING = {
    Standard.ERC20: "crosschainTransfer(bytes,uint256)",
    Standard.ERC721: "crosschainTransferFrom(address,bytes,uint256)",
    Standard.ERC1155: "crosschainTransferFrom(address,bytes,uint256[],uint256[])",
}
"""How each application is told to send. ERC-1155's has overloads, which an ABI tells apart only by their types."""


@dataclass(frozen=True, slots=True)
class Route:
    """Goods of harbour, the bridge that keeps them there, and what stands for them on island."""

    goods: Goods
    custody: Creation
    token: Creation
    minter: Creation
    """The token itself, or the bridge that has it mint."""

    def sending(self, owner: Person, to: bytes) -> bytes:
        how, ids, amounts = SENDING[self.goods.standard], list(self.goods.ids), list(self.goods.amounts)
        match self.goods.standard:
            case Standard.ERC20:
                return encoded(how, to, amounts[0])
            case Standard.ERC721:
                return encoded(how, str(owner.address), to, ids[0])
            case Standard.ERC1155:
                return encoded(how, str(owner.address), to, ids, amounts)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path_factory.mktemp("standards")) as setting:
        await setting.plain("harbour", 41301)
        await setting.plain("island", 41302)
        await setting.deploy()
        await setting.relay({lane: setting.direct(*lane) for lane in LANES}, broker="embedded")
        yield setting


async def test_tokens_cross_over_bridges_that_know_only_the_standard_and_come_home(scene: Scene) -> None:
    harbour, island = scene.chain("harbour"), scene.chain("island")
    alice, bob = Person(account(ALICE)), Person(account(BOB))
    routes = [
        await a_route(scene, alice, await harbour.mint(an_erc20(), 300, to=alice)),
        await a_route(scene, alice, await harbour.mint(an_erc20(), 200, to=alice), erc7802=True),
        await a_route(scene, alice, await harbour.mint(an_erc721(), 42, to=alice)),
        await a_route(scene, alice, await harbour.mint(an_erc1155(), (1, 5), (2, 7), to=alice)),
    ]

    to_bob = interoperable(island.id, bob.address)
    for route in routes:
        await alice.wallet(harbour).send(route.goods.token, route.goods.approving(route.custody.address), gas=GAS)
    await sent_across(scene, "harbour", alice, [(each.custody.address, each.sending(alice, to_bob)) for each in routes])
    for route in routes:
        assert await harbour.owned_by(route.custody.address, route.goods)
        assert await has(bob.address, route.goods, island, route.token)

    to_alice = interoperable(harbour.id, alice.address)
    await sent_across(scene, "island", bob, [(each.minter.address, each.sending(bob, to_alice)) for each in routes])
    for route in routes:
        assert await harbour.owned_by(alice, route.goods)
        assert not await left(bob.address, route.goods, island, route.token)


async def test_a_proposal_of_one_chain_is_carried_out_on_the_other(scene: Scene) -> None:
    harbour, island = scene.chain("harbour"), scene.chain("island")
    admin, alice, bob = Person(account(DEPLOYER)), Person(account(ALICE)), Person(account(BOB))
    governor = creation("SampleGovernor", str(alice.address))
    controller = interoperable(harbour.id, governor.address)
    executor = creation("CrosschainRemoteExecutor", str(island.gateway), controller)
    await stands(harbour, governor, by=alice)
    await stands(island, executor, by=alice)
    authority, manager = island.place.addresses.access_manager, artifact("AccessManager")
    await admin.call(island, authority, manager.call("grantRole", ADMINISTRATOR, str(executor.address), 0))

    grant = manager.call("grantRole", PILOT, str(bob.address), 0)
    execution = authority + bytes(32) + grant
    relayed = (
        "relayCrosschain",
        str(harbour.gateway),
        interoperable(island.id, executor.address),
        bytes(32),
        execution,
    )
    action = ([str(governor.address)], [0], [artifact("SampleGovernor").call(*relayed)])
    carried_out = await decided(harbour, governor, alice, action)
    assert await island.ask(authority, "AccessManager", "hasRole", PILOT, str(bob.address)) == (False, 0)
    await sent_across(scene, "harbour", alice, [(governor.address, carried_out)])

    assert await island.ask(authority, "AccessManager", "hasRole", PILOT, str(bob.address)) == (True, 0)


async def a_route(scene: Scene, owner: Person, goods: Goods, *, erc7802: bool = False) -> Route:
    """Bridges at both ends of harbour and island that know each other, owned by whoever owns the goods."""
    harbour, island, me = scene.chain("harbour"), scene.chain("island"), str(owner.address)
    custody = creation(f"SampleBridge{goods.standard}", str(goods.token), me)
    words = ("",) if goods.standard == Standard.ERC1155 else ("Afar", "AFR")
    token = creation("SampleERC20Bridgeable" if erc7802 else f"Sample{goods.standard}Crosschain", *words, me)
    minter = creation("SampleBridgeERC7802", str(token.address), me) if erc7802 else token
    await stands(harbour, custody, by=owner)
    await stands(island, token, by=owner)
    if minter != token:
        await stands(island, minter, by=owner)
        await owner.call(island, token.address, encoded("trust(address)", str(minter.address)), gas=GAS)
    for here, mine, there, other in ((harbour, custody, island, minter), (island, minter, harbour, custody)):
        link = artifact(mine.name).call("link", str(here.gateway), interoperable(there.id, other.address))
        await owner.wallet(here).send(mine.address, link, gas=GAS)
    return Route(goods, custody, token, minter)


async def stands(chain: LocalChain, contract: Creation, by: Person) -> None:
    await chain.create(contract, by=by)

    async def there() -> bool:
        return await chain.node.has_code(contract.address)

    await eventually(there, f"{contract.name} stands")


async def has(owner: Address, goods: Goods, chain: LocalChain, token: Creation) -> bool:
    """Whether the owner has these, by a token that stands for them."""
    match goods.standard:
        case Standard.ERC20:
            return bool(await chain.ask(token.address, token.name, "balanceOf", str(owner)) == goods.amounts[0])
        case Standard.ERC721:
            return bool(await chain.ask(token.address, token.name, "ownerOf", goods.ids[0]) == str(owner))
        case Standard.ERC1155:
            asked = ([str(owner)] * len(goods.ids), list(goods.ids))
            return tuple(await chain.ask(token.address, token.name, "balanceOfBatch", *asked)) == goods.amounts


async def left(owner: Address, goods: Goods, chain: LocalChain, token: Creation) -> int:
    """How much the owner has of it, all ids together."""
    if goods.standard != Standard.ERC1155:
        return int(await chain.ask(token.address, token.name, "balanceOf", str(owner)))
    asked = ([str(owner)] * len(goods.ids), list(goods.ids))
    return sum(await chain.ask(token.address, token.name, "balanceOfBatch", *asked))


async def sent_across(scene: Scene, source: str, sender: Person, calls: list[tuple[Address, bytes]]) -> None:
    """Make the calls, each of which sends a message to the other chain, and wait until all are executed there."""
    chain, destination = scene.chain(source), next(there for here, there in LANES if here == source)
    transactions = [await sender.wallet(chain).send(contract, data, gas=GAS) for contract, data in calls]
    receipts = [await sender.wallet(chain).settled(transaction) for transaction in transactions]
    sent = [message for receipt in receipts for message in sent_by(receipt, chain.place)]
    assert len(sent) == len(calls)
    header = await scene.header(source, int(receipts[-1]["blockNumber"], 16))

    async def delivered() -> bool:
        await scene.attest(source, destination, scene.light_client(source, destination), header)
        return await scene.delivered(source, destination) == sent[-1].nonce

    await eventually(delivered, f"message {sent[-1].nonce} of {source} is delivered")
    for message in sent:
        assert await outcome(message, scene.chain(destination)) == Outcome.ORDINARY


async def decided(chain: LocalChain, governor: Creation, citizen: Person, action: tuple[list[Any], ...]) -> bytes:
    """Propose, and vote for it; the call that executes it, once the vote is won."""
    abi, words = artifact("SampleGovernor"), "a pilot for island"
    by_hash = (*action, keccak256(words.encode()))
    proposal = await chain.ask(governor.address, governor.name, "hashProposal", *by_hash)
    await citizen.call(chain, governor.address, abi.call("propose", *action, words))
    await citizen.call(chain, governor.address, abi.call("castVote", proposal, FOR), gas=GAS)

    async def succeeded() -> bool:
        return bool(await chain.ask(governor.address, governor.name, "state", proposal) == SUCCEEDED)

    await eventually(succeeded, "the vote is won")
    return abi.call("execute", *by_hash)


def encoded(signature: str, *values: Any) -> bytes:
    return artifact("Gateway").attribute(signature, *values)
