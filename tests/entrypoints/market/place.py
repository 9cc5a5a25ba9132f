"""Two chains with a marketplace, goods on them, and the API that serves them, asked over a real socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from coincurve import PrivateKey

from light_clients.types import ZERO_ADDRESS, Address, ChainId, Hash32
from relayer.config import Config, load
from relayer.domain.errors import Misconfigured
from relayer.domain.market.documents import listing_fields
from relayer.domain.market.listing import ItemType, Listing, Payee
from relayer.entrypoints.api.app import Marketplace, create_app
from relayer.entrypoints.api.market.gate import Limits
from relayer.entrypoints.api.market.opening import opened_market
from relayer.entrypoints.api.market.state import Market
from relayer.entrypoints.api.serving import server_of
from relayer.entrypoints.deployment.plan import FACTORY, creation
from relayer.entrypoints.devnet import anvil
from relayer.entrypoints.devnet.accounts import account, secret
from relayer.entrypoints.listening import listener
from relayer.entrypoints.onchain.artifacts import artifact
from tests.entrypoints.two_chains import NAMES, Deployment, deploy, running

SELLER, BUYER, OTHER = 10, 11, 12
"""Places among anvil's accounts."""
NO_LIMITS = Limits(0, 0, 0, 65_536)
HERE = ChainId(31337)
THERE = ChainId(31338)


def address(index: int) -> Address:
    return account(index).address


def signature(digest: Hash32, by: int = SELLER) -> bytes:
    """65 bytes, as wallets sign."""
    raw = PrivateKey(secret(by)).sign_recoverable(digest, hasher=None)
    return raw[:64] + bytes([27 + raw[64]])


@dataclass(frozen=True)
class Place:
    """The chains, and what stands on them."""

    deployment: Deployment
    folder: Path
    herons: Address
    """An ERC-721 on the first chain."""
    shells: Address
    """An ERC-1155 there."""
    money: Address
    """An ERC-20 on the second chain."""

    @property
    def marketplace(self) -> Address:
        return Address.from_hex(self.deployment.file("one")["market"]["marketplace"])

    def send(self, name: str, by: Address, to: Address, contract: str, function: str, *arguments: object) -> None:
        self.deployment.send(name, str(by), str(to), artifact(contract).call(function, *arguments))

    def mint(self, identifier: int, to: Address, uri: str = "", *, approved: bool = True) -> None:
        """A heron, approved for the marketplace."""
        arguments = (str(to), identifier, uri, str(to), 750)
        self.send("one", address(OTHER), self.herons, "SampleERC721", "mint", *arguments)
        if approved:
            self.send("one", to, self.herons, "SampleERC721", "approve", str(self.marketplace), identifier)

    def rpc(self, name: str, method: str, *params: object) -> Any:
        return anvil.rpc(self.deployment.ports[name], method, *params)

    def put_code(self, name: str, at: Address, code: str) -> None:
        self.rpc(name, "anvil_setCode", str(at), "0x" + code)

    def listing(self, identifier: int = 1, **changes: Any) -> Listing:
        """Of a heron, for coins of the second chain."""
        now = int(time.time())
        listing = Listing(
            offerer=address(SELLER),
            item_type=ItemType.ERC721,
            token=self.herons,
            identifier=identifier,
            amount=1,
            payment_chain=THERE,
            payment_token=ZERO_ADDRESS,
            price=10**18,
            reference_price=0,
            start_time=now - 60,
            end_time=now + 3_600,
            taker=ZERO_ADDRESS,
            max_royalty=1_000,
            max_fee=250,
            consideration=(Payee(address(SELLER), 10_000),),
            salt=0,
            counter=0,
        )
        return replace(listing, **changes)

    def signed(self, listing: Listing, by: int = SELLER, chain: ChainId = HERE) -> dict[str, Any]:
        """As it is submitted."""
        proof = signature(listing.digest(chain, self.marketplace), by)
        return {"listing": listing_fields(HERE, listing), "signature": "0x" + proof.hex()}

    def config(self, folder: Path) -> Config:
        """Of an API with a memory of its own."""
        text = f'[market]\nstore = "sqlite+aiosqlite:///{folder}/market.db"\n'
        for name, chain in NAMES.items():
            found = self.deployment.file(name)
            text += (
                f'[[chains]]\nid = {chain}\nname = "{name}"\nfinality = {{ kind = "latest" }}\nblock_seconds = 1.0\n'
                f'endpoints = ["http://127.0.0.1:{self.deployment.ports[name]}"]\ngateway = "{found["gateway"]}"\n'
                f'asset_gateway = "{found["assetGateway"]}"\nmarketplace = "{found["market"]["marketplace"]}"\n'
                f'settlement = "{found["market"]["settlement"]}"\n'
            )
        (folder / "relayer.toml").write_text(text)
        return load(folder / "relayer.toml")


@contextmanager
def placed(folder: Path) -> Iterator[Place]:
    """Deploy everything, and create goods."""
    with running(folder) as ports:
        ended = deploy(ports, folder)
        assert ended.code == 0, ended.err
        deployment = Deployment(ports, folder)
        herons, shells = creation("SampleERC721", "Herons", "HRN"), creation("SampleERC1155", "ipfs://shells/{id}")
        money = creation("SampleERC20", "Money", "MNY")
        for name, goods in (("one", herons), ("one", shells), ("two", money)):
            deployment.send(name, str(address(OTHER)), str(FACTORY), goods.salt + goods.code)
        yield Place(deployment, folder, herons.address, shells.address, money.address)


@dataclass(frozen=True)
class Api:
    """A running API."""

    session: aiohttp.ClientSession
    market: Market
    port: int

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(path, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        async with self.session.post(path, json=body) as answer:
            return answer.status, await answer.json(content_type=None)

    async def refusal(self, path: str, body: Any) -> str:
        """The code with which it was refused; nothing was stored."""
        status, problem = await self.post(path, body)
        assert 400 <= status < 500, problem
        assert problem["status"] == status
        assert await self.count() == 0
        return str(problem["code"])

    async def count(self) -> int:
        status, found = await self.get("/v1/listings?state=any")
        assert status == 200
        return len(found["listings"])


@asynccontextmanager
async def serving(config: Config, limits: Limits = NO_LIMITS) -> AsyncIterator[Api]:
    settings = config.market
    assert settings is not None
    with listener("127.0.0.1:0") as listening:
        port: int = listening.getsockname()[1]
        place = Marketplace(lambda: opened_market(config, settings, port), limits)
        app = create_app(_no_views, {}, place)
        server = server_of(app, config)
        task = asyncio.ensure_future(server.serve(sockets=[listening]))
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
                async with session.get("/v1/auth/nonce") as answer:
                    assert answer.status == 200
                yield Api(session, app.state.market, port)
        finally:
            server.should_exit = True
            await task


def _no_views() -> Any:
    raise Misconfigured("store.url", "there is no database", "start `lockkeeper run` first")
