"""What becomes of messages that cannot be executed in their turn, and of the money: one scene, real processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from light_clients.types import Address
from relayer.domain.batching import worst_case
from relayer.domain.message import BOUNCE, Message
from relayer.entrypoints.deployment.plan import creation
from relayer.entrypoints.devnet.accounts import ALICE, BOB, RELAYER, account
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.sending.assets import Attributes, interoperable, send_message
from relayer.entrypoints.sending.travel import Sent, sent_by
from tests.entrypoints.support import Ended, lockkeeper
from tests.journeys.support.chain import LocalChain
from tests.journeys.support.outcomes import Outcome, delivered_nonce, eventually_failed, outcome
from tests.journeys.support.paying import FREE, SCHEDULE, balance, brought_by, claimed, earned, price, write_paid
from tests.journeys.support.people import Person, delivery
from tests.journeys.support.recipients import a_moody_recipient
from tests.journeys.support.relayers import NEWCOMER
from tests.journeys.support.scene import Scene, a_scene, ended
from tests.journeys.support.waiting import eventually

pytestmark = [
    pytest.mark.xdist_group("scenes"),
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="module"),
]

LANE = "41101-41102"
PATIENTLY = "[lanes.errands]\nretry_after = 1.0\n"
CLAIMING = "[lanes.errands]\nclaim_above = 0\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path_factory.mktemp("outcomes")) as scene:
        await scene.sealed("harbour", 41101, "qbft", validators=1)
        await scene.sealed("island", 41102, "qbft", validators=1)
        await scene.deploy()
        async with relaying(scene):
            pass  # its configuration stays, for the commands
        yield scene


@pytest.fixture
def harbour(scene: Scene) -> LocalChain:
    return scene.chain("harbour")


@pytest.fixture
def island(scene: Scene) -> LocalChain:
    return scene.chain("island")


@pytest.fixture
def alice() -> Person:
    return Person(account(ALICE))


@pytest.fixture
def bob() -> Person:
    return Person(account(BOB))


@asynccontextmanager
async def relaying(
    scene: Scene, rules: str = "", name: str = "relayer", operator: int = RELAYER
) -> AsyncIterator[None]:
    """A relayer over both lanes while the context lasts; it is killed then."""
    ends = [("harbour", "island"), ("island", "harbour")]
    lanes = {(source, destination): scene.direct(source, destination) for source, destination in ends}
    process = await scene.relay(lanes, name=name, operator=operator, rules=rules)
    try:
        yield
    finally:
        await ended(process)


async def acted(scene: Scene, command: str, *arguments: str, config: Path | None = None) -> Ended:
    """A command of bob's."""
    key, path = str(scene.key("bob", BOB)), str(config or scene.config())
    return await asyncio.to_thread(lockkeeper, command, *arguments, "--config", path, "--key", key, "--json")


def proving_by_receipts(scene: Scene) -> Path:
    """The same configuration, as if no endpoint served state."""
    path = scene.folder / "receipts.toml"
    path.write_text(scene.config().read_text().replace("[[chains]]", '[[chains]]\nproofs = "receipts"'))
    return path


