"""The quorum client's own rules, one exception a rule, named as the errors of QuorumLightClient.sol are.

QuorumError
├── ThresholdTooLow · ThresholdTooHigh · ClientsTooMany       how many must agree, of how many
├── ClientSourceMismatch · ClientRepeated                     who they are
└── AgreementNotReached                                       what they say
"""

from __future__ import annotations

from light_clients.errors import LightClientError, rule
from light_clients.types import ChainId


class QuorumError(LightClientError):
    """The members do not say this together."""


@rule
class ThresholdTooLow(QuorumError):
    """Half of the members could be outvoted by the other half."""

    threshold: int
    clients: int


@rule
class ThresholdTooHigh(QuorumError):
    """More members must agree than there are."""

    threshold: int
    clients: int


@rule
class ClientsTooMany(QuorumError):
    """At most 16 members."""

    clients: int


@rule
class ClientSourceMismatch(QuorumError):
    """The member follows another chain."""

    index: int
    given: ChainId
    expected: ChainId


@rule
class ClientRepeated(QuorumError):
    """The member stands in the list already."""

    index: int


@rule
class AgreementNotReached(QuorumError):
    """Too few members that are not frozen hold the same roots and time for this height."""

    agreeing: int
    needed: int
