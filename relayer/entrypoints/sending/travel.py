"""Following a message over the chains themselves: what was sent by a transaction, and what delivered it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.errors import Rejected, Transient
from relayer.entrypoints.deployment.addresses import Addresses
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.onchain.node import POLL_SECONDS, Node
from relayer.entrypoints.sending.witnesses import Witnesses, witnesses

ENDS = {
    "MessageFailed": "its recipient failed",
    "MessageBounced": "too late: it goes back to its sender",
    "MessageExpired": "too late: it was not executed",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a transaction sent."""

    id: Hash32
    source: ChainId
    destination: ChainId
    nonce: int
    payload: bytes
    transaction: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """The transaction that delivered a message, and what stood behind it."""

    transaction: str
    gas: int
    height: int
    witnesses: Witnesses | None
    """None when an earlier transaction had brought the header."""
    batch: int
    seconds: float
    """From when the sender could see the source transaction mined."""
    receipt: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One chain as a traveller sees it."""

    node: Node
    addresses: Addresses


def sent_by(receipt: Mapping[str, Any], place: Place) -> list[Sent]:
    """The messages that a transaction sent, in order."""
    events = list(_events(receipt, place.addresses.gateway))
    opened = [values for name, values in events if name == "MessageSent"]
    accumulated = [values for name, values in events if name == "MessageAccumulated"]
    return [
        Sent(
            Hash32(message["sendId"]),
            place.addresses.chain,
            ChainId(lane["destinationChain"]),
            lane["nonce"],
            message["payload"],
            receipt["transactionHash"],
        )
        for message, lane in zip(opened, accumulated, strict=True)
    ]


async def arrival(sent: Sent, place: Place, *, since: float, patience: float = 60) -> Arrival:
    """Wait until the message was delivered and executed."""
    gateway = artifact("Gateway")
    topics = [str(gateway.topic("BatchDelivered")), f"0x{sent.source:064x}"]
    wanted = {"address": str(place.addresses.gateway), "topics": topics, "fromBlock": "0x0"}
    try:
        async with asyncio.timeout(patience):
            while True:
                for log in await place.node.rpc("eth_getLogs", wanted):
                    _, values = gateway.event(log) or ("", {})
                    if values["firstNonce"] <= sent.nonce <= values["lastNonce"]:
                        return await _arrived(sent, place, log["transactionHash"], values, time.monotonic() - since)
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise Transient(
            f"message {sent.id} was not delivered to {place.addresses.name} within {patience:.0f} s; "
            "`lockkeeper devnet status` shows whether everything runs"
        ) from None


async def _arrived(sent: Sent, place: Place, transaction: str, batch: dict[str, Any], seconds: float) -> Arrival:
    receipt, call = await place.node.batch(
        [("eth_getTransactionReceipt", [transaction]), ("eth_getTransactionByHash", [transaction])]
    )
    for name, values in _events(receipt, place.addresses.gateway):
        if name in ENDS and values["id"] == sent.id:
            raise Rejected(f"message {sent.id} was delivered in {transaction}, but {ENDS[name]}")
    delivery = artifact("Gateway").arguments("deliver", bytes.fromhex(call["input"][2:]))[0]
    _, height, _, update = delivery[:4]
    return Arrival(
        transaction=transaction,
        gas=int(receipt["gasUsed"], 16),
        height=height,
        witnesses=witnesses(place.addresses.verified_by[sent.source], update, sent.source) if update else None,
        batch=batch["lastNonce"] - batch["firstNonce"] + 1,
        seconds=seconds,
        receipt=receipt,
    )


def _events(receipt: Mapping[str, Any], emitter: Address) -> Iterator[tuple[str, dict[str, Any]]]:
    for log in receipt["logs"]:
        if log["address"] == str(emitter) and (event := artifact("Gateway").event(log)):
            yield event
