"""What became of a message on its destination."""

from __future__ import annotations

from enum import IntEnum

from light_clients.types import Address
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending.travel import Sent
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.waiting import eventually


class Outcome(IntEnum):
    """As the gateway keeps it."""

    ORDINARY, FAILED, RETRIED, BOUNCED, EXPIRED, EXPRESSED = range(6)


async def outcome(sent: Sent, chain: LocalChain) -> Outcome:
    return Outcome(await chain.ask(chain.gateway, "Gateway", "outcome", sent.id))


async def eventually_failed(sent: Sent, chain: LocalChain) -> None:
    async def failed() -> bool:
        return await outcome(sent, chain) == Outcome.FAILED

    await eventually(failed, f"failure of message {sent.id}")


async def delivered_nonce(source: LocalChain, destination: LocalChain) -> int:
    _, nonce, _ = await destination.ask(destination.gateway, "Gateway", "inbound", source.id)
    return int(nonce)


async def retrying(sent: Sent, source: LocalChain) -> bytes:
    """The call that hands a failed message over once more."""
    gateway = artifact("Gateway")
    receipt = await source.node.receipt(sent.transaction)
    logs = [event for log in receipt["logs"] if (event := gateway.event(log))]
    (opened,) = (values for name, values in logs if name == "MessageSent" and values["sendId"] == sent.id)
    (limit,) = (values["gasLimit"] for name, values in logs if values.get("nonce") == sent.nonce)
    sender, recipient = (str(Address(opened[end][-20:])) for end in ("sender", "recipient"))
    return gateway.call("retry", sent.source, sent.nonce, (sender, recipient, 0, limit, 0, 0, opened["payload"]))
