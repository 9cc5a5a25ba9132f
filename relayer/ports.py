"""What the pipeline needs of the world, each port described by its guarantees.

Nothing inherits from a port: an adapter is whatever keeps the promises. `tests/port_suites` holds each adapter, and
the fake that stands in for it, to them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader
from relayer.domain.delivery import Delivery
from relayer.domain.errors import RelayerError
from relayer.domain.events import GatewayEvent, MessageSent
from relayer.domain.facts import Effect, Fact, Mark, Submit
from relayer.domain.ids import BlockRef, Gas, Lane, Nonce, Seconds, Wei
from relayer.domain.lane import LaneState
from relayer.domain.submission import Attempt, Submission
from relayer.domain.transactions import NO_VALUE, Call, Fees, Price, Receipt, Transaction
from relayer.domain.views import ChainView, LaneView, MessageView

__all__ = [
    "NO_VALUE",
    "Bus",
    "Call",
    "Chain",
    "Change",
    "Clock",
    "Fees",
    "FinalHeaders",
    "Finality",
    "Gateway",
    "HeaderUpdate",
    "Headers",
    "History",
    "Journal",
    "Listener",
    "Price",
    "Receipt",
    "Signature",
    "Signer",
    "Submissions",
    "Transaction",
    "TransactionCodec",
    "Transactions",
    "Views",
    "Vows",
]


class Finality(StrEnum):
    """How a chain says what it will not take back; the configuration chooses."""

    LATEST = "latest"
    """Instant finality (BFT chains, local development chains)."""
    FINALIZED = "finalized"
    """The node's `finalized` tag. Only an estimate for scheduling: the light client decides."""
    CONFIRMATIONS = "confirmations"
    """A fixed depth."""


class Chain(Protocol):
    """One chain, read through endpoints that may be down, behind, or lying.

    Every method raises `Transient` when no endpoint answers in time, and never returns data that contradicts what it
    has itself checked: headers hash to their hash, proofs verify against the state root they are asked for.
    """

    @property
    def id(self) -> ChainId: ...

    def heads(self) -> AsyncIterator[BlockRef]:
        """The head, each time it changes: at least once, numbers may be skipped, and a reorg may go back."""
        ...

    async def block(self, number: Height) -> BlockRef | None:
        """The canonical block of that number as the endpoints see it now, None beyond the head."""
        ...

    async def final_height(self) -> Height:
        """The newest height that the configured finality rule calls final."""
        ...

    async def events(self, first: Height, last: Height) -> Sequence[GatewayEvent]:
        """Everything the gateway emitted in these blocks, in order.

        Endpoints may omit logs silently: the watcher checks completeness against the accumulators.
        """
        ...

    async def lane_proof(self, lane: Lane, header: TrustedHeader) -> bytes:
        """The proof of the lane's accumulator slot under the header's state root, verified, as `deliver` takes it.

        Raises `Transient` when no endpoint can produce one that verifies (pruned state, lies).
        """
        ...

    async def sent(self, lane: Lane, at: Height | None = None) -> tuple[Hash32, Nonce]:
        """On the lane's source (`outbound`): accumulator and nonce of the newest message, at that block.

        None: at the latest. Raises `Transient` when the block's state cannot be read. A lane that never sent: zeros.
        """
        ...

    async def delivered(self, lane: Lane, at: Height | None = None) -> tuple[Hash32, Nonce]:
        """On the lane's destination (`inbound`): accumulator and nonce of what was delivered, at that block.

        None: at the latest.
        """
        ...


class Headers(Protocol):
    """Verified headers of one source chain, in the form that one destination's light client takes."""

    async def newest(self, at_least: Height, at_most: Height | None = None) -> HeaderUpdate:
        """Wait until a final header at or above this height is proven, and return the newest such.

        `at_most` is asked for only while a long backlog is worked off, when the newest header proves more messages
        than one transaction has room for; any header between the two heights will do then.
        The update was verified here by the Python light client with the contract's own rules.
        """
        ...


@dataclass(frozen=True, slots=True)
class HeaderUpdate:
    """A verified header, and the bytes that make the destination's light client trust it too."""

    header: TrustedHeader
    update: bytes
    """Input of `ILightClient.update`; empty when the destination holds the header already."""
    signed: int
    """How many attestations or seals stand behind it."""


class Transactions(Protocol):
    """Writing to one chain."""

    async def account_nonce(self, account: Address) -> int:
        """How many transactions of the account are mined."""
        ...

    async def fees(self) -> Fees: ...

    async def estimate(self, sender: Address, call: Call) -> Gas:
        """Gas the call takes on the pending state; raises `Reverted` with the decoded error when it would fail."""
        ...

    async def broadcast(self, raw: bytes) -> Hash32:
        """Hand a signed transaction to the chain; repeating it is harmless.

        Raises the typed errors of `relayer.domain.errors`: `NonceTooLow`, `Underpriced`, `InsufficientFunds`,
        `Transient`.
        """
        ...

    async def receipt(self, transaction: Hash32) -> Receipt | None:
        """None while it is not mined (or has been reorganised away)."""
        ...

    async def balance(self, account: Address) -> Wei: ...


class FinalHeaders(Protocol):
    """The final headers of one chain, for who must vouch for them.

    Each is hashed here, and more than half of ALL configured endpoints agree on it. Raises `Transient` while they do
    not: who disagrees may merely be behind.
    """

    async def final_header(self, above: Height) -> TrustedHeader:
        """Wait for a final header above this height; the newest there is."""
        ...

    async def final_header_at(self, height: Height) -> TrustedHeader:
        """The header of this height, once it is final."""
        ...


