"""Purchase: sold at the harbour, paid on the island, delivered to the lagoon; how long, and where the time goes."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from light_clients.types import ZERO_ADDRESS, Address
from relayer.domain.errors import Rejected
from relayer.domain.market.listing import ItemType, Listing, Payee
from relayer.entrypoints.deployment.addresses import MarketAddresses
from relayer.entrypoints.deployment.plan import creation
from relayer.entrypoints.devnet.folder import CHAINS, Folder
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending import assets
from relayer.entrypoints.sending.travel import Place
from tests.bench.devnet import Crowd, Payload, created, devnet, places
from tests.bench.figures import Figure

METHOD = (
    "purchase 12 purchases of an ERC-721 at random moments, one after the other, with 1 s blocks, after one that does "
    "not count: listed on harbour, paid in an ERC-20 on island, delivered to lagoon; the signed `buy` is sent → the "
    "item is its recipient's on lagoon, and the purchase is settled on island"
)
METHOD_MIXED = "         the same where harbour is a QBFT chain, island a Clique chain, and attesters vouch for lagoon"
PURCHASES = 12
SEED = 20_26
PRICE = 10**18
ROYALTY = 500
BUY_GAS = 3_500_000
PATIENCE_SECONDS = 60
POLL_SECONDS = 0.01
SETTLED = 2
SELLS, PAYS, DELIVERS = CHAINS
HERONS = creation("SampleERC721", "Herons", "HRN", name="SampleERC721/purchases")
PEBBLES = creation("SampleERC20", "Pebble", "PBL", name="SampleERC20/purchases")


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds after `buy` was sent."""

    mined: float
    fulfilled: float
    """On the item's chain; what follows goes two ways at once."""
    settled: float
    delivered: float

    @property
    def whole(self) -> float:
        return max(self.settled, self.delivered)


def measure() -> list[Figure]:
    """Over lanes whose headers a committee vouches for."""
    return _measured("committee", "purchase.")


def measure_mixed() -> list[Figure]:
    """Over lanes whose headers carry seals; a Clique header counts when three of the four have sealed on it."""
    return _measured("mixed", "purchase.mixed_")


