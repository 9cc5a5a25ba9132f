"""The sync-committee client's own rules, one exception a rule, named as the errors of SyncCommittee.sol are.

SyncCommitteeError
├── ForkUnknown · SlotsUnordered                              when
├── CommitteeUnknown · CommitteeMismatch · KeysProofInvalid   who signed
├── FinalityBranchInvalid · ExecutionBranchInvalid            what is final
├── NextCommitteeBranchInvalid · HandoverMisplaced            who signs next
├── BootstrapMismatch · CurrentCommitteeBranchInvalid         where trust begins
│   AggregateMismatch · CommitteeSizeMismatch
└── BeaconJsonMalformed                                       what a beacon node said
"""

from __future__ import annotations

from light_clients.errors import LightClientError, rule
from light_clients.types import Hash32


class SyncCommitteeError(LightClientError):
    """The beacon chain did not say this."""


@rule
class ForkUnknown(SyncCommitteeError):
    """The epoch lies before the first fork of the table."""

    epoch: int


@rule
class SlotsUnordered(SyncCommitteeError):
    """The signature comes after the attested header, and that not before the finalized one."""

    signature: int
    attested: int
    finalized: int


@rule
class CommitteeUnknown(SyncCommitteeError):
    """No committee is trusted for the period of the signature."""

    period: int


@rule
class CommitteeMismatch(SyncCommitteeError):
    """The committee given is not the one trusted for its period."""

    given: Hash32
    expected: Hash32


@rule
class KeysProofInvalid(SyncCommitteeError):
    """The keys of those who did not sign are not the committee's."""


@rule
class FinalityBranchInvalid(SyncCommitteeError):
    """The attested state does not hold the finalized header as its finalized checkpoint."""


@rule
class ExecutionBranchInvalid(SyncCommitteeError):
    """The finalized block does not hold the hash of the execution header."""


@rule
class NextCommitteeBranchInvalid(SyncCommitteeError):
    """The attested state does not hold the committee as its next."""


@rule
class HandoverMisplaced(SyncCommitteeError):
    """Finalized and attested header lie in two periods: the next committee of the attested one is not final yet."""

    finalized: int
    attested: int


@rule
class BootstrapMismatch(SyncCommitteeError):
    """The header is not the trusted block."""

    given: Hash32
    expected: Hash32


@rule
class CurrentCommitteeBranchInvalid(SyncCommitteeError):
    """The trusted state does not hold the committee as its current one."""


@rule
class AggregateMismatch(SyncCommitteeError):
    """The aggregate is not the sum of the keys."""


@rule
class CommitteeSizeMismatch(SyncCommitteeError):
    """A committee has exactly as many keys as the preset says."""

    given: int
    expected: int


@rule
class BeaconJsonMalformed(SyncCommitteeError):
    """Not what the beacon API promises."""

    field: str
    reason: str
