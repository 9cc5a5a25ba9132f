"""Each figure that operators ask for, from what is heard to what Prometheus reads."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from light_clients.types import Height
from relayer.adapters.metrics import Metrics
from relayer.adapters.metrics.api import ApiMetrics
from relayer.adapters.metrics.market import MarketMetrics
from relayer.domain.delivery import Batch
from relayer.domain.errors import Transient
from relayer.domain.facts import (
    BatchEnded,
    ChainReorged,
    Ending,
    Fact,
    FeesPaid,
    HeadReached,
    Payment,
    TxSent,
)
from relayer.domain.ids import Gas, Nonce, Wei
from relayer.domain.lane import LaneState, transition
from relayer.domain.market.purchases import Activity, ActivityKind
from relayer.domain.notices import (
    AccountSeen,
    ClientSeen,
    LaneStands,
    MisbehaviourSubmitted,
    Purpose,
    TransactionEnded,
    TransactionOffered,
    Trust,
)
from tests.adapters.support.committee import a_header, an_attestation
from tests.fakes import FakeClock
from tests.makers import a_block, a_hash, a_lane, an_address, delivered, messages_seen, sent_messages

LANE = a_lane()
THERE = LANE.destination
OURS, CLIENT = an_address(7), an_address(8)
PROMTOOL = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (apt: prometheus)")


class Heard:
    """Metrics, and the lane as it is after each fact."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.metrics = Metrics(self.clock)
        self.lane = LaneState.new(LANE)

    def hear(self, *facts: Fact) -> None:
        for fact in facts:
            if isinstance(fact, LaneStands):
                self.metrics.heard(fact, self.lane)
            elif getattr(fact, "lane", None) is None:
                self.metrics.heard(fact, None)
            else:
                self.lane, _ = transition(self.lane, fact)  # type: ignore[arg-type]
                self.metrics.heard(fact, self.lane)

    def value(self, name: str, /, **labels: object) -> float | None:
        self.metrics.text()
        return self.metrics.registry.get_sample_value(name, {key: str(value) for key, value in labels.items()})

    def of_lane(self, name: str, **labels: object) -> float | None:
        return self.value(name, source=LANE.source, destination=THERE, **labels)

    def of_account(self, name: str, **labels: object) -> float | None:
        return self.value(name, chain=THERE, account=OURS, **labels)


def stands(failures: int = 0) -> LaneStands:
    return LaneStands(LANE, None, failures)


def account(nonce: int = 0, queued: int = 0, live: tuple[int, ...] = ()) -> AccountSeen:
    return AccountSeen(THERE, OURS, nonce, queued, live)


def offered(nonce: int, attempt: int = 1, purpose: Purpose = Purpose.DELIVERY) -> TransactionOffered:
    return TransactionOffered(THERE, OURS, nonce, purpose, attempt)


def ended(nonce: int, cost: int = 0) -> TransactionEnded:
    return TransactionEnded(THERE, OURS, nonce, Purpose.DELIVERY, "settled", Gas(10), Wei(cost))


def test_a_lane_that_was_heard_of_shows_every_figure_from_the_beginning() -> None:
    heard = Heard()

    heard.hear(stands(failures=3))

    for name in ("backlog_size", "last_seen_nonce", "messages_delivered_total", "gas_used_total", "lane_halted"):
        assert heard.of_lane(f"lockkeeper_{name}") == 0
    assert heard.of_lane("lockkeeper_batches_total", ending="reverted") == 0
    assert heard.of_lane("lockkeeper_executions_total", execution="bounced") == 0
    assert heard.of_lane("lockkeeper_messages_failed_waiting") == 3


def test_the_age_of_the_oldest_message_survives_a_restart() -> None:
    heard = Heard()
    heard.lane = replace(heard.lane, seen=heard.lane.seen.__class__(Nonce(5), a_hash(), Height(5)))
    oldest = sent_messages(LANE, 1)[0]

    heard.hear(LaneStands(LANE, oldest, 0))
    heard.clock.advance(30)

    since = heard.clock.now() - oldest.at.block.timestamp
    assert heard.of_lane("lockkeeper_backlog_oldest_age_seconds") == pytest.approx(since)


def test_a_message_delivered_since_history_was_asked_is_not_old_for_ever() -> None:
    heard = Heard()
    heard.hear(messages_seen(LANE, 1), delivered(LANE, 1, 1))

    heard.hear(LaneStands(LANE, sent_messages(LANE, 1)[0], 0))

    assert heard.of_lane("lockkeeper_backlog_oldest_age_seconds") == 0


