"""What became of a message on its destination."""

from __future__ import annotations

from enum import IntEnum

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address
from relayer.domain.errors import Rejected
from relayer.domain.slots import GATEWAY_STORAGE
from relayer.entrypoints.deployment.clients import DAY
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
        await by.call(chain, chain.gateway, await _mending("retry", sent, source))
    except Rejected:
        assert await outcome(sent, chain) == Outcome.RETRIED


async def bounce_days_later(sent: Sent, source: LocalChain, chain: LocalChain, by: Person) -> None:
    """Send a failed message back, as if it had failed two days ago: its recipient has one to mend itself."""
    records = GATEWAY_STORAGE + 1
    slot = str(keccak256(sent.id + records.to_bytes(32, "big")))
    word = int(await chain.node.rpc("eth_getStorageAt", str(chain.gateway), slot, "latest"), 16)
    assert word & 0xFF == Outcome.FAILED
    await chain.node.rpc("anvil_setStorageAt", str(chain.gateway), slot, f"0x{word - (2 * DAY << 8):064x}")
    await by.call(chain, chain.gateway, await _mending("bounce", sent, source))


async def _mending(function: str, sent: Sent, source: LocalChain) -> bytes:
    gateway = artifact("Gateway")
    receipt = await source.node.receipt(sent.transaction)
    logs = [event for log in receipt["logs"] if (event := gateway.event(log))]
    (opened,) = (values for name, values in logs if name == "MessageSent" and values["sendId"] == sent.id)
    accumulated = (values for name, values in logs if name == "MessageAccumulated")
    place = sent.destination, sent.nonce
    (terms,) = (each for each in accumulated if (each["destinationChain"], each["nonce"]) == place)
    sender, recipient = (str(Address(opened[end][-20:])) for end in ("sender", "recipient"))
    numbers = (terms[each] for each in ("fee", "gasLimit", "deadline", "flags"))
    return gateway.call(function, sent.source, sent.nonce, (sender, recipient, *numbers, opened["payload"]))
