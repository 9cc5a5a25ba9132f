"""Log lines, metrics, news and health: four readers of the same facts."""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
import subprocess

import aiohttp
import pytest
from structlog.testing import capture_logs

from light_clients.types import Hash32, Height
from relayer.adapters.health import Progress, health_routes, serving
from relayer.adapters.metrics import Metrics
from relayer.adapters.mqtt.news import NewsListener
from relayer.adapters.telemetry import LogListener, set_up_logging
from relayer.domain.errors import Misbehaviour, Misconfigured, Transient
from relayer.domain.events import MessageSent
from relayer.domain.facts import (
    Delivered,
    Execution,
    ExecutionReported,
    Fact,
    FeesPaid,
    Finalized,
    HeadReached,
    MessagesSeen,
    Payment,
)
from relayer.domain.ids import BlockRef, Nonce, Seconds, TxRef, Wei
from relayer.domain.lane import LaneState, transition
from relayer.domain.message import fold, lane_id
from tests.adapters.support.committee import a_header, an_attestation
from tests.adapters.support.gateway import GATEWAY, HERE, LANE, a_message

NOW = 1_700_000_100.0


class FixedClock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> Seconds:
        return Seconds(self.time)

    def monotonic(self) -> Seconds:
        return Seconds(self.time)

    async def sleep(self, seconds: Seconds) -> None:
        await asyncio.sleep(0)


