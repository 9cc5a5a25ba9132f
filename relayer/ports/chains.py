"""Chains: read, proven, and written to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader
from relayer.domain.delivery import Delivery
from relayer.domain.events import GatewayEvent
from relayer.domain.ids import BlockRef, Gas, Lane, Nonce, Wei
from relayer.domain.message import Message
from relayer.domain.transactions import Call, Fees, Receipt, Transaction
from relayer.ports.surroundings import Signature


class Finality(StrEnum):
    """How a chain says what it will not take back; the configuration chooses."""

    LATEST = "latest"
    """Instant finality (BFT chains, local development chains)."""
    FINALIZED = "finalized"
    """The node's `finalized` tag. Only an estimate for scheduling: the light client decides."""
    CONFIRMATIONS = "confirmations"
    """A fixed depth."""


class Proofs(StrEnum):
    """By what a lane's accumulator is proven to its destination; the configuration of the source chooses."""

    STORAGE = "storage"
    """The gateway's storage slot, under the state root. By receipts where no endpoint has that state any more."""
    RECEIPTS = "receipts"
    """What the gateway logged, under the receipts root of that very block."""


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

    async def receipt_proof(self, lane: Lane, header: TrustedHeader) -> bytes:
        """The proof of the lane's newest message in this block, under its receipts root, as `deliver` takes it.

        Raises `Transient` when no endpoint can produce one that verifies, or the block holds no message of the lane.
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
        than one transaction has room for; any header between the two heights will do then. Receipt proofs ask for
        exactly one height: the block that holds the message.
        The update was verified here by the Python light client with the contract's own rules.
        """
        ...

    async def overdue(self) -> HeaderUpdate:
        """Wait until the light client needs an update that no message may bring; it, verified here.

        A committee that hands over, an epoch that lists new signers, trust that would run out.
        """
        ...

    @property
    def client(self) -> Address:
        """The light client on the destination."""
        ...

    async def misbehaviour(self) -> Evidence | Conflict:
        """Wait until the source has been caught contradicting itself; what shows it was verified here."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a chain has finalised two headers of one height."""

    what: str
    """For people."""
    proof: bytes
    """Input of `ILightClient.submitMisbehaviour`."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """That a light client holds another header than its source shows, and believes this one just as well."""

    what: str
    """For people."""
    update: bytes
    """Input of `ILightClient.update`."""


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

    def encode_retry(self, source: ChainId, nonce: Nonce, message: Message) -> bytes:
        """Calldata of `retry(source, nonce, message)`."""
        ...

    def encode_bounce(self, source: ChainId, nonce: Nonce, message: Message) -> bytes:
        """Calldata of `bounce(source, nonce, message)`."""
        ...

    def encode_claim(self, destination: ChainId, relayer: Address, height: Height, proof: bytes) -> bytes:
        """Calldata of `claim(destination, relayer, height, proof)`."""
        ...


class LightClients(Protocol):
    """The calls a light client takes. A module with these functions will do."""

    def encode_update(self, update: bytes) -> bytes:
        """Calldata of `update(update)`."""
        ...

    def encode_misbehaviour(self, evidence: bytes) -> bytes:
        """Calldata of `submitMisbehaviour(evidence)`."""
        ...
