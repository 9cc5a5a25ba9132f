"""The rules of receipt proofs, one exception a rule, named as the Solidity errors are."""

from __future__ import annotations

from light_clients.errors import ProofError, rule
from light_clients.types import Address, Hash32


@rule
class ReceiptProofMalformed(ProofError):
    """The proof does not begin with 0x00, the place of a log and the canonical number of a transaction."""

    reason: str


@rule
class ReceiptWithoutStatus(ProofError):
    """The receipt is from before Byzantium: a state root stands where the status should."""


@rule
class ReceiptFailed(ProofError):
    """The receipt is of a transaction that failed, which has no logs."""


@rule
class LogIndexOutOfRange(ProofError):
    """The receipt has fewer logs."""

    index: int
    count: int


@rule
class LogEmitterMismatch(ProofError):
    """Another contract emitted the log."""

    emitter: Address
    expected: Address


@rule
class LogTopicMismatch(ProofError):
    """The log is of another event (topic 0) or about something else (topic 1); a missing topic shows as zero."""

    index: int
    topic: Hash32
    expected: Hash32


@rule
class LogDataTooShort(ProofError):
    """The log's data has not even one word."""

    length: int
