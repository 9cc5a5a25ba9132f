"""What became of a message on its destination."""

from __future__ import annotations

from enum import IntEnum

from light_clients.types import Address
from relayer.domain.errors import Rejected
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending.travel import Sent
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.people import Person
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


async def retry(sent: Sent, source: LocalChain, chain: LocalChain, by: Person) -> None:
    """Hand a failed message over once more, unless a relayer is faster; either way it is executed then."""
    try:
        await by.call(chain, chain.gateway, await _retrying(sent, source))
    except Rejected:
        assert await outcome(sent, chain) == Outcome.RETRIED


async def _retrying(sent: Sent, source: LocalChain) -> bytes:
    gateway = artifact("Gateway")
    receipt = await source.node.receipt(sent.transaction)
    logs = [event for log in receipt["logs"] if (event := gateway.event(log))]
    (opened,) = (values for name, values in logs if name == "MessageSent" and values["sendId"] == sent.id)
    (terms,) = (values for name, values in logs if name == "MessageAccumulated" and values["nonce"] == sent.nonce)
    sender, recipient = (str(Address(opened[end][-20:])) for end in ("sender", "recipient"))
    numbers = (terms[each] for each in ("fee", "gasLimit", "deadline", "flags"))
    return gateway.call("retry", sent.source, sent.nonce, (sender, recipient, *numbers, opened["payload"]))