class Announced:
    def __init__(self) -> None:
        self.topics: dict[str, bytes] = {}

    def announce(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        assert retain
        self.topics[topic] = payload


def a_place(number: int, timestamp: int) -> TxRef:
    return TxRef(Hash32(b"\5" * 32), BlockRef(Height(number), Hash32(b"\6" * 32), Hash32(b"\7" * 32), timestamp))


def messages_seen(count: int) -> MessagesSeen:
    accumulator, sent = lane_id(LANE), []
    for nonce in range(1, count + 1):
        message = a_message()
        leaf = message.leaf(LANE, Nonce(nonce))
        accumulator = fold(accumulator, leaf)
        sent.append(MessageSent(LANE, Nonce(nonce), message, leaf, accumulator, a_place(5, 1_700_000_000)))
    return MessagesSeen(LANE, tuple(sent))


def delivered(first: int, last: int) -> Delivered:
    return Delivered(LANE, Nonce(first), Nonce(last), Hash32(b"\1" * 32), GATEWAY, a_place(9, 1_700_000_002))


HEAD = HeadReached(HERE, a_place(9, 1).block, Height(7))


def told(*facts: Fact) -> list[tuple[Fact, LaneState | None]]:
    state, story = LaneState.new(LANE), list[tuple[Fact, LaneState | None]]()
    for fact in facts:
        if isinstance(fact, HeadReached):
            story.append((fact, None))
        else:
            state, _ = transition(state, fact)  # type: ignore[arg-type]
            story.append((fact, state))
    return story


def metrics_of(*facts: Fact) -> tuple[Metrics, str]:
    metrics = Metrics(FixedClock())
    for fact, lane in told(*facts):
        metrics.heard(fact, lane)
    return metrics, metrics.text().decode()


def test_the_backlog_is_measured_by_size_oldest_and_age() -> None:
    _, text = metrics_of(HEAD, messages_seen(5), Finalized(LANE, Nonce(5)), delivered(1, 2))

    lane = '{destination="31338",source="31337"}'
    assert f"lockkeeper_backlog_size{lane} 3.0" in text
    assert f"lockkeeper_backlog_oldest_nonce{lane} 3.0" in text
    assert f"lockkeeper_backlog_oldest_age_seconds{lane} 100.0" in text
    assert f"lockkeeper_delivery_latency_seconds_sum{lane} 4.0" in text
    assert f"lockkeeper_messages_delivered_total{lane} 2.0" in text
    assert 'lockkeeper_head_height{chain="31337"} 9.0' in text
    assert 'lockkeeper_final_height{chain="31337"} 7.0' in text


def test_calls_troubles_balances_and_attestations_are_counted() -> None:
    metrics, _ = metrics_of()

    metrics.called(HERE, "http://a", "eth_call", "Contradiction", 0.1)
    metrics.trouble("watch", Misbehaviour("two histories"))
    metrics.balance(HERE, str(GATEWAY), Wei(17))
    metrics.attested(an_attestation(a_header(), 0))
    metrics.attestation_received(LANE.source, LANE.destination, "valid")
    text = metrics.text().decode()

    assert 'lockkeeper_rpc_errors_total{chain="31337",endpoint="http://a",kind="Contradiction"} 1.0' in text
    assert "lockkeeper_critical_error 1.0" in text
    assert re.search(r"lockkeeper_wallet_balance_wei\{.*\} 17.0", text)
    assert re.search(r"lockkeeper_attestations_signed_total\{.*\} 1.0", text)
    assert "_created" not in text


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_finds_nothing_to_mend() -> None:
    _, text = metrics_of(HEAD, messages_seen(1), delivered(1, 1))

    subprocess.run(["promtool", "check", "metrics"], input=text.encode(), check=True)


def test_each_message_is_news_under_its_own_topic() -> None:
    bus = Announced()
    news = NewsListener(bus)

    for fact, lane in told(messages_seen(3), delivered(1, 2)):
        news.heard(fact, lane)

    states = {topic: json.loads(payload)["state"] for topic, payload in bus.topics.items()}
    assert states == {
        "lockkeeper/v1/messages/31337/31338/1/state": "delivered",
        "lockkeeper/v1/messages/31337/31338/2/state": "delivered",
        "lockkeeper/v1/messages/31337/31338/3/state": "seen",
    }


def test_the_bus_keeps_how_a_message_ended_when_its_batch_is_told_after_it() -> None:
    bus = Announced()
    news = NewsListener(bus)
    bounced = ExecutionReported(LANE, Nonce(2), Execution.BOUNCED, a_place(8, 1), back=Hash32(b"\5" * 32))

    late = ExecutionReported(LANE, Nonce(3), Execution.FAILED, a_place(9, 1))
    for fact, lane in told(messages_seen(3), bounced, delivered(1, 3), late):
        news.heard(fact, lane)

    states = [json.loads(bus.topics[f"lockkeeper/v1/messages/31337/31338/{nonce}/state"]) for nonce in (1, 2, 3)]
    assert [state["state"] for state in states] == ["delivered", "bounced", "failed"]
    assert states[1]["returnedAs"] == "0x" + "05" * 32


def test_payments_are_counted_by_what_they_were_for() -> None:
    claimed = FeesPaid(LANE, Payment.CLAIMED, GATEWAY, Wei(70), a_place(8, 1))
    home = FeesPaid(LANE, Payment.RETURNS, GATEWAY, Wei(5), a_place(8, 1))

    _, text = metrics_of(claimed, claimed, home)

    labels = 'destination="31338",payment="{}",source="31337"'
    assert f"lockkeeper_fees_paid_wei_total{{{labels.format('claimed')}}} 140.0" in text
    assert f"lockkeeper_fees_paid_wei_total{{{labels.format('returns')}}} 5.0" in text


def test_each_fact_is_one_log_line() -> None:
    with capture_logs() as lines:
        log = LogListener()
        for fact, lane in told(messages_seen(3), delivered(1, 2)):
            log.heard(fact, lane)
        log.trouble("watch", Transient("busy"))

    assert [line["event"] for line in lines] == ["messages_seen", "delivered", "trouble"]
    assert lines[0]["lane"] == "31337-31338"
    assert (lines[0]["first"], lines[0]["last"]) == (1, 3)


def test_logs_are_json_where_nobody_watches() -> None:
    stream = io.StringIO()
    set_up_logging("info", "auto", stream)

    LogListener().trouble("watch", Transient("busy"))

    line = json.loads(stream.getvalue())
    assert line.items() >= {"event": "trouble", "level": "warning", "worker": "watch", "kind": "Transient"}.items()


async def test_health_is_progress() -> None:
    clock = FixedClock()
    progress = Progress(clock, [HERE], Seconds(60))
    async with serving(health_routes(progress, lambda: b"metrics"), "127.0.0.1:0", "http.listen") as port:
        assert await _get(port, "livez") == (200, "ok\n")
        assert await _get(port, "readyz") == (503, "chain 31337 is awaited\n")

        progress.heard(HEAD, None)
        assert await _get(port, "readyz") == (200, "ok\n")
        assert await _get(port, "metrics") == (200, "metrics")

        clock.time += 61
        assert await _get(port, "livez") == (503, "the head of chain 31337 stands still\n")


async def test_a_lane_with_work_must_move() -> None:
    clock = FixedClock()
    progress = Progress(clock, [], Seconds(60))
    for fact, lane in told(messages_seen(5), Finalized(LANE, Nonce(5))):
        progress.heard(fact, lane)

    clock.time += 61
    assert progress.stalled() == ["lane 31337-31338"]

    for fact, lane in told(messages_seen(5), Finalized(LANE, Nonce(5)), delivered(1, 3)):
        progress.heard(fact, lane)
    assert progress.stalled() == []

    for fact, lane in told(messages_seen(5), Finalized(LANE, Nonce(5)), delivered(1, 5)):
        progress.heard(fact, lane)
    clock.time += 61
    assert progress.stalled() == []


async def test_a_lane_that_waits_for_fees_on_purpose_does_not_stand_still() -> None:
    clock = FixedClock()
    progress = Progress(clock, [], Seconds(60), {LANE: Seconds(600)})
    for fact, lane in told(messages_seen(5), Finalized(LANE, Nonce(5))):
        progress.heard(fact, lane)

    clock.time += 650
    assert progress.stalled() == []
    clock.time += 11
    assert progress.stalled() == ["lane 31337-31338"]


async def test_a_taken_port_is_named() -> None:
    async with serving([], "127.0.0.1:0", "http.listen") as port:
        with pytest.raises(Misconfigured, match=rf"http\.listen: cannot listen on 127\.0\.0\.1:{port}"):
            async with serving([], f"127.0.0.1:{port}", "http.listen"):
                raise AssertionError("listening")


async def _get(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/{path}") as response:
        return response.status, await response.text()
