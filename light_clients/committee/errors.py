"""The committee client's own rules, one exception a rule, named as the errors of CommitteeLightClient.sol are.

CommitteeError
├── UpdateMalformed · BitmapOutOfRange                       the bytes
├── CommitteeEmpty · CommitteeTooLarge                       a committee
│   MembersUnsorted · MemberZero · WeightZero
├── CommitteeMismatch · QuorumNotReached                     who stands behind it
│   SignatureInvalid · SignerMismatch
├── SignerUnknown · EpochMismatch                            one attestation, before it joins an update
└── EvidenceInvalid                                          misbehaviour
"""

from __future__ import annotations

from light_clients.errors import LightClientError, rule
from light_clients.types import Address, Hash32


class CommitteeError(LightClientError):
    """The committee did not say this."""


@rule
class UpdateMalformed(CommitteeError):
    """Not exactly as long as its counts say."""

    length: int
    expected: int


@rule
class BitmapOutOfRange(CommitteeError):
    """A bit is set that no member stands for."""

    bitmap: int
    members: int


@rule
class CommitteeEmpty(CommitteeError):
    """A committee has at least one member."""


@rule
class CommitteeTooLarge(CommitteeError):
    """A committee has at most 256 members."""

    members: int


@rule
class MembersUnsorted(CommitteeError):
    """Members ascend strictly by address, so none occurs twice."""

    index: int


@rule
class MemberZero(CommitteeError):
    """The zero address signs nothing; failed recoveries yield it."""

    index: int


@rule
class WeightZero(CommitteeError):
    """Every member counts for something."""

    index: int


@rule
class CommitteeMismatch(CommitteeError):
    """The committee given is not the one registered."""

    given: Hash32
    expected: Hash32


@rule
class QuorumNotReached(CommitteeError):
    """Signers must weigh more than two thirds of the committee."""

    signed: int
    needed: int


@rule
class SignatureInvalid(CommitteeError):
    """No signature in canonical form where the member's should be."""

    index: int
    """Of the member."""


@rule
class SignerMismatch(CommitteeError):
    """Somebody else signed, or the member signed something else."""

    index: int
    """Of the member."""
    recovered: Address
    expected: Address


@rule
class SignerUnknown(CommitteeError):
    """The attester is no member."""

    attester: Address


@rule
class EpochMismatch(CommitteeError):
    """Signed for another epoch's committee."""

    given: int
    expected: int


@rule
class EvidenceInvalid(CommitteeError):
    """Two updates of one height that say different things are evidence; these are not."""

    reason: str