def test_gas_and_size_of_a_batch_are_counted_when_it_settles() -> None:
    heard, batch = Heard(), Batch(1, Nonce(1), Nonce(4), Height(1), 3)
    heard.hear(messages_seen(LANE, 4), TxSent(LANE, batch, a_hash(), 1), TxSent(LANE, batch, a_hash(), 2))

    heard.hear(BatchEnded(LANE, batch, Ending.SETTLED, Gas(400)))
    heard.hear(BatchEnded(LANE, replace(batch, number=2), Ending.REVERTED, Gas(50)))

    assert heard.of_lane("lockkeeper_messages_carried_total") == 4
    assert heard.of_lane("lockkeeper_gas_used_total") == 450
    assert heard.of_lane("lockkeeper_batch_messages_sum") == 4
    assert heard.of_lane("lockkeeper_transactions_submitted_total") == 2
    assert heard.of_lane("lockkeeper_submit_latency_seconds_count") == 1


def test_a_reorg_is_as_deep_as_what_it_takes_back() -> None:
    heard, chain = Heard(), LANE.source
    heard.hear(HeadReached(chain, a_block(9), Height(2)), ChainReorged(chain, a_block(6)))

    assert heard.value("lockkeeper_reorgs_total", chain=chain) == 1
    assert heard.value("lockkeeper_reorg_depth_blocks_sum", chain=chain) == 3


def test_a_head_lags_by_its_age_and_an_endpoint_by_blocks_and_silence() -> None:
    heard, chain = Heard(), LANE.source
    block = a_block(9)
    heard.clock.advance(block.timestamp - heard.clock.now() + 20)
    heard.hear(HeadReached(chain, block, Height(2)))
    heard.metrics.announced_head(chain, "http://a", Height(9))
    heard.metrics.announced_head(chain, "http://b", Height(4))

    heard.clock.advance(5)
    heard.metrics.announced_head(chain, "http://a", Height(10))

    assert heard.value("lockkeeper_head_lag_seconds", chain=chain) == pytest.approx(25)
    assert heard.value("lockkeeper_endpoint_head_lag_blocks", chain=chain, endpoint="http://b") == 6
    assert heard.value("lockkeeper_endpoint_head_lag_blocks", chain=chain, endpoint="http://a") == 0
    assert heard.value("lockkeeper_endpoint_head_age_seconds", chain=chain, endpoint="http://b") == 5


def test_an_endpoint_that_serves_has_failed_zero_times() -> None:
    heard = Heard()
    heard.metrics.called(THERE, "http://a", "eth_call", "", 0.1)

    assert heard.value("lockkeeper_rpc_errors_total", chain=THERE, endpoint="http://a", kind="EndpointFault") == 0


def test_trust_wears_off_while_nobody_looks() -> None:
    heard = Heard()
    trust = Trust(Height(8), timestamp=int(heard.clock.now()) - 100, period=600, frozen=False)
    for_ever = Trust(Height(9), timestamp=int(heard.clock.now()), period=None, frozen=True)
    heard.hear(ClientSeen(LANE.source, THERE, CLIENT, trust), ClientSeen(THERE, LANE.source, CLIENT, for_ever))

    heard.clock.advance(550)

    this, other = {"client": CLIENT}, {"source": THERE, "destination": LANE.source, "client": CLIENT}
    assert heard.of_lane("lockkeeper_client_expiry_seconds", **this) == pytest.approx(-50, abs=1)
    assert heard.of_lane("lockkeeper_client_trusted_age_seconds", **this) == pytest.approx(650, abs=1)
    assert heard.of_lane("lockkeeper_client_trusted_height", **this) == 8
    assert heard.value("lockkeeper_client_expiry_seconds", **other) is None
    assert heard.value("lockkeeper_client_frozen", **other) == 1


def test_evidence_is_counted_from_zero() -> None:
    heard = Heard()
    heard.hear(ClientSeen(LANE.source, THERE, CLIENT, Trust(Height(8), None, None, frozen=False)))
    before = heard.of_lane("lockkeeper_client_misbehaviours_submitted_total", client=CLIENT)

    heard.hear(MisbehaviourSubmitted(LANE.source, THERE, CLIENT))

    assert before == 0
    assert heard.of_lane("lockkeeper_client_misbehaviours_submitted_total", client=CLIENT) == 1


