"""The BFT client's own rules, one exception a rule, named as the errors of Bft.sol are.

BftError
├── ExtraDataMalformed · MixHashMismatch                          a header of this family
├── ValidatorsEmpty · ValidatorsTooMany · ValidatorsUnsorted      its list of validators
└── ValidatorsMismatch · OverlapNotReached                        how the list follows from the trusted one
"""

from __future__ import annotations

from light_clients.errors import LightClientError, rule
from light_clients.types import Hash32


class BftError(LightClientError):
    """The validators did not finalise this."""


@rule
class ExtraDataMalformed(BftError):
    """Not the one encoding of vanity, validators, vote, round and seals that the dialect has."""

    reason: str


@rule
class MixHashMismatch(BftError):
    """Every header of this family carries the Istanbul digest as its mix hash."""


@rule
class ValidatorsEmpty(BftError):
    """The header lists nobody, as where a contract names the validators: nothing in it says who they are."""


@rule
class ValidatorsTooMany(BftError):
    """A bitmap has 256 bits."""

    count: int


@rule
class ValidatorsUnsorted(BftError):
    """Validators ascend strictly by address, so none occurs twice."""

    index: int


@rule
class ValidatorsMismatch(BftError):
    """The list is neither the trusted one nor may it follow it here."""

    given: Hash32
    expected: Hash32


@rule
class OverlapNotReached(BftError):
    """Too few of the trusted validators sealed the header that brings a new list."""

    signed: int
    needed: int
