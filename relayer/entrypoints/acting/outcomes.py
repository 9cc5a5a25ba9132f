"""What anybody can do about one message: hand it over again, send it back, or bring it ahead of its turn."""

from __future__ import annotations

from typing import Any

from light_clients.types import Height
from relayer.adapters.evm import abi
from relayer.config import Config
from relayer.domain.delivery import Delivery
from relayer.domain.errors import Rejected, Reverted, Transient
from relayer.domain.events import MessageSent
from relayer.domain.ids import Lane, Nonce
from relayer.domain.transactions import Receipt
from relayer.entrypoints.acting.hand import Key
from relayer.entrypoints.acting.session import Session, a_session, lane_named
from relayer.ports import Proofs

MENDS = {
    "MessageNotFailed": "it has not failed, or was mended since: `lockkeeper status` tells",
    "RetryFailed": "its recipient still refuses it: mend the recipient, or wait until it may bounce",
    "DeadlinePassed": "its deadline has passed: nobody can execute it any more",
    "BounceNotPrepaid": "its sender asked for no way back: only a retry can help it",
    "BounceUnsafe": "its recipient ran to its end and answered wrongly: only a retry can help it",
    "BounceTooEarly": "it may still be retried: it goes back after its deadline, or a day after it failed",
    "LaneIsPaused": "a guardian has paused the lane: governance must resume it",
    "ClientFrozen": "the light client is frozen: governance must replace it",
}


async def retry(config: Config, lane: str, nonce: int, key: Key) -> dict[str, Any]:
    """Hand a failed message over once more."""
    async with a_session(config, key) as session:
        sent = await session.message(lane_named(config, lane), Nonce(nonce))
        call = abi.encode_retry(sent.lane.source, sent.nonce, sent.message)
        return _told(sent, await _on_destination(session, sent.lane, call))


async def bounce(config: Config, lane: str, nonce: int, key: Key) -> dict[str, Any]:
    """Send a failed message back to its sender."""
    async with a_session(config, key) as session:
        sent = await session.message(lane_named(config, lane), Nonce(nonce))
        call = abi.encode_bounce(sent.lane.source, sent.nonce, sent.message)
        return _told(sent, await _on_destination(session, sent.lane, call))


async def express(config: Config, lane: str, nonce: int, key: Key) -> dict[str, Any]:
    """Bring a message ahead of those that wait before it."""
    async with a_session(config, key) as session:
        sent = await session.message(lane_named(config, lane), Nonce(nonce))
        _, delivered = await session.chains[sent.lane.destination].chain.delivered(sent.lane)
        if nonce <= delivered:
            raise Rejected(f"message {nonce} of lane {sent.lane} was delivered already; `lockkeeper status` tells")
        delivery, preceding = await _ahead(session, sent, delivered)
        call = abi.encode_express(delivery, [each.id for each in preceding])
        return _told(sent, await _on_destination(session, sent.lane, call)) | {"ahead of": len(preceding)}


async def _ahead(session: Session, sent: MessageSent, delivered: Nonce) -> tuple[Delivery, list[MessageSent]]:
    """The delivery of one message alone, and all that come before it and are not delivered."""
    lane, source = sent.lane, session.chains[sent.lane.source].chain
    by_receipts = session.config.chain(lane.source).proofs is Proofs.RECEIPTS
    placed = sent.at.block.number
    headers = session.headers(lane.source, lane.destination)
    header = await headers.newest(placed, at_most=placed if by_receipts else None)
    height = header.header.height
    first = await session.message(lane, Nonce(delivered + 1))
    events = await source.events(first.at.block.number, height)
    run = [e for e in events if isinstance(e, MessageSent) and e.lane == lane and e.nonce > delivered]
    if [each.nonce for each in run] != list(range(delivered + 1, delivered + 1 + len(run))):
        raise Transient(f"lane {lane}: an endpoint has left out messages; try again")
    prove = source.receipt_proof if by_receipts else source.lane_proof
    proof = await prove(lane, header.header)
    tail = tuple(each.id for each in run if each.nonce > sent.nonce)
    delivery = Delivery(lane.source, Height(height), sent.nonce, header.update, proof, (sent.message,), tail)
    return delivery, [each for each in run if each.nonce < sent.nonce]


async def _on_destination(session: Session, lane: Lane, call: bytes) -> Receipt:
    try:
        return await session.hand(lane.destination).call(lane.destination_gateway, call)
    except Reverted as error:
        mend = MENDS.get(error.error.partition("(")[0])
        if mend is None:
            raise
        raise Rejected(f"{error}; {mend}") from error


def _told(sent: MessageSent, receipt: Receipt) -> dict[str, Any]:
    return {"message": str(sent.id), "transaction": str(receipt.transaction), "gas": receipt.gas_used}
