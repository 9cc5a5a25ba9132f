"""What the relayer's accounts have before them, and what they spend."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from light_clients.types import Address, ChainId
from relayer.adapters.metrics.measures import ACCOUNT, SECONDS
from relayer.domain.facts import Ending, Fact
from relayer.domain.ids import Wei
from relayer.domain.notices import AccountSeen, Purpose, TransactionEnded, TransactionOffered
from relayer.ports import Clock

Account = tuple[ChainId, Address]


@dataclass(slots=True)
class _Offered:
    since: float
    attempt: int


class AccountMetrics:
    """Hears of submitters. A transaction's age counts from when this process first knew of it."""

    def __init__(self, registry: CollectorRegistry, clock: Clock) -> None:
        self._clock = clock
        self._live: dict[Account, dict[int, float]] = {}
        self._pending: dict[Account, dict[int, _Offered]] = {}
        self._balance = Gauge(
            "lockkeeper_wallet_balance_wei", "Balance of the relayer's account", ACCOUNT, registry=registry
        )
        self._nonce = Gauge(
            "lockkeeper_account_nonce", "Transactions of the account that are mined", ACCOUNT, registry=registry
        )
        self._queue = Gauge(
            "lockkeeper_submitter_queue_length", "Deliveries and errands not signed yet", ACCOUNT, registry=registry
        )
        self._in_flight = Gauge(
            "lockkeeper_transactions_in_flight", "Transactions that are not mined", ACCOUNT, registry=registry
        )
        self._oldest = Gauge(
            "lockkeeper_transaction_oldest_age_seconds", "Age of the oldest of them", ACCOUNT, registry=registry
        )
        self._count(registry)

    def _count(self, registry: CollectorRegistry) -> None:
        self._offered = Counter(
            "lockkeeper_transactions_offered",
            "Account nonces used, by what for",
            [*ACCOUNT, "purpose"],
            registry=registry,
        )
        self._replaced = Counter(
            "lockkeeper_transactions_replaced", "Transactions sent again for a higher fee", ACCOUNT, registry=registry
        )
        self._gaps = Counter(
            "lockkeeper_nonce_gaps_filled", "Account nonces filled with nothing", ACCOUNT, registry=registry
        )
        self._ended = Counter(
            "lockkeeper_transactions_ended", "Account nonces by how they ended", [*ACCOUNT, "ending"], registry=registry
        )
        self._spent = Counter(
            "lockkeeper_gas_spent_wei", "Paid for gas, by what for", [*ACCOUNT, "purpose"], registry=registry
        )
        self._until_final = Histogram(
            "lockkeeper_transaction_final_seconds",
            "From the first offer of a transaction to its end",
            ACCOUNT,
            buckets=SECONDS,
            registry=registry,
        )

    def refresh(self) -> None:
        """Ages grow without anything happening."""
        now = self._clock.monotonic()
        for account, live in self._live.items():
            self._oldest.labels(*account).set(now - min(live.values(), default=now))

    def balance(self, chain: ChainId, account: str, wei: Wei) -> None:
        self._balance.labels(chain, account).set(wei)

    def heard(self, fact: Fact) -> None:
        match fact:
            case AccountSeen():
                self._show(fact)
            case TransactionOffered():
                self._saw_offer(fact)
            case TransactionEnded():
                self._saw_end(fact)
            case _:
                pass

    def _show(self, fact: AccountSeen) -> None:
        labels = fact.chain, fact.account
        if labels not in self._live:
            self._introduce(labels)
        now, before = self._clock.monotonic(), self._live.get(labels, {})
        self._live[labels] = {nonce: before.get(nonce, now) for nonce in fact.live}
        self._nonce.labels(*labels).set(fact.nonce)
        self._queue.labels(*labels).set(fact.queued)
        self._in_flight.labels(*labels).set(len(fact.live))

    def _saw_offer(self, fact: TransactionOffered) -> None:
        labels = fact.chain, fact.account
        pending = self._pending.setdefault(labels, {})
        before = pending.get(fact.nonce)
        if before is None:
            pending[fact.nonce] = _Offered(self._clock.monotonic(), fact.attempt)
            self._offered.labels(*labels, fact.purpose.value).inc()
            self._gaps.labels(*labels).inc(fact.purpose is Purpose.GAP)
        elif fact.attempt > before.attempt:
            before.attempt = fact.attempt
            self._replaced.labels(*labels).inc()

    def _introduce(self, labels: Account) -> None:
        for purpose in Purpose:
            self._offered.labels(*labels, purpose.value)
            self._spent.labels(*labels, purpose.value)
        for ending in Ending:
            self._ended.labels(*labels, ending.value)
        for figure in (self._replaced, self._gaps, self._until_final):
            figure.labels(*labels)

    def _saw_end(self, fact: TransactionEnded) -> None:
        labels = fact.chain, fact.account
        self._ended.labels(*labels, fact.ending).inc()
        self._spent.labels(*labels, fact.purpose.value).inc(fact.cost)
        offered = self._pending.get(labels, {}).pop(fact.nonce, None)
        if offered is not None:
            self._until_final.labels(*labels).observe(self._clock.monotonic() - offered.since)