def _measured(consensus: str, prefix: str) -> list[Figure]:
    with devnet(consensus=consensus) as folder:
        runs = asyncio.run(purchases(folder))
    for run in runs:
        print(
            f"purchase {consensus}: mined {run.mined:.2f} s, fulfilled {run.fulfilled:.2f} s, "
            f"settled {run.settled:.2f} s, delivered {run.delivered:.2f} s"
        )
    whole = sorted(run.whole for run in runs)
    p95 = whole[max(0, -(-95 * len(whole) // 100) - 1)]
    return [
        Figure(f"{prefix}end_to_end_s", round(statistics.median(whole), 3), "s", "`buy` sent to settled and delivered"),
        Figure(f"{prefix}end_to_end_p95_s", round(p95, 3), "s", "the same"),
        Figure(f"{prefix}mined_s", round(statistics.median(run.mined for run in runs), 3), "s", "of it: in a block"),
        Figure(f"{prefix}fulfilled_s", round(statistics.median(run.fulfilled for run in runs), 3), "s", "of it: sold"),
    ]


async def purchases(folder: Folder) -> list[Run]:
    """One after the other, each at a random moment of the block."""
    moments = random.Random(SEED)
    async with aiohttp.ClientSession() as session:
        where = places(folder, session)
        stall = Stall(where)
        await stall.open()
        await stall.sell(0)
        runs = []
        for number in range(1, PURCHASES + 1):
            await asyncio.sleep(moments.random())
            runs.append(await stall.sell(number))
    return runs


class Stall:
    """One person who sells herons to herself, and has them sent to the lagoon."""

    def __init__(self, where: Mapping[str, Place]) -> None:
        self._where = where
        self._crowds = {name: Crowd(place) for name, place in where.items()}
        self._me = self._crowds[SELLS].account

    async def open(self) -> None:
        """Mint everything, and approve it."""
        me, nobody = str(self._me.address), str(Address(b"\x11" * Address.LENGTH))
        marketplace, settlement = self._market(SELLS).marketplace, self._market(PAYS).settlement
        mint, sample = artifact("SampleERC721"), artifact("SampleERC20")
        herons = [mint.call("mint", me, i, f"ipfs://herons/{i}.json", nobody, ROYALTY) for i in range(PURCHASES + 1)]
        approval = Payload(HERONS.address, assets.approve_collection(marketplace), 100_000)
        minted = [Payload(HERONS.address, each, 400_000) for each in herons]
        await self._crowds[SELLS].settle([created(HERONS), *minted, approval])
        money = PRICE * (PURCHASES + 1)
        minting = Payload(PEBBLES.address, sample.call("mint", me, money), 100_000)
        approval = Payload(PEBBLES.address, assets.approve_erc20(settlement, money), 100_000)
        await self._crowds[PAYS].settle([created(PEBBLES), minting, approval])

    async def sell(self, number: int) -> Run:
        """Buy the heron of that number, and wait until all is done."""
        call = self._buying(number)
        begun = time.monotonic()
        settlement = self._market(PAYS).settlement
        (transaction,) = await self._crowds[PAYS].send([Payload(settlement, call, BUY_GAS)])
        receipt = await self._where[PAYS].node.receipt(transaction)
        mined = time.monotonic() - begun
        (opened,) = (
            values
            for log in receipt["logs"]
            if log["address"] == str(settlement) and (event := artifact("Settlement").event(log))
            for name, values in (event,)
            if name == "PurchaseOpened"
        )
        async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
            waited: Sequence[Callable[[], Awaitable[bool]]] = (
                lambda: self._sold(number),
                lambda: self._settled(opened["purchaseId"]),
                lambda: self._delivered(number),
            )
            ends = [group.create_task(_when(question, begun)) for question in waited]
        fulfilled, settled, delivered = (end.result() for end in ends)
        return Run(mined, fulfilled, settled, delivered)

    def _buying(self, number: int) -> bytes:
        sells, me = self._market(SELLS), self._me.address
        listing = Listing(
            offerer=me,
            item_type=ItemType.ERC721,
            token=HERONS.address,
            identifier=number,
            amount=1,
            payment_chain=CHAINS[PAYS],
            payment_token=PEBBLES.address,
            price=PRICE,
            reference_price=0,
            start_time=0,
            end_time=int(time.time()) + 3_600,
            taker=ZERO_ADDRESS,
            max_royalty=ROYALTY,
            max_fee=0,
            consideration=(Payee(me, 10_000),),
            salt=number,
            counter=0,
        )
        signature = self._me.sign_digest(listing.digest(CHAINS[SELLS], sells.marketplace))
        order = 1, PRICE, str(me), CHAINS[DELIVERS], str(me), 0, b""
        return artifact("Settlement").call("buy", (CHAINS[SELLS], listing.abi(), signature, *order))

    async def _sold(self, number: int) -> bool:
        return await self._owner(SELLS, HERONS.address, number) != str(self._me.address)

    async def _settled(self, purchase: bytes) -> bool:
        found = await self._ask(PAYS, self._market(PAYS).settlement, "Settlement", "purchase", purchase)
        return bool(found[0] == SETTLED)

    async def _delivered(self, number: int) -> bool:
        gateway = self._where[DELIVERS].addresses.asset_gateway
        asked = "wrappedERC721", CHAINS[SELLS], str(HERONS.address)
        (wrapped,) = await self._ask(DELIVERS, gateway, "AssetGateway", *asked)
        return await self._owner(DELIVERS, Address.from_hex(wrapped), number) == str(self._me.address)

    async def _owner(self, where: str, token: Address, number: int) -> str:
        """Nobody while it does not exist there."""
        if not await self._where[where].node.has_code(token):
            return ""
        try:
            return str((await self._ask(where, token, "SampleERC721", "ownerOf", number))[0])
        except Rejected:
            return ""

    async def _ask(self, where: str, to: Address, kind: str, function: str, *arguments: object) -> tuple[Any, ...]:
        known = artifact(kind)
        answer = await self._where[where].node.view(to, known.call(function, *arguments))
        return known.result(function, answer, arguments=len(arguments))

    def _market(self, name: str) -> MarketAddresses:
        found = self._where[name].addresses.market
        assert found is not None
        return found


async def _when(question: Callable[[], Awaitable[bool]], begun: float) -> float:
    while not await question():  # noqa: ASYNC110 - a chain is asked
        await asyncio.sleep(POLL_SECONDS)
    return time.monotonic() - begun
