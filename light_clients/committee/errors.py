"""The committee client's own rules, one exception a rule, named as the errors of CommitteeLightClient.sol are.

CommitteeError
├── CommitteeEmpty · CommitteeTooLarge                       a committee
│   MembersUnsorted · MemberZero · WeightZero
├── CommitteeMismatch                                        who stands behind it
└── SignerUnknown · EpochMismatch                            one attestation, before it joins an update
"""

from __future__ import annotations

from light_clients.errors import LightClientError, rule
from light_clients.types import Address, Hash32


class CommitteeError(LightClientError):
    """The committee did not say this."""


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
class SignerUnknown(CommitteeError):
    """The attester is no member."""

    attester: Address


@rule
class EpochMismatch(CommitteeError):
    """Signed for another epoch's committee."""

    given: int
    expected: int
