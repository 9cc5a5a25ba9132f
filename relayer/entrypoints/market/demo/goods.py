"""What is sold in the demonstration, and for what: a drop of prints with royalties, and pebbles to pay with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from light_clients.types import Address
from relayer.entrypoints.deployment.plan import FACTORY, Creation, creation
from relayer.entrypoints.devnet.folder import CHAINS
from relayer.entrypoints.market.demo.cast import PAYS, SELLS, Cast, Role
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.onchain.wallet import Wallet

UNIT = 10**18
PRICE = 1_000 * UNIT
ABSURD = 100 * PRICE
MONEY = 200 * PRICE
"""What each of the two who buy has."""
ROYALTY, FEE = 750, 250
"""Of 10,000."""
SPLIT = {Role.ARTIST: 3_000, Role.ISSUER: 4_000, Role.CHANNEL: 3_000}
"""Of what is left of a primary sale."""
DROP = (1, 2, 3)
CREATION_GAS, CALL_GAS = 4_000_000, 400_000
ALLOWANCE = UNIT
"""Coins, for those who have none to pay for gas with."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One run's collection and currency."""

    prints: Creation
    pebbles: Creation

    async def prepare(self, cast: Cast) -> str:
        """Mint both; returns the transaction that minted the last print. All calls of a chain go into one block."""
        drop = cast.wallets[Role.ARTIST, SELLS]
        sent = [await drop.send(FACTORY, self.prints.salt + self.prints.code, gas=CREATION_GAS)]
        artist = str(drop.address)
        for number in DROP:
            data = artifact("SampleERC721").call("mint", artist, number, _uri(number), artist, ROYALTY)
            sent.append(await drop.send(self.prints.address, data, gas=CALL_GAS))
        bank = cast.wallets[Role.TREASURY, PAYS]
        paid = [await bank.send(FACTORY, self.pebbles.salt + self.pebbles.code, gas=CREATION_GAS)]
        for role in (Role.COLLECTOR, Role.RIVAL):
            data = artifact("SampleERC20").call("mint", str(cast.address(role)), MONEY)
            paid.append(await bank.send(self.pebbles.address, data, gas=CALL_GAS))
        paid += [await bank.send(cast.address(role), value=ALLOWANCE) for role in (Role.ISSUER, Role.CHANNEL)]
        await self._govern(cast)
        for wallet, transactions in ((drop, sent), (bank, paid)):
            await _settle(wallet, transactions)
        return sent[-1]

    async def _govern(self, cast: Cast) -> None:
        """The marketplace takes its fee, and knows what prints of this drop are worth."""
        wallet, market = cast.wallets[Role.TREASURY, SELLS], cast.market(SELLS)
        worth = str(self.prints.address), CHAINS[PAYS], str(self.pebbles.address), PRICE
        calls = [
            (market.marketplace, artifact("Marketplace").call("setFee", FEE)),
            (market.price_breaker, artifact("PriceBreaker").call("overrideReference", *worth)),
        ]
        await _settle(wallet, [await wallet.send(to, data) for to, data in calls])

    async def holder(self, cast: Cast, chain: str, number: int) -> Address | None:
        """Who has a print on a chain; None: it is not there."""
        token = self.prints.address if chain == SELLS else await self.wrapped(cast, chain)
        node = cast.places[chain].node
        if not await node.has_code(token):
            return None
        (found,) = await ask(cast, chain, token, "SampleERC721", "ownerOf", number)
        return Address.from_hex(found)

    async def wrapped(self, cast: Cast, chain: str) -> Address:
        asked = "wrappedERC721", CHAINS[SELLS], str(self.prints.address)
        gateway = cast.places[chain].addresses.asset_gateway
        return Address.from_hex((await ask(cast, chain, gateway, "AssetGateway", *asked))[0])

    async def balance(self, cast: Cast, holder: Address) -> int:
        """Pebbles."""
        (found,) = await ask(cast, PAYS, self.pebbles.address, "SampleERC20", "balanceOf", str(holder))
        return int(found)


async def ask(cast: Cast, chain: str, to: Address, kind: str, function: str, *arguments: Any) -> tuple[Any, ...]:
    """What a contract answers."""
    known = artifact(kind)
    answer = await cast.places[chain].node.view(to, known.call(function, *arguments))
    return known.result(function, answer, arguments=len(arguments))


async def _settle(wallet: Wallet, transactions: list[str]) -> None:
    for transaction in transactions:
        await wallet.settled(transaction)


def _uri(number: int) -> str:
    return f"ipfs://tides/{number}.json"


def goods(run: int) -> Goods:
    """A drop and a currency that no earlier run has used."""
    return Goods(
        creation("SampleERC721", "Tides", "TIDE", name=f"SampleERC721/market/{run}"),
        creation("SampleERC20", "Pebble", "PBL", name=f"SampleERC20/market/{run}"),
    )
