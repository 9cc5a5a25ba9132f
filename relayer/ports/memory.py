"""What outlives the process: state and effects, what was read, what was sent, what was sworn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from light_clients.types import Address, ChainId, Hash32, Height
from relayer.domain.events import MessageSent
from relayer.domain.facts import Effect, Fact, Mark, Submit
from relayer.domain.ids import BlockRef, Lane, Nonce
from relayer.domain.lane import LaneState
from relayer.domain.rules import Failure
from relayer.domain.submission import Attempt, Submission
from relayer.domain.transactions import Receipt
from relayer.domain.views import ChainView, LaneView, MessageView


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

    async def failed(self, lane: Lane, after: Nonce, limit: int) -> Sequence[Failure]:
        """Messages after this one that have failed, and were neither retried nor sent back; by nonce."""
        ...

    async def expressed(self, lane: Lane, first: Nonce, last: Nonce) -> Collection[Nonce]:
        """Those of these messages that were executed ahead of their turn."""
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

    async def brought_by(self, transaction: Hash32) -> Sequence[MessageView]:
        """Those that a transaction on their destination has delivered, expressed, retried or bounced; newest first."""
        ...

    async def of_account(self, account: Address, limit: int = 50) -> Sequence[MessageView]:
        """Newest first: those that an account sent or receives, or that name it in their payload, as assets do.

        Looked for among recent messages only.
        """
        ...

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
