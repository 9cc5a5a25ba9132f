"""The rules every light client shares, one exception a rule, named as the Solidity errors are.

LightClientError
├── RlpError        RlpTruncated · RlpNonCanonical · RlpUnexpectedKind · RlpTrailingBytes
├── ProofError      TrieRootEmpty · TrieNodeHashMismatch · TrieNodeMalformed · TrieKeyAbsent · ProofTrailingBytes
│                   AccountMalformed · SlotValueMalformed · SlotAbsent · ReceiptMalformed
├── HeaderError     HeaderMalformed · HeaderHashMismatch · HeaderIncomplete · HeaderTooOld · HeaderUnknown
│                   ClientFrozen
├── UpdateError     UpdateMalformed · BitmapOutOfRange · QuorumNotReached · SignatureInvalid · SignerMismatch
│                   TrustExpired · HeaderFromFuture · EvidenceInvalid
└── SignatureMalformed · PointInvalid

The errors of one client stand in its own package.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar, dataclass_transform

from light_clients.types import Address, Hash32, Height


class LightClientError(Exception):
    """Something was not proven. The class names the rule, the fields say by how much."""

    def __str__(self) -> str:
        values = (f"{field.name}={getattr(self, field.name)}" for field in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(values)})"


Error = TypeVar("Error", bound=LightClientError)


@dataclass_transform(eq_default=False)
def rule(error: type[Error]) -> type[Error]:
    """Makes an error of its fields; equality stays identity, because exceptions are hashed by it."""
    return dataclass(eq=False)(error)


class RlpError(LightClientError):
    """Not the one canonical RLP encoding of anything."""


@rule
class RlpTruncated(RlpError):
    """The item at this offset runs past the end of what holds it."""

    offset: int


@rule
class RlpNonCanonical(RlpError):
    """The item at this offset has a shorter encoding, and only the shortest one counts."""

    offset: int


@rule
class RlpUnexpectedKind(RlpError):
    """A list where a string belongs, or a string where a list does."""

    offset: int


@rule
class RlpTrailingBytes(RlpError):
    """Bytes follow the item."""

    count: int


class ProofError(LightClientError):
    """The bytes do not prove it."""


@rule
class TrieRootEmpty(ProofError):
    """The root is zero or that of the empty trie: nothing can be proven against it."""

    root: Hash32


@rule
class TrieNodeHashMismatch(ProofError):
    """The next node is not the one that its parent (or the root) names."""

    expected: Hash32
    actual: Hash32


@rule
class TrieNodeMalformed(ProofError):
    """A list that is neither a branch nor a leaf nor an extension."""

    reason: str


@rule
class TrieKeyAbsent(ProofError):
    """The trie provably holds no such key."""

    key: bytes

    def __str__(self) -> str:
        return f"TrieKeyAbsent(key=0x{self.key.hex()})"


@rule
class ProofTrailingBytes(ProofError):
    """Nodes or bytes follow the node that answers the question."""

    count: int


@rule
class AccountMalformed(ProofError):
    """The value is not the canonical [nonce, balance, storage root, code hash]."""

    reason: str


@rule
class SlotValueMalformed(ProofError):
    """The value is not the canonical RLP string of 1 to 32 bytes without leading zero."""

    reason: str


@rule
class SlotAbsent(ProofError):
    """The slot was never written, or is zero."""

    slot: Hash32


@rule
class ReceiptMalformed(ProofError):
    """The value is not a receipt of a known transaction type."""

    reason: str


class HeaderError(LightClientError):
    """The header cannot be trusted."""


@rule
class HeaderMalformed(HeaderError):
    """A field is missing, of the wrong kind, or out of range."""

    field: str
    reason: str


@rule
class HeaderHashMismatch(HeaderError):
    """The header does not hash to the hash it was announced with."""

    computed: Hash32
    announced: Hash32


@rule
class HeaderIncomplete(HeaderError):
    """A root, hash, height or time is zero."""


@rule
class HeaderTooOld(HeaderError):
    """A newer header holds its place in the ring."""

    height: Height
    held: Height


@rule
class HeaderUnknown(HeaderError):
    """No header of this height is held."""

    height: Height


@rule
class ClientFrozen(HeaderError):
    """Two headers of one height both verified: the client serves nothing any more."""


@rule
class SignatureMalformed(LightClientError):
    """No signature in its one form: 64 bytes, r and s in range, s low, and some key behind it."""

    reason: str


@rule
class PointInvalid(LightClientError):
    """No canonical encoding of a point of the curve other than infinity."""

    reason: str


class UpdateError(LightClientError):
    """The update or evidence does not show what it must."""


@rule
class UpdateMalformed(UpdateError):
    """Not exactly as long as its counts say."""

    length: int
    expected: int


@rule
class BitmapOutOfRange(UpdateError):
    """A bit is set that no member stands for."""

    bitmap: int
    members: int


@rule
class QuorumNotReached(UpdateError):
    """Signers must weigh more than two thirds of the committee."""

    signed: int
    needed: int


@rule
class SignatureInvalid(UpdateError):
    """No signature in canonical form where the member's should be."""

    index: int
    """Of the member."""


@rule
class SignerMismatch(UpdateError):
    """Somebody else signed, or the member signed something else."""

    index: int
    """Of the member."""
    recovered: Address
    expected: Address


@rule
class TrustExpired(UpdateError):
    """The newest trusted header is older than the trusting period: who signed then may answer for nothing now."""

    trusted: int
    """Unix seconds."""
    now: int


@rule
class HeaderFromFuture(UpdateError):
    """The header's time lies further ahead than clocks may differ."""

    timestamp: int
    now: int


@rule
class EvidenceInvalid(UpdateError):
    """Two updates of one height that say different things are evidence; these are not."""

    reason: str
