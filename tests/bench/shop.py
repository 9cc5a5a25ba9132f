"""A marketplace of 100,000 listings, and the server of its API as a process of its own."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from light_clients.types import ZERO_ADDRESS, ChainId
from relayer.adapters.store.market import codec
from relayer.adapters.store.market.keys import listing_key, token_key, word
from relayer.adapters.store.market.listings import refold_listings
from relayer.adapters.store.market.store import open_market
from relayer.config import Config, load
from relayer.domain.market.listing import ItemType, Listing, Payee
from relayer.domain.market.views import ListingId
from relayer.entrypoints.api.serving import configured_app, server_of
from relayer.entrypoints.listening import listener
from tests.makers import an_address

LISTINGS = 100_000
COLLECTIONS, SELLERS, CURRENCIES = 500, 2_000, 4
CHAINS = (31337, 31338, 31339)
SIGNATURE = b"\x5a" * 65


@dataclass(frozen=True)
class Shop:
    """What can be asked for."""

    collections: list[tuple[int, str]]
    sellers: list[str]
    currencies: list[tuple[int, str]]
    names: list[tuple[int, str]]


def listing(number: int, chance: random.Random, now: int) -> tuple[ChainId, Listing]:
    collection = chance.randrange(COLLECTIONS)
    currency = chance.randrange(CURRENCIES)
    seller = an_address(10_000 + chance.randrange(SELLERS))
    said = Listing(
        offerer=seller,
        item_type=ItemType.ERC721,
        token=an_address(1_000 + collection),
        identifier=number,
        amount=1,
        payment_chain=ChainId(CHAINS[currency % len(CHAINS)]),
        payment_token=ZERO_ADDRESS if currency < 2 else an_address(currency),
        price=chance.randrange(1, 10**6) * 10**15,
        reference_price=0,
        start_time=now - 60,
        end_time=now + 86_400 + chance.randrange(86_400),
        taker=ZERO_ADDRESS,
        max_royalty=1_000,
        max_fee=250,
        consideration=(Payee(seller, 7_000), Payee(an_address(1), 3_000)),
        salt=chance.getrandbits(256),
        counter=0,
    )
    return ChainId(CHAINS[collection % len(CHAINS)]), said


async def stock(folder: Path) -> Shop:
    """Fill the shelves; what can be asked for."""
    chance, now = random.Random(7), int(time.time())
    goods = [listing(number, chance, now) for number in range(LISTINGS)]

    def work(connection: sqlite3.Connection) -> None:
        keys = []
        for at, (chain, said) in enumerate(goods):
            key = listing_key(ListingId(chain, said.hash()))
            keys.append(key)
            row = (key, codec.encode(said), SIGNATURE, now - LISTINGS + at)
            connection.execute("INSERT INTO orders VALUES (?, ?, ?, ?, 0)", row)
            held = (token_key(chain, said.token), word(said.identifier), said.offerer, "1")
            connection.execute("INSERT INTO holdings VALUES (?, ?, ?, ?)", held)
        refold_listings(connection, keys)

    async with open_market(configured(folder).market.store, {}) as store:  # type: ignore[union-attr]
        await store.orders._writer.run(work)
    return Shop(
        sorted({(chain, str(said.token)) for chain, said in goods}),
        sorted({str(said.offerer) for _, said in goods}),
        sorted({(said.payment_chain, str(said.payment_token)) for _, said in goods}),
        [(chain, str(said.hash())) for chain, said in goods],
    )


def configured(folder: Path) -> Config:
    """A marketplace without chains, for everybody as often as they like."""
    store = f'store = "sqlite+aiosqlite:///{folder}/market.db"'
    text = f"[market]\n{store}\nreads_per_s = 0\ncalls_per_s = 0\nfetches_per_s = 0\n"
    (folder / "relayer.toml").write_text(text)
    return load(folder / "relayer.toml")


def serve(folder: Path) -> None:
    """One worker; says its port."""
    config = configured(folder)
    with listener("127.0.0.1:0") as listening:
        port = listening.getsockname()[1]
        print(port, flush=True)
        server_of(configured_app(config, port), config).run(sockets=[listening])


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[2]))
    else:
        asyncio.run(stock(Path(sys.argv[2])))
