"""The deterministic deployment proxy: there on most chains, put there on the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from light_clients.types import Address
from relayer.domain.errors import Misconfigured, Rejected
from relayer.entrypoints.deployment.plan import FACTORY
from relayer.entrypoints.onchain.wallet import Wallet

DEPLOYER = Address.from_hex("3fab184622dc19b6109349b94811493bf45362c4")
COST = 10**16
"""Wei: 100,000 gas at the 100 gwei that the transaction was signed with."""

DEPLOYMENT = (
    "0xf8a58085174876e800830186a08080b853"  # nonce 0, 100 gwei, 100,000 gas, to nobody, no value, 83 bytes
    "604580600e600039806000f350fe"
    f"7f{'ff' * 31}e0"
    "3601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
    f"1ba0{'22' * 32}a0{'22' * 32}"
)
"""The well-known transaction of that deployer: nobody has its key, so it is the same on every chain."""


async def ensure_factory(wallet: Wallet, nudge: Callable[[], Awaitable[None]]) -> None:
    """Deploy the factory where it is absent."""
    if await wallet.node.has_code(FACTORY):
        return
    balance = int(await wallet.node.rpc("eth_getBalance", str(DEPLOYER), "latest"), 16)
    if balance < COST:
        funding = await wallet.send(DEPLOYER, value=COST - balance)
        await nudge()
        await wallet.settled(funding)
    try:
        deployment = await wallet.node.rpc("eth_sendRawTransaction", DEPLOYMENT)
    except Rejected as refusal:
        raise Misconfigured(
            f"chain {wallet.chain}",
            f"it lacks the deterministic deployment proxy {FACTORY} and refuses its deployment ({refusal})",
            "allow transactions without replay protection, or put the proxy into the genesis",
        ) from refusal
    await nudge()
    await wallet.settled(str(deployment))
