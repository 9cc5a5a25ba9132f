"""Messages reach contracts; what a recipient refuses waits for it, and harms nobody else."""

from __future__ import annotations

import aiohttp
import pytest

from relayer.entrypoints.deployment.plan import creation
from tests.journeys.support.asking import eventually_at_stage
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.goods import an_erc721
from tests.journeys.support.outcomes import Outcome, eventually_failed, outcome, retry
from tests.journeys.support.people import Person, delivery
from tests.journeys.support.recipients import a_moody_recipient

pytestmark = pytest.mark.xdist_group("journeys")


async def test_an_arbitrary_message_reaches_a_contract(harbour: LocalChain, island: LocalChain, alice: Person) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)

    sent = await alice.write(b"the tide is high", from_=harbour, to=inbox, on=island)
    arrived = await delivery(sent, island)

    received = await island.logs(inbox, "SampleInbox", "Received")
    (values,) = (values for values, log in received if log["transactionHash"] == arrived.transaction)
    assert values["receiveId"] == sent.id
    assert values["payload"] == b"the tide is high"
    assert values["sender"].endswith(alice.address)


async def test_a_refused_nft_is_safe_and_arrives_once_its_recipient_accepts(  # noqa: PLR0917 - fixtures
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    heron = await harbour.mint(an_erc721(), 42, to=alice)
    moody = await island.create(a_moody_recipient(), by=bob)
    sent = await alice.send(heron, to=moody, on=island)

    await eventually_failed(sent, island)
    assert await harbour.owner_of(heron) == harbour.asset_gateway
    assert not await island.exists(heron)
    await eventually_at_stage(http, devnet.api, sent, "failed")

    await bob.call(island, moody)
    await retry(sent, harbour, island, by=bob)
    await island.eventually_owned_by(moody, heron)
    assert await outcome(sent, island) == Outcome.RETRIED
    assert sent.id in {values["id"] for values, _ in await island.logs(island.gateway, "Gateway", "MessageRetried")}
    await eventually_at_stage(http, devnet.api, sent, "retried")


async def test_a_message_to_a_recipient_without_code_fails_and_the_next_one_arrives(
    harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=bob)

    to_nobody = await alice.write(b"is anybody there?", from_=harbour, to=bob, on=island)
    to_inbox = await alice.write(b"you are", from_=harbour, to=inbox, on=island)

    await delivery(to_inbox, island)
    assert await outcome(to_nobody, island) == Outcome.FAILED
    assert await outcome(to_inbox, island) == Outcome.ORDINARY
