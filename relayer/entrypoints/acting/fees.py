"""Fees at the command line: what a message costs, what an application has in advance, what a relayer is paid."""

from __future__ import annotations

from typing import Any

from light_clients.types import Address
from relayer.adapters.evm import abi
from relayer.adapters.evm.consensus import EvmSealedHeaders
from relayer.config import Config
from relayer.domain.errors import Rejected
from relayer.domain.ids import Wei
from relayer.entrypoints.acting.hand import Key
from relayer.entrypoints.acting.session import Session, a_session, chain_named, lane_named
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.pipeline.claim import Books, Earnings


async def quote(config: Config, lane: str, gas_limit: int, payload_length: int, *, bounce: bool) -> dict[str, Any]:
    """What the source's gateway asks for such a message."""
    async with a_session(config) as session:
        named = lane_named(config, lane)
        asked = (named.destination, gas_limit, payload_length, int(bounce))
        answer = await session.gateway(named.source).view("quote(uint64,uint256,uint256,bool)", *asked)
        return {"lane": str(named), "fee": int.from_bytes(answer, "big")}


async def prepay(config: Config, chain: str, application: Address, amount: int, key: Key) -> dict[str, Any]:
    """Pay in advance for what an application is going to send from a chain."""
    async with a_session(config, key) as session:
        named = chain_named(config, chain)
        call = artifact("Gateway").call("prepay", str(application))
        receipt = await session.hand(named.id).call(named.gateway, call, Wei(amount))
        balance = await session.gateway(named.id).view("prepaid(address)", int.from_bytes(application, "big"))
        return {"transaction": str(receipt.transaction), "prepaid": int.from_bytes(balance, "big")}


async def claim(config: Config, lane: str, relayer: Address | None, key: Key) -> dict[str, Any]:
    """Have the source pay what a relayer has earned on the destination; by default, the key's own account."""
    async with a_session(config, key) as session:
        named = lane_named(config, lane)
        hand = session.hand(named.source)
        back = session.headers(named.destination, named.source)
        books = {chain: _books(session, config, chain) for chain in (named.source, named.destination)}
        earnings = Earnings(
            named,
            relayer or hand.signer.address,
            source=books[named.source],
            destination=books[named.destination],
            back=back,
        )
        if not await earnings.outstanding():
            raise Rejected(f"{earnings.relayer} has earned nothing on lane {named} that is not paid")
        claim = await earnings.claim(await session.chains[named.destination].chain.final_height())
        if claim.header.update:
            await hand.call(back.client, abi.encode_update(claim.header.update))
        height = claim.header.header.height
        call = abi.encode_claim(named.destination, earnings.relayer, height, claim.proof)
        receipt = await hand.call(named.source_gateway, call)
        told = {"relayer": str(earnings.relayer), "paid": claim.amount, "transaction": str(receipt.transaction)}
        return told | {"proven at": height, "gas": receipt.gas_used}


def _books(session: Session, config: Config, chain: Any) -> Books:
    return Books(session.gateway(config.chain(chain).id), EvmSealedHeaders(session.chains[chain].pool))
