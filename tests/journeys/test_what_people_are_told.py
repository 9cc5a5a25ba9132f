"""What the running processes say: over HTTP, over MQTT, and at the command line."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
import aiomqtt
import pytest

from relayer.entrypoints.deployment.plan import creation
from tests.entrypoints.support import lockkeeper
from tests.journeys.support.asking import answer, eventually_at_stage, status_and_text
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.devnet import Devnet
from tests.journeys.support.people import Person, delivery
from tests.journeys.support.waiting import eventually

pytestmark = pytest.mark.xdist_group("journeys")

NOBODYS = "0x" + "ab" * 32


async def test_the_api_tells_where_a_message_is(
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)
    sent = await alice.write(b"hello", from_=harbour, to=inbox, on=island)
    arrived = await delivery(sent, island)

    async def with_its_gas() -> Any:  # which the submitter's look at its receipt adds, a moment later
        found = await eventually_at_stage(http, devnet.api, sent, "settled")
        return found if found["gasUsed"] else None

    message = await eventually(with_its_gas, f"the gas of message {sent.id}")
    by_transaction = await answer(http, f"{devnet.api}/v1/messages", sourceTx=sent.transaction)

    assert by_transaction == {"messages": [message]}
    assert (message["source"], message["destination"]) == ("eip155:31337", "eip155:31338")
    assert (message["id"], message["nonce"]) == (str(sent.id), str(sent.nonce))
    assert message["sender"] == f"eip155:31337:{alice.address}"
    assert message["recipient"] == f"eip155:31338:{inbox}"
    assert message["sourceTransaction"]["hash"] == sent.transaction
    assert message["destinationTransaction"]["hash"] == arrived.transaction
    assert message["proof"] == {
        "height": str(arrived.height),
        "attestations": arrived.witnesses and arrived.witnesses.count,
    }
    assert message["gasUsed"] == str(arrived.gas)


async def test_the_api_tells_how_far_chains_and_lanes_are(
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)
    sent = await alice.write(b"hello", from_=harbour, to=inbox, on=island)
    await eventually_at_stage(http, devnet.api, sent, "settled")

    chains = (await answer(http, f"{devnet.api}/v1/chains"))["chains"]
    lanes = (await answer(http, f"{devnet.api}/v1/lanes"))["lanes"]

    assert {chain["name"] for chain in chains} == {"harbour", "island", "lagoon"}
    (lane,) = (each for each in lanes if (each["source"], each["destination"]) == ("eip155:31337", "eip155:31338"))
    assert len(lanes) == 6
    assert int(lane["settled"]) >= sent.nonce
    assert lane["sourceGateway"] == f"eip155:31337:{harbour.gateway}"
    assert lane["halted"] is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/v1/messages/{NOBODYS}", 404),
        ("/v1/messages/0x12", 422),
        ("/v1/messages?sourceTx=yesterday", 422),
        ("/v1/messages?limit=1000000", 422),
        ("/v1/herons", 404),
    ],
)
async def test_the_api_answers_a_bad_question_with_a_problem(
    devnet: Devnet, http: aiohttp.ClientSession, path: str, status: int
) -> None:
    async with http.get(devnet.api + path) as response:
        problem = await response.json()

    assert response.status == status
    assert response.content_type == "application/problem+json"
    assert problem["status"] == status
    assert problem["detail"]


async def test_the_relayer_says_that_it_lives_is_ready_and_how_much_it_has_done(
    devnet: Devnet, http: aiohttp.ClientSession, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)
    sent = await alice.write(b"hello", from_=harbour, to=inbox, on=island)
    await eventually_at_stage(http, devnet.api, sent, "settled")

    assert await status_and_text(http, f"{devnet.relayer}/livez") == (200, "ok\n")
    assert await status_and_text(http, f"{devnet.relayer}/readyz") == (200, "ok\n")
    status, metrics = await status_and_text(http, f"{devnet.relayer}/metrics")
    assert status == 200
    lane = '{destination="31338",source="31337"}'
    numbers = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    assert float(numbers[f"lockkeeper_last_delivered_nonce{lane}"]) >= sent.nonce
    assert float(numbers[f"lockkeeper_backlog_size{lane}"]) == 0
    assert float(numbers["lockkeeper_critical_error"]) == 0


async def test_a_subscriber_follows_a_message_through_its_life(
    devnet: Devnet, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)
    heard: list[tuple[str, dict[str, str]]] = []
    async with aiomqtt.Client("127.0.0.1", devnet.port("broker")) as broker, asyncio.timeout(30):
        await broker.subscribe("lockkeeper/v1/messages/31337/31338/+/state", qos=1)

        sent = await alice.write(b"hello", from_=harbour, to=inbox, on=island)
        topic = f"lockkeeper/v1/messages/31337/31338/{sent.nonce}/state"
        async for message in broker.messages:
            if str(message.topic) == topic:
                told = json.loads(message.payload)
                heard.append((told["state"], told))
            if heard and heard[-1][0] == "delivered":
                break

    assert [state for state, _ in heard] == ["seen", "submitted", "delivered"]
    by_state = dict(heard)
    assert by_state["seen"]["id"] == str(sent.id)
    assert by_state["seen"]["transaction"] == sent.transaction
    assert by_state["delivered"]["transaction"] == (await delivery(sent, island)).transaction


async def test_a_subscriber_learns_that_the_relayer_is_online(devnet: Devnet) -> None:
    async with aiomqtt.Client("127.0.0.1", devnet.port("broker")) as broker, asyncio.timeout(30):
        await broker.subscribe("lockkeeper/v1/relayers/relayer/status", qos=1)
        message = await anext(aiter(broker.messages))

    assert json.loads(message.payload)["status"] == "online"


async def test_the_command_line_sends_and_tells_where_it_stands(devnet: Devnet) -> None:
    sent = devnet.command("send", "erc20", "--from", "harbour", "--to", "lagoon", "--amount", "5")

    async def settled() -> bool:
        (found,) = devnet.command("status", sent["message"])["messages"]
        return bool(found["stage"] == "settled")

    await eventually(settled, "settling of the message")
    of_transaction = devnet.command("status", sent["transaction"])["messages"]
    assert sent["message"] in {message["id"] for message in of_transaction}
    (lane,) = devnet.command("status", "harbour-lagoon")["lanes"]
    assert int(lane["settled"]) >= int(sent["nonce"])
    assert lane in devnet.command("lanes")["lanes"]


async def test_the_command_line_sends_with_a_deadline_and_a_way_back(
    devnet: Devnet, http: aiohttp.ClientSession
) -> None:
    began = datetime.now(UTC)

    sent = devnet.command("send", "message", "in time", "--deadline", "600", "--bounce")

    found = await answer(http, f"{devnet.api}/v1/messages/{sent['message']}")
    assert found["bounces"]
    assert found["fee"] == "0"
    assert 590 < (datetime.fromisoformat(found["deadline"]) - began).total_seconds() < 660


async def test_the_command_line_says_in_a_line_that_nobody_saw_a_message(devnet: Devnet) -> None:
    ended = lockkeeper("status", NOBODYS, "--folder", str(devnet.folder.root))

    assert ended.code == 1
    assert ended.err.startswith(f"failed: {NOBODYS}")
    assert len(ended.err.strip().splitlines()) == 1