@dataclass(frozen=True, slots=True)
class Signature:
    """A recoverable secp256k1 signature with low s."""

    r: int
    s: int
    y_parity: int


class Signer(Protocol):
    """Holds one secp256k1 key and never shows it."""

    @property
    def address(self) -> Address: ...

    async def sign(self, digest: Hash32) -> Signature: ...


class Bus(Protocol):
    """A notification path: at least once, no history, publishers untrusted. Losing it never stops relaying."""

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Queue for sending; never blocks and never raises while the broker is away (oldest are dropped)."""
        ...

    def subscribe(self, pattern: str) -> AbstractAsyncContextManager[AsyncIterator[tuple[str, bytes]]]: ...


class Clock(Protocol):
    """Time, so that tests own it."""

    def now(self) -> Seconds:
        """Unix time."""
        ...

    def monotonic(self) -> Seconds: ...

    async def sleep(self, seconds: Seconds) -> None: ...


class TransactionCodec(Protocol):
    """The wire format of transactions (EIP-2718 type 2). A module with these functions will do."""

    def encode_unsigned(self, transaction: Transaction) -> bytes:
        """The bytes whose keccak-256 is signed."""
        ...

    def encode_signed(self, transaction: Transaction, signature: Signature) -> bytes:
        """The bytes that are broadcast; their keccak-256 is the transaction's hash."""
        ...


class Gateway(Protocol):
    """The calls a gateway takes. A module with these functions will do."""

    def encode_delivery(self, delivery: Delivery) -> bytes:
        """Calldata of `deliver(delivery)`."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit makes true: facts, the lanes they moved, the effects they call for."""

    facts: Sequence[Fact]
    lanes: Sequence[LaneState]
    effects: Sequence[Effect]


class Journal(Protocol):
    """The daemon's memory: what it knew when it was killed is what it knows when it starts."""

    async def lanes(self) -> Sequence[LaneState]: ...

    async def blocks(self, chain: ChainId) -> Sequence[BlockRef]:
        """Blocks up to which the chain has been read, newest first: enough of them to find where a reorg forked."""
        ...

    async def commit(self, change: Change) -> None:
        """All of it or nothing. Keeps messages and deliveries as the facts tell them, and every `Submit`."""
        ...


class History(Protocol):
    """The messages and deliveries that the journal's facts told of."""

    async def messages(self, lane: Lane, first: Nonce, limit: int) -> Sequence[MessageSent]:
        """Consecutive messages from `first` on, as many as there are up to `limit`."""
        ...

    async def leaves(self, lane: Lane, first: Nonce, last: Nonce) -> Sequence[Hash32]: ...

    async def sent_at(self, lane: Lane, height: Height) -> Mark:
        """The newest message in a block of the source at or below this height."""
        ...

    async def delivered_at(self, lane: Lane, height: Height) -> Mark:
        """The newest delivery in a block of the destination at or below this height."""
        ...

    async def mark(self, lane: Lane, nonce: Nonce) -> Mark | None:
        """The message of this nonce, and the history up to it; None while it has not been seen."""
        ...


class Submissions(Protocol):
    """What one account has to submit, has submitted, and has seen through."""

    async def waiting(self, chain: ChainId) -> Sequence[Submit]:
        """Effects that no transaction was stored for yet, oldest first."""
        ...

    async def live(self, chain: ChainId, account: Address) -> Sequence[Submission]:
        """Transactions that have not ended, by account nonce."""
        ...

    async def reserve(self, submission: Submission) -> None:
        """Store a signed transaction and take its effect out of the outbox, in one step.

        Two live transactions of an account never share a nonce.
        """
        ...

    async def attempt(self, submission: Submission, attempt: Attempt) -> None:
        """Store one more signed transaction for the same nonce."""
        ...

    async def mined(self, submission: Submission, receipt: Receipt | None) -> None:
        """Note the receipt, or that a reorg has taken it back."""
        ...

    async def ended(self, submission: Submission) -> None:
        """For a submission without a batch (a gap filled); batches end with their fact `BatchEnded`."""
        ...


class Views(Protocol):
    """Answers to people who ask."""

    async def chains(self) -> Sequence[ChainView]: ...

    async def lanes(self) -> Sequence[LaneView]: ...

    async def message(self, id: Hash32) -> MessageView | None:  # noqa: A002 the word is the domain's
        ...

    async def messages_of(self, source_transaction: Hash32) -> Sequence[MessageView]: ...

    async def newest(
        self, lane: Lane | None = None, before: Nonce | None = None, limit: int = 50
    ) -> Sequence[MessageView]:
        """Newest first; with a lane, only those before the nonce (a page)."""
        ...


class Vows(Protocol):
    """The attester's memory of what it has signed."""

    async def vow(  # noqa: PLR0917 the place of a promise, then the promise
        self, source: ChainId, destination: ChainId, client: Address, epoch: int, height: Height, digest: Hash32
    ) -> bool:
        """Promise to sign no other digest for this height; False when another was promised before.

        Durable when it returns, even against a power failure.
        """
        ...


class Listener(Protocol):
    """Is told what has happened, after it was committed. Must neither block nor raise."""

    def heard(self, fact: Fact, lane: LaneState | None) -> None:
        """A fact, and the lane as it is now (None: a fact about a chain). Repeats are not told."""
        ...

    def trouble(self, worker: str, error: RelayerError) -> None:
        """A worker met trouble and will try again (`Transient`, `Rejected`), or has stopped (`Misbehaviour`)."""
        ...
