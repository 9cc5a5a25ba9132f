"""Lanes that cost something, and what becomes of the money."""

from __future__ import annotations

from collections import Counter

from light_clients.types import Address
from relayer.entrypoints.devnet.accounts import DEPLOYER, account
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending.assets import Attributes, send_message
from relayer.entrypoints.sending.travel import Sent, sent_by
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.people import Person

SCHEDULE = (50_000, 10, 1_000, 20_000)
"""Per message and way back in gwei, per gas and byte in wei."""
FREE = (0, 0, 0, 0)
PURSE = 10**16
"""More than any message costs: what is too much comes back."""


async def price(source: LocalChain, destination: LocalChain, schedule: tuple[int, int, int, int]) -> None:
    """What messages cost from now on, as governance and the updater say."""
    deployer, gateway = Person(account(DEPLOYER)), artifact("Gateway")
    for function in ("setFeeBounds", "setFees"):
        await deployer.call(source, source.gateway, gateway.call(function, destination.id, schedule))


async def write_paid(
    who: Person, payload: bytes, *, from_: LocalChain, to: Address, on: LocalChain, asked: Attributes | None = None
) -> Sent:
    """A message with more money than it costs."""
    call = send_message(on.id, to, payload, asked or Attributes())
    wallet = who.wallet(from_)
    receipt = await wallet.settled(await wallet.send(from_.gateway, call, value=PURSE))
    *_, sent = sent_by(receipt, from_.place)
    return sent


async def fees_of(source: LocalChain, destination: LocalChain) -> dict[int, int]:
    """What each message of the lane paid, by its nonce."""
    logs = await source.logs(source.gateway, "Gateway", "MessageAccumulated")
    mine = (values for values, _ in logs if values["destinationChain"] == destination.id)
    return {values["nonce"]: values["fee"] for values in mine}


async def brought_by(source: LocalChain, destination: LocalChain) -> Counter[str]:
    """What each relayer has earned with its deliveries, by what was sent and by whom it was delivered."""
    fees, earned = await fees_of(source, destination), Counter[str]()
    for values, _ in await destination.logs(destination.gateway, "Gateway", "BatchDelivered"):
        if values["sourceChain"] == source.id:
            nonces = range(values["firstNonce"], values["lastNonce"] + 1)
            earned[values["relayer"]] += sum(fees[nonce] for nonce in nonces)
    return earned


async def earned(relayer: Address, source: LocalChain, destination: LocalChain) -> int:
    return int(await destination.ask(destination.gateway, "Gateway", "earned", source.id, str(relayer)))


async def claimed(relayer: Address, source: LocalChain, destination: LocalChain) -> int:
    return int(await source.ask(source.gateway, "Gateway", "claimed", destination.id, str(relayer)))


async def balance(account_: Address, chain: LocalChain) -> int:
    return int(await chain.node.rpc("eth_getBalance", str(account_), "latest"), 16)
