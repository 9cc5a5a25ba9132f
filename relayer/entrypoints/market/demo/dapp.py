"""What a dApp does: asks the API what is to be done, has wallets do it, and asks what became of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from light_clients.types import Address
from relayer.domain.errors import Rejected, Transient
from relayer.entrypoints.market.demo.cast import Cast, Role, named

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class Deeds:
    """What a wallet has done of the steps that it was given."""

    transactions: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """Name of the chain, and receipt."""
    signature: str = ""
    begun: float = 0.0
    """When the last transaction was sent."""


class Dapp:
    """Talks to the marketplace's API alone; the chains are for the wallets."""

    def __init__(self, api: str, session: aiohttp.ClientSession, cast: Cast) -> None:
        self._api = api
        self._session = session
        self._cast = cast

    async def get(self, path: str, **query: str) -> Any:
        async with self._session.get(f"{self._api}/v1{path}", params=query) as response:
            return await _good(response)

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        async with self._session.post(f"{self._api}/v1{path}", json=body) as response:
            return await _good(response)

    async def do(self, who: Role, steps: Sequence[Mapping[str, Any]]) -> Deeds:
        """Sign and send, in order; each transaction is mined before the next step."""
        done = Deeds()
        for step in steps:
            if step["kind"] == "signature":
                done.signature = self._signed(who, step["typedData"])
                continue
            chain = named(step["chain"])
            wallet = self._cast.wallets[who, chain]
            to, data = Address.from_hex(step["to"]), bytes.fromhex(step["data"][2:])
            done.begun = time.monotonic()
            sent = await wallet.send(to, data, value=int(step["value"]), gas=int(step["gas"]))
            done.transactions.append((chain, await wallet.settled(sent)))
        return done

    def _signed(self, who: Role, typed_data: dict[str, Any]) -> str:
        from eth_account import Account

        signed = Account.sign_typed_data(self._cast.secret(who), full_message=typed_data)
        return f"0x{bytes(signed.signature).hex()}"

    async def until(self, question: Callable[[], Awaitable[Any]], what: str) -> Any:
        """The first answer that is something. What is not known yet is asked again."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    try:
                        if answer := await question():
                            return answer
                    except Unknown:
                        pass
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            raise Transient(f"{what}: not within {PATIENCE_SECONDS:.0f} s") from None


class Unknown(Rejected):
    """The API has not heard of it, or not yet."""


async def _good(response: aiohttp.ClientResponse) -> Any:
    said = await response.json()
    if response.status < 300:
        return said
    words = f"the API answers {response.status} {said.get('code')}: {said.get('detail')}"
    raise Unknown(words) if response.status == 404 else Rejected(words)
