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
from relayer.domain.events import GatewayEvent
from relayer.domain.ids import BlockRef, Gas, Lane, Nonce, Seconds, Wei


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

    async def delivered(self, lane: Lane) -> tuple[Hash32, Nonce]:
        """On the lane's destination: accumulator and nonce of what was delivered, at the latest block."""
        ...


class Headers(Protocol):
    """Verified headers of one source chain, in the form that one destination's light client takes."""

    async def newest(self, at_least: Height) -> HeaderUpdate:
        """Wait until a final header at or above this height is proven, and return the newest such.

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


NO_VALUE = Wei(0)


@dataclass(frozen=True, slots=True)
class Call:
    """A contract call, before it is priced and signed."""

    to: Address
    data: bytes
    gas_limit: Gas
    value: Wei = NO_VALUE


@dataclass(frozen=True, slots=True)
class Fees:
    """EIP-1559 prices for the next block."""

    base_fee: Wei
    priority_fee: Wei


@dataclass(frozen=True, slots=True)
class MaxFees:
    """What a transaction is ready to pay for each unit of gas."""

    max_fee: Wei
    max_priority_fee: Wei


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction."""

    transaction: Hash32
    block: BlockRef
    succeeded: bool
    gas_used: Gas


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """A transaction as it goes to the chain, and the name it will have there."""

    raw: bytes
    hash: Hash32


class GatewayCalls(Protocol):
    """The calls of one chain's gateway, encoded."""

    def deliver(self, delivery: Delivery, gas_limit: Gas) -> Call: ...


class Transactions(Protocol):
    """Writing to one chain."""

    async def sign(self, signer: Signer, call: Call, nonce: int, fees: MaxFees) -> SignedTransaction:
        """An EIP-1559 transaction of the signer's account for this chain; nothing leaves yet."""
        ...

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
    """The final headers of one chain, for who must vouch for them."""

    async def final_header(self) -> TrustedHeader:
        """The newest final header, hashed here, on which more than half of ALL configured endpoints agree.

        Raises `Transient` while they do not, `Misbehaviour` never: who disagrees may merely be behind.
        """
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