def test_an_account_shows_its_queue_and_its_oldest_transaction() -> None:
    heard = Heard()
    heard.hear(account(nonce=3, queued=2, live=(3,)))
    heard.clock.advance(40)

    heard.hear(account(nonce=3, queued=0, live=(3, 4)))

    assert heard.of_account("lockkeeper_account_nonce") == 3
    assert heard.of_account("lockkeeper_submitter_queue_length") == 0
    assert heard.of_account("lockkeeper_transactions_in_flight") == 2
    assert heard.of_account("lockkeeper_transaction_oldest_age_seconds") == 40
    heard.hear(account(nonce=5))
    assert heard.of_account("lockkeeper_transaction_oldest_age_seconds") == 0


def test_a_transaction_said_again_counts_once_and_its_replacement_counts_as_one() -> None:
    heard = Heard()
    heard.hear(account(), offered(0), offered(0), offered(0, attempt=2), offered(0, attempt=2))
    heard.hear(offered(1, purpose=Purpose.GAP))

    assert heard.of_account("lockkeeper_transactions_offered_total", purpose="delivery") == 1
    assert heard.of_account("lockkeeper_transactions_replaced_total") == 1
    assert heard.of_account("lockkeeper_nonce_gaps_filled_total") == 1


def test_the_way_of_a_transaction_to_its_end_is_timed_and_priced() -> None:
    heard = Heard()
    heard.hear(account(), offered(0))
    heard.clock.advance(4)

    heard.hear(account(nonce=1), ended(0, cost=70), ended(5))  # of number 5 this process never heard

    assert heard.of_account("lockkeeper_transaction_final_seconds_sum") == 4
    assert heard.of_account("lockkeeper_transaction_final_seconds_count") == 1
    assert heard.of_account("lockkeeper_gas_spent_wei_total", purpose="delivery") == 70


def test_only_what_is_paid_to_our_own_accounts_is_earned() -> None:
    heard = Heard()
    place = delivered(LANE, 1, 1).at
    heard.hear(account(), stands())

    heard.hear(FeesPaid(LANE, Payment.CLAIMED, OURS, Wei(70), place))
    heard.hear(FeesPaid(LANE, Payment.CLAIMED, an_address(9), Wei(30), place))

    assert heard.of_lane("lockkeeper_fees_earned_wei_total") == 70
    assert heard.of_lane("lockkeeper_fees_paid_wei_total", payment="claimed") == 100


def test_an_attester_that_has_never_signed_is_silent_since_its_start() -> None:
    heard = Heard()
    header = a_header()
    destination = an_attestation(header, 0).destination
    began = heard.clock.now()
    heard.metrics.attests(header.chain, destination)
    heard.clock.advance(9)
    labels = {"source": header.chain, "destination": destination}
    before = heard.value("lockkeeper_attested_timestamp_seconds", **labels)

    heard.metrics.attested(an_attestation(header, 0))

    assert before == began
    assert heard.value("lockkeeper_attested_timestamp_seconds", **labels) == began + 9
    assert heard.value("lockkeeper_attested_height", **labels) == header.height


def test_a_process_tells_how_soon_it_was_at_work_and_what_it_takes(tmp_path: Path) -> None:
    heard, stalled = Heard(), ["lane 1-2"]
    database = tmp_path / "lockkeeper.db"
    database.write_bytes(b"x" * 100)
    database.with_name("lockkeeper.db-wal").write_bytes(b"x" * 11)
    heard.metrics.watch({LANE.source: "harbour"}, database, lambda: stalled)
    heard.metrics.bus_connection("127.0.0.1:1883", "")
    heard.clock.advance(2)
    heard.hear(HeadReached(LANE.source, a_block(9), Height(2)))
    heard.clock.advance(1)
    heard.hear(messages_seen(LANE, 2), delivered(LANE, 1, 1))
    heard.clock.advance(5)
    heard.hear(HeadReached(LANE.source, a_block(10), Height(2)), delivered(LANE, 2, 2))

    assert heard.value("lockkeeper_start_to_read_seconds", chain=LANE.source) == 2
    assert heard.value("lockkeeper_start_to_delivery_seconds") == 3
    assert heard.value("lockkeeper_database_bytes", database="lockkeeper.db") == 111
    assert heard.value("lockkeeper_stalled") == 1
    assert heard.value("lockkeeper_chain_info", chain=LANE.source, name="harbour") == 1
    assert heard.value("lockkeeper_bus_connected", broker="127.0.0.1:1883") == 1
    heard.metrics.bus_connection("127.0.0.1:1883", "gone")
    assert heard.value("lockkeeper_bus_connected", broker="127.0.0.1:1883") == 0
    assert (heard.value("lockkeeper_process_resident_memory_bytes") or 0) > 1_000_000
    assert heard.value("lockkeeper_process_cpu_seconds_total") is not None