async def test_a_failing_recipient_is_retried_by_the_relayer_once_it_accepts(
    scene: Scene, harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    moody = await island.create(a_moody_recipient(), by=bob)
    async with relaying(scene, PATIENTLY):
        sent = await alice.write(b"take it", from_=harbour, to=moody, on=island)
        await eventually_failed(sent, island)

        await bob.call(island, moody)

        await eventually_came_to(Outcome.RETRIED, sent, island)


async def test_what_expires_while_the_relayer_is_away_comes_back_within_the_gas_foreseen(
    scene: Scene, harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    correspondent = await harbour.create(creation("SampleCorrespondent"), by=alice)
    inbox = await island.create(creation("SampleInbox"), by=bob)
    payload = bytes(range(256)) * 128
    deadline = await now(harbour) + 5
    asked = Attributes(deadline=deadline, bounce=True)
    sent = [await by_application(alice, correspondent, harbour, inbox, island, payload, asked) for _ in range(3)]

    async def too_late() -> bool:
        return await now(island) > deadline

    await eventually(too_late, "the deadline has passed")
    async with relaying(scene):
        for each in sent:
            await eventually_came_to(Outcome.BOUNCED, each, island)
        back = await eventually_back(correspondent, harbour, len(sent))

    assert {values["id"] for values in back} == {each.id for each in sent}
    assert {(values["recipient"], values["payload"]) for values in back} == {(interoperable(island.id, inbox), payload)}
    expired = Message(correspondent, inbox, 0, 200_000, deadline, BOUNCE, payload)
    for gas, count in await gas_of_bounces(island, sent):
        assert gas < worst_case([expired] * count, evidence=2_000, tail=0)


async def test_invariant_a_message_need_not_wait_for_those_before_it(
    scene: Scene, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    inbox = await island.create(creation("SampleInbox"), by=alice)
    wallet = alice.wallet(harbour)
    for number in range(12):
        await wallet.send(harbour.gateway, send_message(island.id, inbox, b"backlog %d" % number))
    urgent = await alice.write(b"urgent", from_=harbour, to=inbox, on=island)
    also = await alice.write(b"urgent too", from_=harbour, to=inbox, on=island)
    before = await delivered_nonce(harbour, island)

    for sent, config in ((urgent, None), (also, proving_by_receipts(scene))):
        done = await acted(scene, "express", LANE, str(sent.nonce), config=config)
        assert done.code == 0, done.err
        assert await outcome(sent, island) == Outcome.EXPRESSED

    assert await delivered_nonce(harbour, island) == before
    assert await island.ask(island.gateway, "Gateway", "ahead", harbour.id) == 2
    late = await acted(scene, "express", LANE, "1")
    assert late.code == 1
    assert "delivered already" in late.err

    async with relaying(scene):
        last = await alice.write(b"the last", from_=harbour, to=inbox, on=island)
        await delivery(last, island)

    received = await island.logs(inbox, "SampleInbox", "Received")
    times = [values["payload"] for values, _ in received].count
    payloads = (b"urgent", b"urgent too", b"backlog 0", b"backlog 11", b"the last")
    assert [times(payload) for payload in payloads] == [1] * 5
    assert await island.ask(island.gateway, "Gateway", "ahead", harbour.id) == 0


async def test_commands_say_what_would_mend_a_refusal(
    scene: Scene, harbour: LocalChain, island: LocalChain, alice: Person, bob: Person
) -> None:
    moody = await island.create(a_moody_recipient(), by=bob)
    async with relaying(scene, "[lanes.errands]\nretry = false\n"):
        sent = await alice.write(b"not yet", from_=harbour, to=moody, on=island)
        await eventually_failed(sent, island)

    refused, no_way, unknown, beyond = await asyncio.gather(
        acted(scene, "retry", LANE, str(sent.nonce)),
        acted(scene, "bounce", LANE, str(sent.nonce)),
        acted(scene, "retry", "1-2", "1"),
        acted(scene, "retry", LANE, str(sent.nonce + 1000)),
    )
    await bob.call(island, moody)
    retried = await acted(scene, "retry", "harbour-island", str(sent.nonce))
    again = await acted(scene, "retry", LANE, str(sent.nonce))

    assert (refused.code, no_way.code, again.code, beyond.code) == (1, 1, 1, 1)
    assert "mend the recipient" in refused.err
    assert "no way back" in no_way.err
    assert "mended since" in again.err
    assert "has no message" in beyond.err
    assert unknown.code == 2
    assert retried.code == 0, retried.err
    assert await outcome(sent, island) == Outcome.RETRIED


async def test_invariant_relayers_of_two_operators_are_each_paid_exactly_for_what_they_delivered(
    scene: Scene, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    first, second = account(RELAYER).address, account(NEWCOMER).address
    inbox = await island.create(creation("SampleInbox"), by=alice)
    await price(harbour, island, SCHEDULE)
    held = await balance(harbour.gateway, harbour)
    quoted = await asyncio.to_thread(
        lockkeeper, "quote", LANE, "--payload-length", "4", "--config", str(scene.config()), "--json"
    )

    async with relaying(scene):
        await delivery((await burst(alice, harbour, inbox, island))[-1], island)
        interrupted = await burst(alice, harbour, inbox, island)
    async with relaying(scene, name="second", operator=NEWCOMER):  # the first was killed in the middle
        await delivery(interrupted[-1], island)
        await delivery((await burst(alice, harbour, inbox, island))[-1], island)
    async with relaying(scene, CLAIMING), relaying(scene, name="second", operator=NEWCOMER):
        await delivery((await burst(alice, harbour, inbox, island))[-1], island)

        async def first_is_paid() -> bool:
            due = await earned(first, harbour, island)
            return due == await claimed(first, harbour, island) > 0

        await eventually(first_is_paid, "the first relayer has claimed its fees")
    purse = await balance(second, harbour)
    done = await acted(scene, "claim", LANE, "--relayer", str(second))
    again = await acted(scene, "claim", LANE, "--relayer", str(second))
    await price(harbour, island, FREE)

    brought = await brought_by(harbour, island)
    assert done.code == 0, done.err
    assert brought[str(first)] == await earned(first, harbour, island) == await claimed(first, harbour, island)
    assert brought[str(second)] == await earned(second, harbour, island) == await claimed(second, harbour, island) > 0
    assert await balance(second, harbour) - purse == done.json["paid"] == brought[str(second)]
    assert await balance(harbour.gateway, harbour) == held
    assert sum(brought.values()) == 12 * quoted.json["fee"]
    assert again.code == 1
    assert "earned nothing" in again.err


async def test_what_is_paid_in_advance_pays_for_what_the_application_sends(
    scene: Scene, harbour: LocalChain, island: LocalChain, alice: Person
) -> None:
    correspondent = await harbour.create(creation("SampleCorrespondent"), by=alice)
    inbox = await island.create(creation("SampleInbox"), by=alice)
    await price(harbour, island, SCHEDULE)
    quoted = artifact("Gateway").call("quote", island.id, 0, len(b"ahead"), False)
    fee = int.from_bytes(await harbour.node.view(harbour.gateway, quoted), "big")

    paid = await acted(scene, "prepay", "harbour", str(correspondent), str(fee + 7))
    await by_application(alice, correspondent, harbour, inbox, island, b"ahead", Attributes())
    await price(harbour, island, FREE)

    assert paid.code == 0, paid.err
    assert paid.json["prepaid"] == fee + 7
    assert await harbour.ask(harbour.gateway, "Gateway", "prepaid", str(correspondent)) == 7


async def burst(who: Person, source: LocalChain, to: Address, on: LocalChain) -> list[Sent]:
    return [await write_paid(who, b"paid", from_=source, to=to, on=on) for _ in range(3)]


async def eventually_came_to(expected: Outcome, sent: Sent, chain: LocalChain) -> None:
    async def there() -> bool:
        return await outcome(sent, chain) == expected

    await eventually(there, f"message {sent.nonce} is {expected.name.lower()}")


async def now(chain: LocalChain) -> int:
    return int((await chain.node.rpc("eth_getBlockByNumber", "latest", False))["timestamp"], 16)


async def by_application(  # noqa: PLR0917 - who, from where, to where, what
    who: Person, sender: Address, source: LocalChain, to: Address, on: LocalChain, payload: bytes, asked: Attributes
) -> Sent:
    """What an application sends in its own name."""
    arguments = (str(source.gateway), interoperable(on.id, to), payload, asked.encoded())
    receipt = await who.call(source, sender, artifact("SampleCorrespondent").call("send", *arguments))
    *_, sent = sent_by(receipt, source.place)
    return sent


async def eventually_back(application: Address, chain: LocalChain, count: int) -> list[dict[str, object]]:
    async def all_of_them() -> list[dict[str, object]]:
        found = [values for values, _ in await chain.logs(application, "SampleCorrespondent", "CameBack")]
        return found if len(found) == count else []

    return await eventually(all_of_them, f"{count} messages are back")


async def gas_of_bounces(chain: LocalChain, sent: list[Sent]) -> list[tuple[int, int]]:
    """Gas of each transaction that sent some of these back, with how many."""
    ids, transactions = {each.id for each in sent}, list[str]()
    for values, log in await chain.logs(chain.gateway, "Gateway", "MessageBounced"):
        transactions += [log["transactionHash"]] * (values["id"] in ids)
    receipts = {each: await chain.node.receipt(each) for each in set(transactions)}
    return [(int(receipt["gasUsed"], 16), transactions.count(each)) for each, receipt in receipts.items()]