def an_activity(kind: ActivityKind, *, retracted: bool = False) -> Activity:
    return Activity(1, kind, THERE, None, None, None, None, None, None, 0, None, retracted)


def test_the_market_shows_how_purchases_and_listings_stand() -> None:
    served, now = ApiMetrics(), [1_000.0]
    market = MarketMetrics(served.registry, lambda: now[0])
    market.purchases(LANE.source, THERE, still_open=1, settled=2, refunded=3)
    market.oldest_open(since=990.0)
    market.listings(THERE, 4)

    now[0] = 1_010.0

    value, purchase = served.registry.get_sample_value, {"payment_chain": "31337", "item_chain": "31338"}
    counts = [value("lockkeeper_market_purchases", purchase | {"state": s}) for s in ("open", "settled", "refunded")]
    assert counts == [1, 2, 3]
    assert value("lockkeeper_market_oldest_open_purchase_age_seconds") == 20
    assert value("lockkeeper_market_listings_active", {"chain": "31338"}) == 4
    market.oldest_open(None)
    assert value("lockkeeper_market_oldest_open_purchase_age_seconds") == 0


def test_the_index_lags_since_it_last_held_the_head() -> None:
    served, now = ApiMetrics(), [1_000.0]
    market = MarketMetrics(served.registry, lambda: now[0])
    market.indexed(THERE, Height(77), Height(77), 5)
    now[0] = 1_010.0
    market.indexed(THERE, Height(80), Height(99), 2)
    now[0] = 1_030.0

    def value(name: str) -> float | None:
        return served.registry.get_sample_value(f"lockkeeper_market_{name}", {"chain": "31338"})

    assert (value("indexed_height"), value("events_indexed_total"), value("index_lag_seconds")) == (80, 7, 30)
    assert (value("reorgs_total"), value("breaker_refusals_total")) == (0, 0)
    market.indexed(THERE, Height(99), Height(99), 0)
    market.reorganised(THERE, Height(98))
    market.breaker_refused(THERE)
    assert (value("index_lag_seconds"), value("indexed_height")) == (0, 98)
    assert (value("reorgs_total"), value("breaker_refusals_total")) == (1, 1)


def test_what_happens_on_the_market_is_counted_by_kind_and_never_taken_back() -> None:
    served = ApiMetrics()
    market = MarketMetrics(served.registry, lambda: 1.0)

    market.happened([an_activity(ActivityKind.SOLD), an_activity(ActivityKind.SOLD, retracted=True)])
    market.trouble("index 31338", Transient("busy"))

    value = served.registry.get_sample_value
    assert value("lockkeeper_market_activities_total", {"chain": "31338", "kind": "sold"}) == 1
    assert value("lockkeeper_market_trouble_total", {"worker": "index 31338", "kind": "Transient"}) == 1


@PROMTOOL
def test_promtool_finds_nothing_to_mend_in_any_metric() -> None:
    heard = Heard()
    heard.hear(stands(), messages_seen(LANE, 2), delivered(LANE, 1, 1), account(), offered(0), ended(0))
    heard.hear(HeadReached(THERE, a_block(9), Height(2)))
    heard.hear(ClientSeen(LANE.source, THERE, CLIENT, Trust(Height(8), 1, 2, frozen=False)))
    heard.metrics.called(THERE, "http://a", "eth_call", "Transient", 0.1)
    heard.metrics.announced_head(THERE, "http://a", Height(1))
    heard.metrics.attests(LANE.source, THERE)
    heard.metrics.watch({THERE: "island"}, None, list)
    heard.metrics.bus_connection("a:1", "")
    served = ApiMetrics()
    market = MarketMetrics(served.registry, lambda: 1.0)
    market.purchases(THERE, THERE, still_open=0, settled=0, refunded=0)
    market.listings(THERE, 1)
    market.indexed(THERE, Height(1), Height(1), 0)
    served.answered("/v1/lanes", "GET", 200, 0.01)

    for text in (heard.metrics.text(), served.text()):
        done = subprocess.run(["promtool", "check", "metrics"], input=text, check=False, capture_output=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
